// What a shop hands over: the question, the delivery terms, and its own ids of the lines.

/** `ddp`: the shop pays at the border and charges it at checkout. `dap`: the buyer pays on delivery. */
export type Terms = 'ddp' | 'dap';

/** An item of the question. All amounts are decimal strings. */
export interface Item {
  description?: string | null;
  code?: string | null;
  origin?: string | null;
  quantity?: string | number | null;
  price: string | number;
  [field: string]: unknown;
}

/** The question document, as the engine reads it. Fields that are not named here go through unchanged. */
export interface Consignment {
  to?: string | null;
  currency: string;
  items: Item[];
  [field: string]: unknown;
}

export interface Basket {
  consignment: Consignment;
  /** Absent or `null` where nothing of it is wanted, as for collection in the shop: then no call is made. */
  terms?: Terms | null;
  /** The shop's ids of the items, in the order of the items. */
  lines: readonly string[];
}

/** Throws where the basket itself is wrong: a mistake of the shop's code, not of the engine. */
export function examine(basket: Basket): void {
  const { consignment, lines, terms } = basket;
  if (!Array.isArray(consignment?.items)) throw new TypeError('basket.consignment.items: give the list of items');
  if (!Array.isArray(lines) || lines.length !== consignment.items.length) {
    throw new TypeError(
      `basket.lines: ids: ${Array.isArray(lines) ? lines.length : 'none'}, items: ${consignment.items.length}; give one id for each item`,
    );
  }
  if (lines.some((line) => typeof line !== 'string')) throw new TypeError('basket.lines: each id is a string');
  const twice = lines.find((line, at) => lines.indexOf(line) !== at);
  if (twice !== undefined) throw new TypeError(`basket.lines: the id ${twice} stands for two items; give each its own`);
  if (terms !== undefined && terms !== null && terms !== 'ddp' && terms !== 'dap') {
    throw new TypeError(`basket.terms: ${String(terms)} is neither "ddp" nor "dap"`);
  }
}

/** Whether there is anything to ask: never without a destination, never without terms or goods. */
export function isAsked(basket: Basket): boolean {
  const { consignment, terms } = basket;
  return Boolean(terms) && typeof consignment.to === 'string' && consignment.to.trim() !== '' && consignment.items.length > 0;
}
