// From a quote to rows: they add up, on every term and to every line.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { Client, refund, snapshot, check } from '../dist/index.js';
import { faultOf } from '../dist/quote.js';
import { basket, exactQuote, plainQuote, randomCase, units } from './quotes.mjs';

const asked = (quote, held, options = {}) =>
  new Client({ engines: [{ name: 'made up', quote: async () => structuredClone(quote) }], ...options }).quote(held);

test('rows add up to the total, and lines to their row, for random quotes', async () => {
  for (let seed = 0; seed < 400; seed += 1) {
    const { quote, basket: held, decimals } = randomCase(seed);
    const answer = await asked(quote, held);
    assert.equal(answer.state, 'quoted', `seed ${seed}: ${answer.why}`);
    const of = held.terms === 'ddp' ? quote.total : quote.terms.checkout_dap;
    assert.equal(units(answer.total, decimals), units(of.least_asked, decimals));
    let total = 0n;
    for (const charge of answer.charges) {
      const parts = Object.values(charge.per_line).map((part) => units(part, decimals));
      assert.equal(parts.reduce((left, right) => left + right, 0n), units(charge.amount, decimals), `seed ${seed} ${charge.key}`);
      assert.ok(parts.every((part) => part > 0n));
      if (held.terms === 'dap') assert.equal(charge.collected_by, 'seller');
      total += units(charge.amount, decimals);
    }
    assert.equal(total, units(answer.total, decimals), `seed ${seed}`);
  }
});

test('refunds in any division give back exactly what was paid, and at no moment more', async () => {
  for (let seed = 1000; seed < 1300; seed += 1) {
    const { quote, basket: held, decimals, upTo, pick } = randomCase(seed);
    const taken = snapshot(await asked(quote, held));
    const left = new Map(held.lines.map((line, at) => [line, held.consignment.items[at].quantity]));
    const already = [];
    const back = new Map();
    let total = 0n;
    while ([...left.values()].some((some) => some > 0)) {
      const now = [];
      for (const [line, some] of left) {
        const quantity = pick([0, upTo(some), some]);
        if (quantity > 0) now.push({ line, quantity });
        left.set(line, some - quantity);
      }
      const step = refund(taken, now, { already });
      for (const charge of step.charges) {
        const parts = Object.values(charge.per_line).reduce((sum, part) => sum + units(part, decimals), 0n);
        assert.equal(parts, units(charge.amount, decimals));
        back.set(charge.key, (back.get(charge.key) ?? 0n) + parts);
        const paid = taken.charges.find((one) => one.key === charge.key);
        assert.ok(back.get(charge.key) <= units(paid.amount, decimals), `seed ${seed}: more of ${charge.key} than was paid`);
      }
      total += units(step.total, decimals);
      assert.equal(total + units(step.left, decimals), units(taken.total, decimals), `seed ${seed}`);
      already.push(...now);
    }
    assert.equal(total, units(taken.total, decimals), `seed ${seed}`);
  }
});

test('a refund refuses more than was sold, unknown lines and negative quantities', async () => {
  const taken = snapshot(await asked(plainQuote(), basket()));
  assert.throws(() => refund(taken, [{ line: 'a', quantity: 5 }]), /5 returned of 4/);
  assert.throws(() => refund(taken, [{ line: 'a', quantity: 1 }], { already: [{ line: 'a', quantity: 4 }] }), /5 returned of 4/);
  assert.throws(() => refund(taken, [{ line: 'b', quantity: 1 }]), /not in the order/);
  assert.throws(() => refund(taken, [{ line: 'a', quantity: -1 }]), /negative/);
});

test('amounts finer than the currency go back whole', async () => {
  const quote = exactQuote([{ key: 'q.duty', parts: [12345] }], { decimals: 3 });
  const taken = snapshot(await asked(quote, basket()));
  const first = refund(taken, [{ line: 'a', quantity: 1 }]);
  const rest = refund(taken, [{ line: 'a', quantity: 3 }], { already: [{ line: 'a', quantity: 1 }] });
  assert.deepEqual([first.total, rest.total, rest.left], ['3.08', '9.265', '0']);
});

