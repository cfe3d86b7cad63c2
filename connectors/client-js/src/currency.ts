// The smallest unit of a currency, as ISO 4217 gives it: amounts are divided among lines in it, and shown with its decimals.
import * as decimal from './decimal';

const DECIMALS: Readonly<Record<string, number>> = Object.fromEntries([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0]),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3]),
  ...'CLF UYW'.split(' ').map((code) => [code, 4]),
]);

/** Decimals of the smallest unit: 0 for JPY, 3 for KWD, 2 for most. */
export function decimals(currency: string): number {
  return DECIMALS[currency] ?? 2;
}

/** An amount as a buyer reads it, with the decimals of its currency: "21.4" of EUR is "21.40". What is finer stays. */
export function shown(amount: string, currency: string): string {
  const [whole, fraction = ''] = decimal.print(decimal.parse(amount)).split('.');
  const places = fraction.padEnd(decimals(currency), '0');
  return places === '' ? (whole as string) : `${whole}.${places}`;
}
