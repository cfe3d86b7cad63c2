// From a quote to what a shop shows and charges.
import * as decimal from './decimal';
import { decimals } from './currency';
import type { Basket, Terms } from './basket';
import type { Outcome, Quote, QuoteCharge, Sum } from './quote';

export type State = 'quoted' | 'stale' | 'offline' | 'unavailable' | 'none_due_here';
export type Policy = 'open' | 'last-known' | 'closed';
export type ChargeClass = 'duty' | 'tax' | 'fee';

/** A row to show and charge, in the currency of the checkout. */
export interface Charge {
  key: string;
  name: string;
  kind: string;
  class: ChargeClass;
  amount: string;
  collected_by: 'seller' | 'border';
  /** The part of each line; the parts add up to `amount`. */
  per_line: Record<string, string>;
}

/** From least to most; without `most` no upper limit is known. */
export interface Bounds {
  least: string;
  most?: string;
}

/** A question that the shop must answer for an exact amount, the most useful first. */
export interface Missing {
  fact: string;
  item?: number;
  line?: string;
  question: string;
  /** By how much knowing it narrows the range, in `narrows_currency`; absent where it leaves the range open at the top. */
  narrows_by?: string;
  narrows_currency: string;
}

/** A field that the engine refused. */
export interface Problem {
  field: string;
  value: string;
  message: string;
}

export interface Answer {
  state: State;
  /** As asked. */
  terms: Terms | null;
  outcome?: Outcome;
  /** Whether the shop may sell duty-paid: only where it can say the sum. */
  may_sell_ddp: boolean;
  /** Whether it may sell with duty unpaid. */
  may_sell_dap: boolean;
  /** Under which terms an order with the asked terms may go on now; `dap` in place of `ddp` only with a notice to the buyer. */
  proceed: Terms | 'refuse' | 'none';
  charges: Charge[];
  /** What is charged at checkout under the asked terms; absent where it is not exact. */
  total?: string;
  /** The same from least to most, where it is a range. */
  bounds?: Bounds;
  /** What the buyer still pays on delivery; absent where nothing is known. */
  on_delivery?: Bounds;
  currency: string;
  missing: Missing[];
  messages: string[];
  warnings: string[];
  assumptions: string[];
  editions: unknown[];
  ratebook?: string;
  date?: string;
  asked_at: string;
  fingerprint: string;
  data_age_days?: number;
  /** Name of the engine that answered. */
  engine?: string;
  why?: string;
  problems?: Problem[];
  quote?: Quote;
  /** What was asked, as it was. */
  basket: Basket;
}

/** Where a quote came from. */
export interface Origin {
  state: 'quoted' | 'stale' | 'offline';
  asked_at: string;
  fingerprint: string;
  engine: string;
  data_age_days?: number;
  why?: string;
}

/** The answer of a quote, for this basket with its own ids of lines. */
export function answerOf(quote: Quote, basket: Basket, origin: Origin, policy: Policy): Answer {
  const terms = basket.terms as Terms;
  const currency = quote.asked_currency;
  const relied = quote.outcome === 'amount' || quote.outcome === 'range' || quote.outcome === 'unknown';
  const refused = quote.outcome === 'prohibited' || quote.outcome === 'not-allowed';
  const seller = exact(quote.terms.checkout_dap);
  const may_sell_ddp = quote.outcome === 'amount';
  // What a registered seller must collect and cannot say is sold without only by a shop that chose to go on without answers.
  const may_sell_dap = !refused && ((relied && seller !== undefined) || policy === 'open');
  const checkout = terms === 'ddp' ? quote.terms.checkout_ddp : quote.terms.checkout_dap;
  const total = relied && (terms === 'dap' || may_sell_ddp) ? exact(checkout) : undefined;
  const answer: Answer = {
    ...origin,
    terms,
    outcome: quote.outcome,
    may_sell_ddp,
    may_sell_dap,
    proceed: terms === 'ddp' && may_sell_ddp ? 'ddp' : may_sell_dap && (terms === 'dap' || policy === 'open') ? 'dap' : 'refuse',
    charges: total === undefined ? [] : rowsOf(quote, basket, terms, total),
    currency,
    missing: (quote.missing ?? []).map((one) => {
      const line = one.item === undefined ? undefined : basket.lines[one.item - 1];
      return { ...one, ...(line === undefined ? {} : { line }), narrows_currency: quote.currency };
    }),
    messages: quote.messages ?? [],
    warnings: quote.warnings ?? [],
    assumptions: quote.assumptions ?? [],
    editions: quote.editions,
    ratebook: quote.ratebook,
    date: quote.date,
    quote,
    basket,
  };
  if (total !== undefined) answer.total = total;
  else if (relied) answer.bounds = bounds(checkout);
  if (relied) answer.on_delivery = terms === 'ddp' && may_sell_ddp ? { least: '0', most: '0' } : bounds(quote.terms.on_delivery_dap);
  return answer;
}