test('what a shop keeps does not go back', async () => {
  const quote = exactQuote([{ key: 'q.duty', parts: [1200] }, { key: 'q.fee', kind: 'fee', parts: [277] }]);
  const taken = snapshot(await asked(quote, basket()));
  const back = refund(taken, [{ line: 'a', quantity: 4 }], { keep: ['fee'] });
  assert.deepEqual(back.charges.map((charge) => charge.key), ['q.duty']);
  assert.equal(back.left, '0');
});

test('duty-paid charges all, duty-unpaid only what the seller must collect', async () => {
  const ddp = await asked(plainQuote(), basket());
  assert.deepEqual([ddp.total, ddp.on_delivery, ddp.proceed], ['33', { least: '0', most: '0' }, 'ddp']);
  assert.deepEqual(ddp.charges.map((row) => [row.key, row.class, row.amount, row.collected_by]), [['q.duty', 'duty', '12', 'border'], ['q.tax', 'tax', '21', 'seller']]);
  const dap = await asked(plainQuote(), basket({ terms: 'dap' }));
  assert.deepEqual([dap.total, dap.on_delivery, dap.proceed], ['21', { least: '12', most: '12' }, 'dap']);
  assert.deepEqual(dap.charges.map((row) => row.key), ['q.tax']);
});

test('a charge that is collected in two places becomes two rows', async () => {
  const quote = exactQuote([{ key: 'q.tax', kind: 'gst', parts: [1000, 500] }]);
  quote.charges[0].treatments = [{ ...quote.charges[0].treatments[0], amount: '10', collect: 'seller' }, { ...quote.charges[0].treatments[0], amount: '5', collect: 'border' }];
  const part = (amount) => ({ least: amount, most: amount, least_asked: amount, most_asked: amount });
  Object.assign(quote.terms, { seller: part('10'), border: part('5'), checkout_dap: part('10'), on_delivery_dap: part('5') });
  const items = [basket().consignment.items[0], basket().consignment.items[0]];
  const held = basket({ lines: ['a', 'b'], consignment: { ...basket().consignment, items } });
  const answer = await asked(quote, held);
  assert.deepEqual(answer.charges.map((row) => [row.collected_by, row.amount]), [['seller', '10'], ['border', '5']]);
});

const range = () => {
  const quote = plainQuote();
  quote.outcome = 'range';
  for (const sum of [quote.total, quote.terms.checkout_ddp]) Object.assign(sum, { most: '40', most_asked: '40' });
  for (const sum of [quote.terms.border, quote.terms.on_delivery_dap, quote.charges[0].sum]) Object.assign(sum, { most: '19', most_asked: '19' });
  quote.missing = [{ fact: 'code', item: 1, question: 'What is the goods code?', narrows_by: '7' }];
  return quote;
};

test('a range is never one number: duty-paid is withheld, and what is missing is named with its price', async () => {
  const answer = await asked(range(), basket());
  assert.equal(answer.may_sell_ddp, false);
  assert.equal(answer.proceed, 'refuse');
  assert.equal('total' in answer, false);
  assert.deepEqual(answer.charges, []);
  assert.deepEqual(answer.bounds, { least: '33', most: '40' });
  assert.deepEqual(answer.on_delivery, { least: '12', most: '19' });
  assert.deepEqual(answer.missing, [{ fact: 'code', item: 1, line: 'a', question: 'What is the goods code?', narrows_by: '7', narrows_currency: 'EUR' }]);
  assert.equal((await asked(range(), basket(), { policy: 'open' })).proceed, 'dap');
  const dap = await asked(range(), basket({ terms: 'dap' }));
  assert.deepEqual([dap.total, dap.proceed], ['21', 'dap']);
});

