// What the catalogue lacks: which products have no goods code, origin or weight, what not knowing costs, and which codes the finder suggests.
import { updateProductsWorkflow } from '@medusajs/medusa/core-flows';
import { ContainerRegistrationKeys, MedusaError, Modules } from '@medusajs/framework/utils';
import type { BigNumberInput, MedusaContainer } from '@medusajs/framework/types';
import { decimals, type Answer, type Bounds, type Missing, type Sum } from '@tidewaiter/client';
import { CodeBook, problemText, type CheckedCode } from '@tidewaiter/client/plugin';
import { goodsOf } from './basket';
import type { Goods } from './cart';
import { readFromEngine } from './engine-door';
import { text } from './money';
import { serviceOf } from './price';

export interface Suggestion {
  code: string;
  title: string;
  /** How likely it is right, in percent. */
  percent: number;
}

export interface Lacking {
  product_id: string;
  variant_id: string;
  sku: string | null;
  name: string;
  lacks: (keyof Goods)[];
  currency_code: string;
  /** What is due for one piece, as far as it can be said. */
  due: Bounds | null;
  missing: Missing[];
  says: string;
  /** `null` where the finder was not asked; empty where it knows none. */
  suggestions: Suggestion[] | null;
}

interface Variant extends Goods {
  id: string;
  sku: string | null;
  title: string;
  product: Goods & { id: string; title: string };
  prices?: { amount: BigNumberInput; currency_code: string; rules_count?: number }[];
}

const FACTS = ['hs_code', 'origin_country', 'weight'] as const;
const NONE = { hs_code: [null, ''], origin_country: [null, ''], weight: null };
/** A variant has what its product has. */
const LACKING = { $or: FACTS.map((fact) => ({ $and: [orOf(fact, NONE[fact]), { product: orOf(fact, NONE[fact]) }] })) };

function orOf(fact: string, nothing: unknown): Record<string, unknown> {
  return Array.isArray(nothing) ? { $or: nothing.map((one) => ({ [fact]: one })) } : { [fact]: nothing };
}

/** Variants that lack something, with the price of not knowing it for one piece to this destination. */
export async function lacking(
  container: MedusaContainer,
  { to, skip, take }: { to: string; skip: number; take: number },
): Promise<{ variants: Lacking[]; count: number }> {
  const products = container.resolve(Modules.PRODUCT);
  const [found, count] = await products.listAndCountProductVariants(LACKING as never, { select: ['id'], skip, take, order: { id: 'ASC' } });
  if (found.length === 0) return { variants: [], count };
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({
    entity: 'variant', filters: { id: found.map(({ id }) => id) },
    fields: ['id', 'sku', 'title', ...FACTS, 'product.id', 'product.title', ...FACTS.map((fact) => `product.${fact}`), 'prices.*'],
  });
  const variants = (data as unknown as Variant[]).sort((one, other) => (one.id < other.id ? -1 : 1));
  const currency = await currencyOf(container, to);
  const suggested = await serviceOf(container).listGoodsCodeSuggestions({ product_id: variants.map(({ product }) => product.id) });
  const suggestions = new Map(suggested.map((one) => [one.product_id, one.suggestions as unknown as Suggestion[]]));
  const all: Lacking[] = [];
  for (const variant of variants) all.push({ ...(await lack(container, variant, to, currency)), suggestions: suggestions.get(variant.product.id) ?? null });
  return { variants: all, count };
}

async function lack(container: MedusaContainer, variant: Variant, to: string, currency: string): Promise<Omit<Lacking, 'suggestions'>> {
  const service = serviceOf(container);
  const price = (variant.prices ?? []).find((one) => one.currency_code.toUpperCase() === currency && !one.rules_count);
  const item = { ...goodsOf(variant, service.unit), ...(variant.sku ? { description: variant.sku } : {}), quantity: 1 };
  const answer = price && (await service.quote({
    terms: 'ddp', lines: [variant.id],
    consignment: { ...service.fields(), to: to.toUpperCase(), currency, items: [{ ...item, price: text(price.amount) }] },
  }));
  const wrongDestination = answer?.problems?.find(({ field }) => field === 'to');
  if (wrongDestination) throw new MedusaError(MedusaError.Types.INVALID_DATA, problemText(wrongDestination));
  const due = answer?.total !== undefined ? { least: answer.total, most: answer.total } : answer?.bounds ?? null;
  return {
    product_id: variant.product.id, variant_id: variant.id, sku: variant.sku, currency_code: currency.toLowerCase(), due,
    name: [variant.product.title, ...(/^default/i.test(variant.title) ? [] : [variant.title])].join(', '),
    lacks: FACTS.filter((fact) => !variant[fact] && !variant.product[fact]),
    missing: answer?.missing ?? [],
    says: answer ? saying(due, answer) : `it has no price in ${currency}`,
  };
}

