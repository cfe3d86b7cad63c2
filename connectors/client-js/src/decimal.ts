// Exact decimal numbers: a whole number of 10^-12, as the engine counts them. Money never becomes a binary fraction here.

const PLACES = 12;
const ONE = 10n ** BigInt(PLACES);
const WRITTEN = /^(-?)(\d{1,27})(?:\.(\d{1,12}))?$/;

/** A whole number of 10^-12. */
export type Units = bigint;

/** Reads a decimal string such as "12.50". Throws where the text is anything else. */
export function parse(text: unknown): Units {
  const found = typeof text === 'string' ? WRITTEN.exec(text) : null;
  if (found === null) {
    throw new RangeError(`not a decimal number: ${JSON.stringify(text) ?? String(text)}; write it as a string of digits, as in "12.50"`);
  }
  const units = BigInt(found[2] as string) * ONE + BigInt((found[3] ?? '').padEnd(PLACES, '0'));
  return found[1] === '-' ? -units : units;
}

/** Whether the text is a decimal number. */
export function isDecimal(text: unknown): text is string {
  return typeof text === 'string' && WRITTEN.test(text);
}

/** Writes it without zeros at the end, as the engine does. */
export function print(units: Units): string {
  const digits = (units < 0n ? -units : units).toString().padStart(PLACES + 1, '0');
  const fraction = digits.slice(-PLACES).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -PLACES)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The sum of decimal strings. */
export function sum(texts: Iterable<string>): string {
  let total = 0n;
  for (const text of texts) total += parse(text);
  return print(total);
}

/** Whether two decimal strings are the same number: "6" and "6.00" are. */
export function same(left: string, right: string): boolean {
  return parse(left) === parse(right);
}

/** The smallest step with so many decimals: 2 gives 0.01. */
export function step(places: number): Units {
  return 10n ** BigInt(PLACES - places);
}

/** `amount * part / whole`, rounded down to the step; the amount, part and whole must not be negative. */
export function share(amount: Units, part: Units, whole: Units, unit: Units): Units {
  return ((amount * part) / whole / unit) * unit;
}

/**
 * Divides a total by weights into parts that add up to it exactly: each part is rounded down to the step, and the steps
 * left over go to the largest remainders, the first of equals before the others. Without any weight the first part takes all.
 */
export function apportion(total: Units, weights: readonly Units[], unit: Units): Units[] {
  if (weights.length === 0) return [];
  const whole = weights.reduce((left, right) => left + right, 0n);
  if (whole === 0n) return weights.map((_, at) => (at === 0 ? total : 0n));
  // A total that is no multiple of the step is divided in the finest one instead: nothing may get lost.
  const by = total % unit === 0n ? unit : 1n;
  const steps = total / by;
  const parts = weights.map((weight) => (steps * weight) / whole);
  const order = weights
    .map((weight, at) => ({ at, rest: (steps * weight) % whole }))
    .sort((left, right) => (left.rest === right.rest ? left.at - right.at : left.rest < right.rest ? 1 : -1));
  let left = steps - parts.reduce((sum, part) => sum + part, 0n);
  for (const { at } of order) {
    if (left <= 0n) break;
    parts[at] = (parts[at] as bigint) + 1n;
    left -= 1n;
  }
  return parts.map((part) => part * by);
}