for (const outcome of ['prohibited', 'not-allowed']) {
  test(`${outcome}: not sold under any terms, whatever the policy`, async () => {
    const quote = { ...range(), outcome };
    for (const policy of ['open', 'last-known', 'closed']) {
      for (const terms of ['ddp', 'dap']) {
        const answer = await asked(quote, basket({ terms }), { policy });
        assert.deepEqual([answer.may_sell_ddp, answer.may_sell_dap, answer.proceed], [false, false, 'refuse']);
        assert.equal('total' in answer, false);
        assert.equal('on_delivery' in answer, false);
      }
    }
  });
}

test('unknown is not zero: where the seller part is open, duty-unpaid goes on only with the policy open', async () => {
  const quote = range();
  quote.outcome = 'unknown';
  for (const sum of [quote.total, quote.terms.checkout_ddp, quote.terms.checkout_dap]) {
    delete sum.most;
    delete sum.most_asked;
  }
  const held = basket({ terms: 'dap' });
  const answer = await asked(quote, held);
  assert.deepEqual([answer.proceed, 'total' in answer, answer.bounds], ['refuse', false, { least: '21' }]);
  assert.equal((await asked(quote, held, { policy: 'open' })).proceed, 'dap');
});

test('a snapshot is plain JSON, and the check names what changed', async () => {
  const taken = snapshot(await asked(plainQuote(), basket()));
  assert.deepEqual(JSON.parse(JSON.stringify(taken)), taken);
  assert.match(taken.quote_sha256, /^[0-9a-f]{64}$/);
  assert.equal(check(taken, basket()).same, true);
  const changed = basket();
  changed.consignment.items[0].quantity = 8;
  const found = check(taken, changed);
  assert.deepEqual([found.same, found.changed], [false, ['consignment.items[0].quantity']]);
  assert.deepEqual(check(taken, basket({ terms: 'dap' })).changed, ['terms']);
});

const spoiled = {
  'charges that do not add up': (quote) => { quote.charges[0].sum.least_asked = quote.charges[0].sum.most_asked = '13'; },
  'parts that do not add up': (quote) => { quote.items[0].charges[0].amount = '11'; },
  'another currency': (quote) => { quote.asked_currency = 'USD'; },
  'other items': (quote) => { quote.items.push(quote.items[0]); },
  'a negative sum': (quote) => { quote.total.least_asked = '-1'; },
  'a number in place of a string': (quote) => { quote.total.least_asked = 33; },
  'another version': (quote) => { quote.version = 2; },
  'an outcome that is not known': (quote) => { quote.outcome = 'free'; },
  'a fraction that is no string': (quote) => { quote.confidence = 0.5; },
  'no terms': (quote) => { delete quote.terms; },
  'an amount with a range in it': (quote) => { quote.terms.checkout_dap.most_asked = '40'; },
};
for (const [name, spoil] of Object.entries(spoiled)) {
  test(`bad answer: ${name}`, async () => {
    const quote = plainQuote();
    spoil(quote);
    const answer = await asked(quote, basket());
    assert.deepEqual([answer.state, answer.why, answer.may_sell_ddp], ['unavailable', 'bad answer', false]);
  });
}

// ---- The same good and bad answers as in Python ----

const shared = JSON.parse(readFileSync(new URL('../../conformance/answers.json', import.meta.url), 'utf8'));

function changed({ change }) {
  const held = structuredClone({ consignment: shared.consignment, quote: shared.quote });
  for (const [path, value] of Object.entries(change)) {
    const names = path.split('.');
    const last = names.pop();
    names.reduce((at, name) => at[name], held)[last] = structuredClone(value);
  }
  return held;
}

for (const one of shared.cases) {
  test(`${one.fault === null ? 'good' : 'bad'} answer: ${one.name}`, async () => {
    const { consignment, quote } = changed(one);
    const fault = faultOf(quote, consignment);
    if (one.fault === null) assert.equal(fault, undefined);
    else assert.match(fault ?? 'none', new RegExp(one.fault));
    const answer = await asked(quote, basket({ consignment }));
    assert.equal(answer.why, one.fault === null ? undefined : 'bad answer');
  });
}