/** In which currency the shop sells there: that of the region with this country, or else the shop's own. */
async function currencyOf(container: MedusaContainer, to: string): Promise<string> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data: countries } = await query.graph({ entity: 'country', fields: ['iso_2', 'region.currency_code'], filters: { iso_2: to.toLowerCase() } });
  const region = (countries[0] as unknown as { region?: { currency_code: string } } | undefined)?.region;
  if (region) return region.currency_code.toUpperCase();
  const { data: stores } = await query.graph({ entity: 'store', fields: ['supported_currencies.*'] });
  const { supported_currencies: all = [] } = stores[0] as unknown as { supported_currencies?: { currency_code: string; is_default: boolean }[] };
  return ((all.find((one) => one.is_default) ?? all[0])?.currency_code ?? 'eur').toUpperCase();
}

function saying(due: Bounds | null, { currency, quote, problems = [], why }: Answer): string {
  if (due === null) {
    const reason = problems.length > 0 ? problems.map(problemText).join('; ') : why && `no answer came from the engine (${why})`;
    return `nothing can be said about what is due${reason ? `: ${reason}` : ''}`;
  }
  // What a missing fact would narrow is told in the currency of the destination, so what is due is told in it too.
  const own = quote && quote.currency !== currency ? ` (${amountOf(boundsOf(quote.terms.checkout_ddp), quote.currency)})` : '';
  return `${amountOf(due, currency)}${own} is due${due.most === undefined ? '; no upper limit is known' : ''}`;
}

const boundsOf = ({ least, most }: Sum): Bounds => ({ least, ...(most === undefined ? {} : { most }) });

function amountOf({ least, most }: Bounds, currency: string): string {
  if (most === undefined) return `at least ${printed(least, currency)} ${currency}`;
  return least === most ? `${printed(least, currency)} ${currency}` : `between ${printed(least, currency)} and ${printed(most, currency)} ${currency}`;
}

/** With as many decimals as the currency has: "9.6" EUR is "9.60". */
function printed(amount: string, currency: string): string {
  const [whole = '', fraction = ''] = amount.split('.');
  const wanted = fraction.replace(/0+$/, '').padEnd(decimals(currency), '0');
  return wanted === '' ? whole : `${whole}.${wanted}`;
}

/** What the engine says of codes, before anybody writes them. */
export function checkCodes(container: MedusaContainer, codes: readonly string[]): Promise<CheckedCode[]> {
  return new CodeBook(serviceOf(container).options).check(codes);
}

/** Asks the finder about products without a code and without a suggestion, and keeps what it says. No code is assigned. Gives how many it asked about. */
export async function suggest(container: MedusaContainer, take: number): Promise<number> {
  const service = serviceOf(container);
  const known = await service.listGoodsCodeSuggestions({}, { select: ['product_id'], take: null as never });
  const found = await container.resolve(Modules.PRODUCT).listProducts({
    ...orOf('hs_code', NONE.hs_code), variants: orOf('hs_code', NONE.hs_code), ...(known.length > 0 ? { id: { $nin: known.map((one) => one.product_id) } } : {}),
  } as never, { select: ['id', 'title'], take, order: { id: 'ASC' } });
  for (const { id, title } of found) {
    await service.createGoodsCodeSuggestions({ product_id: id, suggestions: (await find(container, title)) as unknown as Record<string, unknown> });
  }
  return found.length;
}

/** Writes codes that a person confirmed. */
export async function confirm(container: MedusaContainer, codes: { product_id: string; goods_code: string }[]): Promise<number> {
  if (codes.length === 0) return 0;
  const wrong = (await checkCodes(container, codes.map(({ goods_code }) => goods_code))).find(({ isKnown }) => isKnown === false);
  if (wrong) throw new MedusaError(MedusaError.Types.INVALID_DATA, wrong.says);
  const ids = codes.map(({ product_id }) => product_id);
  const there = new Set((await container.resolve(Modules.PRODUCT).listProducts({ id: ids }, { select: ['id'], take: ids.length })).map(({ id }) => id));
  const unknown = ids.find((id) => !there.has(id));
  if (unknown) throw new MedusaError(MedusaError.Types.NOT_FOUND, `There is no product ${unknown}`);
  await updateProductsWorkflow(container).run({ input: { products: codes.map(({ product_id, goods_code }) => ({ id: product_id, hs_code: goods_code })) } });
  const service = serviceOf(container);
  const done = await service.listGoodsCodeSuggestions({ product_id: ids }, { select: ['id'], take: ids.length });
  await service.deleteGoodsCodeSuggestions(done.map(({ id }) => id));
  return codes.length;
}

async function find(container: MedusaContainer, words: string): Promise<Suggestion[]> {
  const { codes } = await readFromEngine<{ codes?: { code: string; title: string; probability: number }[] }>(serviceOf(container).options, 'v1/goods-codes', { q: words.slice(0, 500), most: '3' });
  return (codes ?? []).map(({ code, title, probability }) => ({ code, title, percent: Math.round(probability * 100) }));
}
