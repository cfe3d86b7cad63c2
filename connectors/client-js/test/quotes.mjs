// Quotes made up for tests: random ones whose parts add up as the engine's do, in whole smallest units of both currencies.

/** A small generator with a seed, so that a failure can be seen again. */
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return { upTo: (most) => next() % (most + 1), pick: (list) => list[next() % list.length] };
}

/** A whole number of smallest units as a decimal string. */
export function money(units, decimals) {
  const digits = String(units).padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** The same back, by its own arithmetic: a decimal string as a whole number of smallest units. */
export function units(text, decimals) {
  const [whole, fraction = ''] = text.split('.');
  if (fraction.length > decimals) throw new Error(`${text} has more than ${decimals} decimals`);
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}

const sum = (own, asked = own) => ({ least: own, most: own, least_asked: asked, most_asked: asked });

/** An exact quote from a list of `{ key, kind, collect, parts: [units per item] }`; `asked` gives other units of the checkout. */
export function exactQuote(charges, { currency = 'EUR', decimals = 2, items = charges[0]?.parts.length ?? 1, asked } = {}) {
  const write = (some) => money(some, decimals);
  const totalOf = (list) => list.reduce((left, right) => left + right, 0);
  const rows = charges.map(({ key, kind = 'duty', collect = 'border', parts }, at) => {
    const least = write(totalOf(parts));
    const inCheckout = write(asked?.[at] ?? totalOf(parts));
    return {
      key, name: `Charge ${key}`, kind, authority: 'government',
      sum: { least, most: least, least_asked: inCheckout, most_asked: inCheckout },
      treatments: [{ name: 'rule', base_rule: 'goods', amount: least, collect, cites: ['fact'] }],
      own: totalOf(parts), inCheckout: asked?.[at] ?? totalOf(parts), collect,
    };
  });
  const of = (side) => {
    const some = rows.filter((row) => side === undefined || (row.collect === 'seller') === side);
    return sum(write(totalOf(some.map((row) => row.own))), write(totalOf(some.map((row) => row.inCheckout))));
  };
  const quote = {
    version: 1, outcome: 'amount', from: 'CN', to: 'NL', to_name: 'Netherlands', date: '2026-11-20', currency, asked_currency: currency,
    goods: '0', shipping: '0', total: of(), landed: { least: '0', most: '0' },
    by_kind: { duties: sum('0'), taxes: sum('0'), fees: sum('0') },
    terms: {
      seller: of(true), border: of(false), checkout_ddp: of(), checkout_dap: of(true), on_delivery_dap: of(false),
    },
    charges: rows.map(({ own, inCheckout, collect, ...row }) => row),
    items: Array.from({ length: items }, (_, at) => ({
      value: '0', charges: charges.map(({ key, parts }) => ({ key, amount: write(parts[at]) })),
    })),
    sources: [], editions: [{ authority: 'unofficial', number: 1, sha256: 'ab' }], ratebook: 'cafe',
  };
  return quote;
}

/** A random exact quote of 1 to 7 items and up to 5 charges, and a basket that it answers. */
export function randomCase(seed) {
  const { upTo, pick } = random(seed);
  const [currency, decimals] = pick([['EUR', 2], ['JPY', 0], ['KWD', 3], ['USD', 2]]);
  const items = 1 + upTo(6);
  const charges = Array.from({ length: 1 + upTo(4) }, (_, at) => ({
    key: `q.${at}`, kind: pick(['duty', 'additional-duty', 'vat', 'gst', 'excise', 'fee']), collect: pick(['border', 'seller', 'carrier']),
    parts: Array.from({ length: items }, () => pick([0, upTo(3), upTo(10_000_000)])),
  }));
  const asked = charges.map(({ parts }) => (parts.every((part) => part === 0) ? 0 : upTo(20_000_000)));
  const basket = {
    terms: pick(['ddp', 'dap']),
    lines: Array.from({ length: items }, (_, at) => `line-${at}`),
    consignment: {
      from: 'CN', to: 'NL', date: '2026-11-20', currency,
      items: Array.from({ length: items }, () => ({ code: '6109.10', origin: 'CN', price: '1', quantity: 1 + upTo(11) })),
    },
  };
  return { quote: exactQuote(charges, { currency, decimals, items, asked }), basket, decimals, upTo, pick };
}

/** A basket of one line. */
export const basket = (changes = {}) => ({
  terms: 'ddp', lines: ['a'],
  consignment: { from: 'CN', to: 'NL', date: '2026-11-20', currency: 'EUR', items: [{ code: '6109.10', origin: 'CN', quantity: 4, price: '25.00' }] },
  ...changes,
});

/** A quote that answers it: 12.00 of duty at the border and 21.00 of tax, collected by the seller. */
export const plainQuote = () => exactQuote([{ key: 'q.duty', parts: [1200] }, { key: 'q.tax', kind: 'vat', collect: 'seller', parts: [2100] }]);
