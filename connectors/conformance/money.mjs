// Decimal strings, added and compared exactly. The suite has its own few lines: what it tests must not compute what it expects.
const PLACES = 12;

export function units(text) {
  const found = /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(text ?? '');
  if (!found) throw new Error(`${JSON.stringify(text)} is not a decimal string`);
  const some = BigInt(found[2] + (found[3] ?? '').padEnd(PLACES, '0'));
  return found[1] ? -some : some;
}

export function text(some) {
  const digits = (some < 0n ? -some : some).toString().padStart(PLACES + 1, '0');
  const fraction = digits.slice(-PLACES).replace(/0+$/, '');
  return `${some < 0n ? '-' : ''}${digits.slice(0, -PLACES)}${fraction && `.${fraction}`}`;
}

export const sum = (texts) => text(texts.reduce((total, one) => total + units(one), 0n));
export const minus = (left, right) => text(units(left) - units(right));
export const times = (amount, whole) => text(units(amount) * BigInt(whole));
export const isSame = (left, right) => units(left) === units(right);
