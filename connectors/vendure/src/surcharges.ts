// Charges as rows of the order: one surcharge of an exact amount for each charge, never a percentage.
import { Surcharge } from '@vendure/core';
import type { Charge } from '@tidewaiter/client';
import { minorOf } from './money';

const OURS = 'landed-cost:';

/** "landed-cost:duty:border:eu.duty" */
export const skuOf = (charge: Charge): string => `${OURS}${charge.class}:${charge.collected_by}:${charge.key}`;
export const isOurs = (surcharge: Surcharge): boolean => surcharge.sku.startsWith(OURS);

/** The rows that the charges want: those that are there, changed where they must be, and new ones. */
export function rowsOf(charges: readonly Charge[], there: readonly Surcharge[], precision: number): Surcharge[] {
  return charges.map((charge) => {
    const sku = skuOf(charge);
    const row = there.find((one) => one.sku === sku) ?? new Surcharge({ sku });
    const price = minorOf(charge.amount, precision);
    if (price === undefined) throw new RangeError(`${charge.amount} has more decimals than the shop's money`);
    row.description = charge.name;
    row.listPrice = price;
    // The amount is what is due; no tax comes on top of it, and none is in it that the shop's own tax rates could tell.
    row.listPriceIncludesTax = false;
    row.taxLines = [];
    return row;
  });
}