/** The answer where no engine gave one. */
export function noAnswer(basket: Basket, known: { asked_at: string; fingerprint: string; why: string; problems?: Problem[] }, policy: Policy): Answer {
  const terms = basket.terms as Terms;
  return {
    state: 'unavailable',
    terms,
    may_sell_ddp: false,
    may_sell_dap: true,
    proceed: terms === 'dap' || policy === 'open' ? 'dap' : 'refuse',
    charges: [],
    currency: basket.consignment.currency,
    missing: [],
    messages: [],
    warnings: ['Duty, tax and fees could not be computed. You may be asked to pay them on delivery.'],
    assumptions: [],
    editions: [],
    ...known,
    basket,
  };
}

/** The answer where nothing was asked. */
export function nothingAsked(basket: Basket, known: { asked_at: string; fingerprint: string }): Answer {
  return {
    state: 'none_due_here',
    terms: basket.terms ?? null,
    may_sell_ddp: false,
    may_sell_dap: false,
    proceed: 'none',
    charges: [],
    currency: basket.consignment.currency,
    missing: [],
    messages: [],
    warnings: [],
    assumptions: [],
    editions: [],
    ...known,
    basket,
  };
}

/** The class of a kind of charge: what is neither duty nor fee is a tax. */
export function classOf(kind: string): ChargeClass {
  return kind === 'duty' || kind === 'additional-duty' ? 'duty' : kind === 'fee' ? 'fee' : 'tax';
}

function exact(sum: Sum): string | undefined {
  return sum.most_asked !== undefined && decimal.same(sum.least_asked, sum.most_asked) ? sum.least_asked : undefined;
}

function bounds(sum: Sum): Bounds {
  return { least: sum.least_asked, ...(sum.most_asked === undefined ? {} : { most: sum.most_asked }) };
}

interface Part {
  charge: QuoteCharge;
  collected_by: 'seller' | 'border';
  /** In the currency of the economy. */
  weight: decimal.Units;
  amount: decimal.Units;
}

/** Rows that add up to the total. A charge that is collected in two places becomes two rows. */
function rowsOf(quote: Quote, basket: Basket, terms: Terms, total: string): Charge[] {
  const unit = decimal.step(decimals(quote.asked_currency));
  let parts = quote.charges.flatMap((charge) => partsOf(charge, unit));
  if (terms === 'dap') {
    // What the seller collects is a sum of its own in the quote, rounded as a whole; its rows are parts of that sum.
    parts = parts.filter((part) => part.collected_by === 'seller');
    const amounts = decimal.apportion(decimal.parse(total), parts.map((part) => part.weight), unit);
    parts = parts.map((part, at) => ({ ...part, amount: amounts[at] as decimal.Units }));
  }
  return parts.filter((part) => part.amount !== 0n).map((part) => rowOf(part, quote, basket, unit));
}

function partsOf(charge: QuoteCharge, unit: decimal.Units): Part[] {
  const collected = (by: 'seller' | 'border') => (one: { collect: string }) => (one.collect === 'seller') === (by === 'seller');
  const sides = (['seller', 'border'] as const).filter((by) => charge.treatments.some(collected(by)));
  if (sides.length === 0) sides.push('border');
  const weights =
    sides.length === 1
      ? [decimal.parse(charge.sum.least)]
      : sides.map((by) => decimal.parse(decimal.sum(charge.treatments.filter(collected(by)).map((one) => one.amount))));
  const amounts = decimal.apportion(decimal.parse(charge.sum.least_asked), weights, unit);
  return sides.map((collected_by, at) => ({
    charge,
    collected_by,
    weight: weights[at] as decimal.Units,
    amount: amounts[at] as decimal.Units,
  }));
}

function rowOf({ charge, collected_by, amount }: Part, quote: Quote, basket: Basket, unit: decimal.Units): Charge {
  const weights = quote.items.map((item) =>
    item.charges.filter((part) => part.key === charge.key).reduce((sum, part) => sum + decimal.parse(part.amount), 0n),
  );
  const parts = decimal.apportion(amount, weights, unit);
  const lines = basket.lines.map((line, at) => [line, parts[at] as decimal.Units] as const).filter(([, part]) => part !== 0n);
  return {
    key: charge.key,
    name: charge.name,
    kind: charge.kind,
    class: classOf(charge.kind),
    amount: decimal.print(amount),
    collected_by,
    per_line: Object.fromEntries(lines.map(([line, part]) => [line, decimal.print(part)])),
  };
}
