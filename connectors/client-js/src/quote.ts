// The answer document, as far as a shop reads it, and whether a text is one. Fields that are not named here are kept.
import * as decimal from './decimal';
import type { Consignment } from './basket';
import { canonical } from './canonical';
import { answersFor } from './places';

export interface Sum {
  least: string;
  most?: string;
  least_asked: string;
  most_asked?: string;
}

export type Outcome = 'amount' | 'range' | 'unknown' | 'not-allowed' | 'formal-entry' | 'prohibited';

export interface Treatment {
  amount: string;
  collect: string;
  [field: string]: unknown;
}

export interface QuoteCharge {
  key: string;
  name: string;
  kind: string;
  sum: Sum;
  treatments: Treatment[];
  [field: string]: unknown;
}

export interface QuoteItem {
  value: string;
  charges: { key: string; amount: string }[];
  [field: string]: unknown;
}

export interface QuoteMissing {
  fact: string;
  item?: number;
  question: string;
  narrows_by?: string;
}

export interface Quote {
  version: number;
  outcome: Outcome;
  to: string;
  date: string;
  currency: string;
  asked_currency: string;
  total: Sum;
  terms: { seller: Sum; border: Sum; checkout_ddp: Sum; checkout_dap: Sum; on_delivery_dap: Sum };
  charges: QuoteCharge[];
  items: QuoteItem[];
  missing?: QuoteMissing[];
  assumptions?: string[];
  messages?: string[];
  warnings?: string[];
  editions: unknown[];
  ratebook: string;
  [field: string]: unknown;
}

const OUTCOMES = new Set(['amount', 'range', 'unknown', 'not-allowed', 'formal-entry', 'prohibited']);

/**
 * What is wrong with a document that should answer this question, or `undefined` where nothing is: its shape, that it is about
 * these goods, this destination and this currency, and that its parts add up. What does not add up is not charged.
 */
export function faultOf(document: unknown, asked: Consignment): string | undefined {
  try {
    canonical(document); // it is stored with orders, by its hash
    return fault(document as Quote, asked);
  } catch {
    return 'it has not the shape of a quote';
  }
}

function fault(quote: Quote, asked: Consignment): string | undefined {
  if (quote.version !== 1) return 'it is of another version';
  if (!OUTCOMES.has(quote.outcome)) return 'its outcome is not known here';
  if (quote.asked_currency !== asked.currency) return 'it is in another currency';
  if (typeof quote.to !== 'string' || typeof quote.date !== 'string' || typeof quote.ratebook !== 'string') return 'it lacks a field';
  if (!answersFor(quote.to, asked)) return 'it is about another destination';
  if (!Array.isArray(quote.charges) || !Array.isArray(quote.editions)) return 'it lacks a field';
  if (!Array.isArray(quote.items) || quote.items.length !== asked.items.length) return 'it is about other items';
  for (const list of [quote.messages, quote.warnings, quote.assumptions]) {
    if (list !== undefined && !(Array.isArray(list) && list.every((text) => typeof text === 'string'))) return 'it has not the shape of a quote';
  }
  if (quote.missing !== undefined && !Array.isArray(quote.missing)) return 'it has not the shape of a quote';
  const { checkout_ddp, checkout_dap, on_delivery_dap, seller, border } = quote.terms;
  for (const sum of [quote.total, checkout_ddp, checkout_dap, on_delivery_dap, seller, border, ...quote.charges.map((charge) => charge.sum)]) {
    for (const [least, most] of ends(sum)) {
      if (decimal.parse(least) < 0n || (most !== undefined && decimal.parse(most) < decimal.parse(least))) return 'a sum is turned round';
    }
  }
  for (const charge of quote.charges) {
    if (typeof charge.key !== 'string' || typeof charge.name !== 'string' || typeof charge.kind !== 'string') return 'a charge lacks a field';
    for (const { amount, collect } of charge.treatments) {
      if (decimal.parse(amount) < 0n || typeof collect !== 'string') return 'a charge lacks a field';
    }
  }
  for (const item of quote.items) for (const { amount } of item.charges) if (decimal.parse(amount) < 0n) return 'a part is negative';
  if (!['amount', 'range', 'unknown'].includes(quote.outcome)) return undefined; // no figure of it is relied on
  for (const part of [checkout_dap, on_delivery_dap]) if (exceeds(part, checkout_ddp)) return 'it charges more duty-unpaid than duty-paid';
  return doesNotEnclose(quote) ?? (quote.outcome === 'amount' ? doesNotAddUp(quote) : undefined);
}

/** From least to most, in the currency of the economy and in that of the question. */
function ends(sum: Sum): [string, string | undefined][] {
  return [[sum.least, sum.most], [sum.least_asked, sum.most_asked]];
}

/** Whether an end of the one lies above the same end of the other; an end that is not known lies above all others. */
function exceeds(one: Sum, other: Sum): boolean {
  const others = ends(other);
  return ends(one).some(([least, most], at) => {
    const [other_least, other_most] = others[at] as [string, string | undefined];
    if (decimal.parse(least) > decimal.parse(other_least)) return true;
    return other_most !== undefined && (most === undefined || decimal.parse(most) > decimal.parse(other_most));
  });
}

/**
 * The rows of a range say no more than that the total lies between what they come to together: not all are least, or most, in the same case. In
 * the currency of the economy only, for in the other one each sum is rounded by itself.
 */
function doesNotEnclose({ charges, total }: Quote): string | undefined {
  const least = decimal.sum(charges.map(({ sum }) => sum.least));
  if (decimal.parse(least) > decimal.parse(total.least)) return 'its charges come to more than its total';
  const mosts = charges.map(({ sum }) => sum.most);
  if (total.most === undefined || mosts.includes(undefined)) return undefined;
  return decimal.parse(decimal.sum(mosts as string[])) < decimal.parse(total.most) ? 'its charges come to less than its total' : undefined;
}

function doesNotAddUp(quote: Quote): string | undefined {
  const { total, terms } = quote;
  for (const sum of [total, terms.checkout_ddp, terms.checkout_dap, terms.on_delivery_dap, terms.seller, terms.border]) {
    if (ends(sum).some(([least, most]) => most === undefined || !decimal.same(least, most))) return 'an amount is a range';
  }
  const charges = decimal.sum(quote.charges.map((charge) => charge.sum.least_asked));
  if (!decimal.same(charges, total.least_asked)) return 'its charges do not add up to its total';
  if (!decimal.same(terms.checkout_ddp.least_asked, total.least_asked)) return 'what is charged duty-paid is not its total';
  for (const [one, other] of [[terms.checkout_dap, terms.on_delivery_dap], [terms.seller, terms.border]] as const) {
    if (!decimal.same(decimal.sum([one.least_asked, other.least_asked]), total.least_asked)) return 'checkout and delivery do not add up to its total';
  }
  for (const { key, sum } of quote.charges) {
    const parts = quote.items.flatMap((item) => item.charges.filter((part) => part.key === key).map((part) => part.amount));
    if (!decimal.same(decimal.sum(parts), sum.least)) return `the parts of ${key} do not add up`;
  }
  return undefined;
}
