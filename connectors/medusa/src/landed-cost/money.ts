// Medusa keeps money in whole units with any number of decimals; the engine speaks decimal strings. No binary fraction is computed with.
import { MathBN } from '@medusajs/framework/utils';
import type { BigNumberInput } from '@medusajs/framework/types';

/** As a decimal string: "12.34". */
export const text = (amount: BigNumberInput): string => MathBN.convert(amount).toFixed();

export const add = (one: string, other: string): string => MathBN.add(one, other).toFixed();
export const sum = (amounts: readonly string[]): string => amounts.reduce(add, '0');
export const isSame = (one: BigNumberInput, other: BigNumberInput): boolean => MathBN.eq(one, other);

/** To so many decimals, half up: a price that was cut out of one with tax has endless ones. */
export function rounded(amount: BigNumberInput, places: number): string {
  return MathBN.convert(amount).decimalPlaces(places, 4).toFixed();
}

/** A price for each piece, and a discount on all, so that no fraction of a unit is lost in dividing. */
export function divided(total: string, least: string, quantity: BigNumberInput, places: number): { price: string; discount?: string } {
  const each = MathBN.max(MathBN.convert(least), MathBN.div(total, quantity).decimalPlaces(places, 0));
  const discount = MathBN.sub(MathBN.mult(each, quantity), total);
  return { price: text(each), ...(discount.isZero() ? {} : { discount: text(discount) }) };
}
