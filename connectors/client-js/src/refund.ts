// What goes back when goods do: parts of what was charged at the sale, never computed anew. Rates may have changed since;
// what the buyer paid has not.
import * as decimal from './decimal';
import type { Charge } from './answer';
import { decimals } from './currency';
import type { Snapshot } from './snapshot';

/** So many pieces of a line. */
export interface Returned {
  line: string;
  quantity: string | number;
}

export interface RefundOptions {
  /** What went back before: all earlier refunds of the same order. */
  already?: readonly Returned[];
  /** Keys or classes of charges that do not go back, such as "fee". */
  keep?: readonly string[];
}

export interface Refund {
  charges: Charge[];
  total: string;
  currency: string;
  /** What of the refundable charges is still with the shop afterwards. */
  left: string;
  /** The law of the sale. */
  date?: string;
  editions: unknown[];
  ratebook?: string;
}

/**
 * What of each charge goes back with these goods. Returned in any number of steps and in any order of lines, the parts add up to
 * exactly what was paid, and are at no moment more: each step gives the share of all that is back now, less what went before.
 */
export function refund(taken: Snapshot, lines: readonly Returned[], options: RefundOptions = {}): Refund {
  const before = counted(options.already ?? [], taken);
  const after = counted(lines, taken);
  for (const [line, units] of before) after.set(line, (after.get(line) ?? 0n) + units);
  const sold = new Map(taken.lines.map((line, at) => [line, quantityOf(taken, at)]));
  for (const [line, units] of after) {
    const whole = sold.get(line) as decimal.Units;
    if (units > whole) throw new RangeError(`line ${line}: ${decimal.print(units)} returned of ${decimal.print(whole)} sold`);
  }
  const unit = decimal.step(decimals(taken.currency));
  const kept = new Set(options.keep ?? []);
  const charges: Charge[] = [];
  let left = 0n;
  for (const charge of taken.charges) {
    if (kept.has(charge.key) || kept.has(charge.class)) continue;
    const parts: [string, string][] = [];
    let amount = 0n;
    for (const [line, paid] of Object.entries(charge.per_line)) {
      const whole = sold.get(line) as decimal.Units;
      const due = shareOf(decimal.parse(paid), after.get(line) ?? 0n, whole, unit);
      const part = due - shareOf(decimal.parse(paid), before.get(line) ?? 0n, whole, unit);
      left += decimal.parse(paid) - due;
      amount += part;
      if (part !== 0n) parts.push([line, decimal.print(part)]);
    }
    if (amount !== 0n) charges.push({ ...charge, amount: decimal.print(amount), per_line: Object.fromEntries(parts) });
  }
  return {
    charges,
    total: decimal.sum(charges.map((charge) => charge.amount)),
    currency: taken.currency,
    left: decimal.print(left),
    editions: taken.editions,
    ...(taken.date === undefined ? {} : { date: taken.date }),
    ...(taken.ratebook === undefined ? {} : { ratebook: taken.ratebook }),
  };
}

/** Whether every piece of every line is among what came back. */
export function isAllBack(taken: Snapshot, returned: readonly Returned[]): boolean {
  const back = counted(returned, taken);
  return taken.lines.every((line, at) => (back.get(line) ?? 0n) >= quantityOf(taken, at));
}

/** All of it for all pieces, also where the amount has finer parts than the currency. */
function shareOf(paid: decimal.Units, units: decimal.Units, whole: decimal.Units, unit: decimal.Units): decimal.Units {
  return units === whole ? paid : decimal.share(paid, units, whole, unit);
}

function quantityOf(taken: Snapshot, at: number): decimal.Units {
  return decimal.parse(String(taken.consignment.items[at]?.quantity ?? '1'));
}

function counted(lines: readonly Returned[], taken: Snapshot): Map<string, decimal.Units> {
  const units = new Map<string, decimal.Units>();
  for (const { line, quantity } of lines) {
    if (!taken.lines.includes(line)) throw new RangeError(`line ${line}: not in the order`);
    const some = decimal.parse(String(quantity));
    if (some < 0n) throw new RangeError(`line ${line}: the quantity ${quantity} is negative`);
    units.set(line, (units.get(line) ?? 0n) + some);
  }
  return units;
}
