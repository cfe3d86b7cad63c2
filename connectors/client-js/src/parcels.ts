// An order that goes in several parcels is several consignments, each with its own threshold; the buyer sees one sum.
import * as decimal from './decimal';
import type { Answer, Bounds, Charge } from './answer';

const add = (one: string, other: string): string => decimal.sum([one, other]);

const STATES = ['unavailable', 'stale', 'offline', 'quoted', 'none_due_here'] as const;

/**
 * One answer for an order whose parcels were asked about one by one: rows and totals added up, and the worst of all states. The fingerprint,
 * the basket and the quote are those of the first parcel; keep a snapshot of each.
 */
export function together(parts: readonly Answer[]): Answer {
  const [first] = parts;
  if (first === undefined) throw new Error('an order has at least one parcel');
  if (parts.length === 1) return first;
  if (parts.some((part) => part.terms !== first.terms)) throw new Error('all parcels of an order go under the same terms');
  const all = <Value>(of: (answer: Answer) => readonly Value[]): Value[] => [...new Set(parts.flatMap(of))];
  const { total: _, bounds: __, on_delivery: ___, ...rest } = first;
  const totals = parts.map((part) => part.total);
  const bounds = sumOf(parts.map((part) => part.bounds ?? (part.total === undefined ? undefined : { least: part.total, most: part.total })));
  const onDelivery = sumOf(parts.map((part) => part.on_delivery));
  const odd = parts.find((part) => part.outcome !== 'amount') ?? first;
  return {
    ...rest,
    state: STATES.find((state) => parts.some((part) => part.state === state)) ?? first.state,
    ...(odd.outcome === undefined ? {} : { outcome: odd.outcome }),
    may_sell_ddp: parts.every((part) => part.may_sell_ddp),
    may_sell_dap: parts.every((part) => part.may_sell_dap),
    proceed: (['refuse', 'dap', 'ddp', 'none'] as const).find((one) => parts.some((part) => part.proceed === one)) ?? first.proceed,
    // Rows of which a part is missing are not the rows of the order.
    charges: parts.every((part) => part.total !== undefined) ? joined(parts.flatMap((part) => part.charges)) : [],
    ...(totals.every((total) => total !== undefined) ? { total: (totals as string[]).reduce(add) } : bounds ? { bounds } : {}),
    ...(onDelivery ? { on_delivery: onDelivery } : {}),
    missing: parts.flatMap((part) => part.missing),
    messages: all((part) => part.messages),
    warnings: all((part) => part.warnings),
    assumptions: all((part) => part.assumptions),
  };
}

/** Rows of several parcels, of quotes or of refunds: a charge of each is one row for the buyer. */
export function joined(charges: readonly Charge[]): Charge[] {
  const rows = new Map<string, Charge>();
  for (const charge of charges) {
    const key = `${charge.class}:${charge.collected_by}:${charge.key}`;
    const row = rows.get(key);
    rows.set(key, row === undefined ? charge : { ...row, amount: add(row.amount, charge.amount), per_line: addedUp(row.per_line, charge.per_line) });
  }
  return [...rows.values()];
}

/** A line of which pieces go in several parcels has a part of each. */
function addedUp(one: Record<string, string>, other: Record<string, string>): Record<string, string> {
  const all = new Map(Object.entries(one));
  for (const [line, amount] of Object.entries(other)) {
    const before = all.get(line);
    all.set(line, before === undefined ? amount : add(before, amount));
  }
  return Object.fromEntries(all);
}

function sumOf(list: readonly (Bounds | undefined)[]): Bounds | undefined {
  if (list.some((one) => one === undefined)) return undefined;
  return (list as Bounds[]).reduce((sum, one) => ({
    least: add(sum.least, one.least),
    ...(sum.most === undefined || one.most === undefined ? {} : { most: add(sum.most, one.most) }),
  }));
}
