// Vendure keeps money as whole numbers with a fixed number of decimals for all currencies; the engine speaks decimal strings.
import { decimals } from '@tidewaiter/client';

/** 1234 with precision 2 is "12.34". */
export function decimalOf(minor: number, precision: number): string {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`${minor} is no whole number of the smallest unit`);
  const digits = String(Math.abs(minor)).padStart(precision + 1, '0');
  const whole = digits.slice(0, digits.length - precision);
  const fraction = digits.slice(digits.length - precision);
  return `${minor < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** "12.34" with precision 2 is 1234. `undefined` where the shop's money has too few decimals to hold it. */
export function minorOf(amount: string, precision: number): number | undefined {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount);
  if (!found) throw new RangeError(`${JSON.stringify(amount)} is not a decimal string`);
  const fraction = (found[3] ?? '').replace(/0+$/, '');
  if (fraction.length > precision) return undefined;
  const minor = Number(`${found[1]}${found[2]}${fraction.padEnd(precision, '0')}`);
  if (!Number.isSafeInteger(minor)) throw new RangeError(`${amount} is more than the shop can count`);
  return minor;
}

/** With as many decimals as the currency has: "9.6" EUR is "9.60". */
export function printed(amount: string, currency: string): string {
  const [whole = '', fraction = ''] = amount.split('.');
  const wanted = fraction.replace(/0+$/, '').padEnd(decimals(currency), '0');
  return wanted === '' ? whole : `${whole}.${wanted}`;
}

/** The exact sum of two decimal strings. */
export function add(one: string, other: string): string {
  const places = Math.max(...[one, other].map((text) => text.split('.')[1]?.length ?? 0));
  const units = [one, other].map((text) => {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(places, '0'));
  }) as [bigint, bigint];
  const sum = units[0] + units[1];
  const digits = String(sum < 0n ? -sum : sum).padStart(places + 1, '0');
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '');
  return `${sum < 0n ? '-' : ''}${digits.slice(0, digits.length - places)}${places === 0 || fraction === '' ? '' : `.${fraction}`}`;
}
