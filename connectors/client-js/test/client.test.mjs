// The client: cache, one call at a time, circuit breaker, policies. The clock is ours.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Client, EngineFailure, check, refund, snapshot } from '../dist/index.js';
import { Cache } from '../dist/cache.js';
import { Breaker } from '../dist/breaker.js';
import { basket, plainQuote } from './quotes.mjs';

/** An engine that does what it is told, and counts. */
function scripted() {
  const engine = {
    name: 'scripted', calls: 0, does: 'answer',
    async quote(_, signal) {
      engine.calls += 1;
      if (engine.does === 'hang') return new Promise(() => {});
      if (engine.does === 'wait') await new Promise((resolve) => setTimeout(resolve, 20));
      if (engine.does instanceof Error) throw engine.does;
      assert.equal(signal.aborted, false);
      return plainQuote();
    },
  };
  return engine;
}

function setting(options = {}) {
  const clock = { ms: Date.parse('2026-11-20T10:00:00Z') };
  const engine = scripted();
  const client = new Client({ engines: [engine], timeout_ms: 40, now: () => clock.ms, ...options });
  return { clock, engine, client };
}
const other = (at) => basket({ consignment: { ...basket().consignment, freight: String(at) } });

test('no call without a destination, terms or goods', async () => {
  const { engine, client } = setting();
  const base = basket().consignment;
  for (const held of [
    basket({ consignment: { ...base, to: undefined } }), basket({ consignment: { ...base, to: null } }), basket({ consignment: { ...base, to: ' ' } }),
    basket({ terms: null }), basket({ lines: [], consignment: { ...base, items: [] } }),
  ]) {
    const answer = await client.quote(held);
    assert.deepEqual([answer.state, answer.proceed, 'total' in answer], ['none_due_here', 'none', false]);
  }
  assert.equal(engine.calls, 0);
});

test('a malformed basket is a mistake of the caller', async () => {
  const { client } = setting();
  await assert.rejects(client.quote(basket({ lines: [] })), /ids: 0, items: 1; give one id for each item/);
  await assert.rejects(client.quote(basket({ terms: 'fob' })), /neither/);
  const items = [basket().consignment.items[0], basket().consignment.items[0]];
  await assert.rejects(client.quote(basket({ lines: ['a', 'a'], consignment: { ...basket().consignment, items } })), /two items/);
});

test('the same basket is asked once in a quarter of an hour, for both delivery options', async () => {
  const { clock, engine, client } = setting();
  const first = await client.quote(basket());
  clock.ms += 14 * 60_000;
  const again = await client.quote(basket());
  assert.deepEqual([again.state, again.asked_at, again.total], ['quoted', first.asked_at, first.total]);
  await client.quote(basket({ terms: 'dap' }));
  assert.equal(engine.calls, 1);
  clock.ms += 60_000;
  const later = await client.quote(basket());
  assert.equal(engine.calls, 2);
  assert.notEqual(later.asked_at, first.asked_at);
});

test('two carts with the same goods share the answer, each with its own lines', async () => {
  const { engine, client } = setting();
  const left = await client.quote(basket({ lines: ['left'] }));
  const right = await client.quote(basket({ lines: ['right'] }));
  assert.equal(engine.calls, 1);
  assert.deepEqual([Object.keys(left.charges[0].per_line), Object.keys(right.charges[0].per_line)], [['left'], ['right']]);
});

test('who asks the same at the same time shares one call', async () => {
  const { engine, client } = setting({ timeout_ms: 10_000 });
  engine.does = 'wait';
  const answers = await Promise.all(['a', 'b', 'c'].map((line) => client.quote(basket({ lines: [line] }))));
  assert.equal(engine.calls, 1);
  assert.deepEqual(answers.map((answer) => Object.keys(answer.charges[0].per_line)[0]), ['a', 'b', 'c']);
});

test('what the shop does to its basket meanwhile does not reach the answer', async () => {
  const { engine, client } = setting({ timeout_ms: 10_000 });
  engine.does = 'wait';
  const held = basket();
  const waiting = client.quote(held);
  held.consignment.items[0].quantity = 99;
  assert.equal((await waiting).basket.consignment.items[0].quantity, 4);
});

test('one who spoils an answer spoils nobody else\'s', async () => {
  const { client } = setting();
  const answer = await client.quote(basket());
  assert.throws(() => { answer.quote.total.least_asked = '0'; }, TypeError);
  answer.charges.length = 0;
  assert.equal((await client.quote(basket())).charges.length, 2);
});

test('an engine that hangs costs the time limit twice, and then nothing until the trial', async () => {
  const { clock, engine, client } = setting();
  engine.does = 'hang';
  for (const at of [1, 2]) assert.equal((await client.quote(other(at))).why, 'timeout');
  for (const at of [3, 4, 5]) assert.equal((await client.quote(other(at))).why, 'refused');
  assert.equal(engine.calls, 2);
  clock.ms += 4999;
  assert.equal((await client.quote(other(6))).why, 'refused');
  clock.ms += 1;
  engine.does = 'answer';
  assert.equal((await client.quote(other(7))).state, 'quoted');
  assert.equal((await client.quote(other(8))).state, 'quoted');
  assert.equal(engine.calls, 4);
});

test('after the pause one trial goes out, and when it fails the pause begins again', async () => {
  const { clock, engine, client } = setting();
  engine.does = new EngineFailure('http 500');
  await client.quote(other(1));
  await client.quote(other(2));
  clock.ms += 5000;
  engine.does = 'hang';
  const [trial, beside] = await Promise.all([client.quote(other(3)), client.quote(other(4))]);
  assert.deepEqual([trial.why, beside.why, engine.calls], ['timeout', 'refused', 3]);
  clock.ms += 4999;
  assert.equal((await client.quote(other(5))).why, 'refused');
});

test('success in between closes it; a refused question does not open it, 408, 429 and 500 do', async () => {
  for (const [why, opens] of [['http 401', false], ['http 404', false], ['question', false], ['http 408', true], ['http 429', true], ['http 500', true], ['bad answer', true], ['unreachable', true]]) {
    const { engine, client } = setting();
    engine.does = new EngineFailure(why);
    for (const at of [1, 2, 3, 4]) await client.quote(other(at));
    assert.equal(engine.calls, opens ? 2 : 4, why);
  }
  const { engine, client } = setting();
  for (const at of [1, 2, 3, 4, 5, 6]) {
    engine.does = at % 2 === 0 ? 'answer' : new EngineFailure('http 500');
    await client.quote(other(at));
  }
  assert.equal(engine.calls, 6);
});

test('a call that was under way when it opened does not make the pause longer', () => {
  let now = 0;
  const breaker = new Breaker({ failures: 2, open_ms: 5000 }, () => now);
  breaker.failed();
  breaker.failed();
  now = 4000;
  breaker.failed();
  now = 5000;
  assert.equal(breaker.allows(), true);
});

test('policy open: duty-unpaid with a notice, never duty-paid', async () => {
  const { engine, client } = setting({ policy: 'open' });
  engine.does = new Error('gone');
  const answer = await client.quote(basket());
  assert.deepEqual([answer.state, answer.why, answer.may_sell_ddp, answer.proceed], ['unavailable', 'unreachable', false, 'dap']);
  assert.equal(answer.warnings.length, 1);
  // It is shown to the buyer, so it speaks to the buyer.
  assert.match(answer.warnings[0], /You may be asked to pay them on delivery/);
  assert.equal('total' in answer, false);
  assert.equal('on_delivery' in answer, false);
});

test('policy closed: duty-paid is refused, duty-unpaid may be offered', async () => {
  const { clock, engine, client } = setting({ policy: 'closed' });
  await client.quote(basket());
  clock.ms += 16 * 60_000;
  engine.does = new EngineFailure('http 500');
  const answer = await client.quote(basket());
  assert.deepEqual([answer.state, answer.why, answer.may_sell_ddp, answer.may_sell_dap, answer.proceed], ['unavailable', 'http 500', false, true, 'refuse']);
});

test('policy last-known: the same basket of less than a day, and no other', async () => {
  const { clock, engine, client } = setting();
  const first = await client.quote(basket());
  engine.does = new EngineFailure('http 500');
  clock.ms += 16 * 60_000;
  const stale = await client.quote(basket());
  assert.deepEqual([stale.state, stale.why, stale.may_sell_ddp, stale.total, stale.asked_at], ['stale', 'http 500', true, first.total, first.asked_at]);
  assert.equal((await client.quote(other(1))).state, 'unavailable');
  clock.ms += 24 * 3_600_000;
  const late = await client.quote(basket());
  assert.deepEqual([late.state, late.proceed], ['unavailable', 'refuse']);
});

test('a refused question says which fields, and no older answer stands in', async () => {
  const { clock, engine, client } = setting();
  await client.quote(basket());
  clock.ms += 16 * 60_000;
  const problems = [{ field: 'to', value: 'XQ', message: 'is not a territory known here' }];
  engine.does = new EngineFailure('question', 'wrong', problems);
  const answer = await client.quote(basket());
  assert.deepEqual([answer.state, answer.why, answer.problems], ['unavailable', 'question', problems]);
});

test('a second engine answers when the first fails', async () => {
  const { engine } = setting();
  engine.does = new EngineFailure('http 500');
  const both = new Client({ engines: [engine, { name: 'spare', quote: async () => plainQuote() }] });
  const answer = await both.quote(basket());
  assert.deepEqual([answer.state, answer.engine], ['quoted', 'spare']);
});

test('the offline engine answers last, says its age, and its answer is not kept as fresh', async () => {
  const offline = { ...scripted(), name: 'slice', data_age_days: 12 };
  const own = { calls: 0 };
  offline.quote = async () => { own.calls += 1; return plainQuote(); };
  const { clock, engine, client } = setting({ offline });
  assert.deepEqual([(await client.quote(basket())).state, own.calls], ['quoted', 0]);
  engine.does = new EngineFailure('http 500');
  const answer = await client.quote(other(1));
  assert.deepEqual([answer.state, answer.data_age_days, answer.engine, answer.may_sell_ddp], ['offline', 12, 'slice', true]);
  clock.ms += 60_000;
  engine.does = 'answer';
  assert.equal((await client.quote(other(1))).state, 'quoted');
  engine.does = new EngineFailure('http 500');
  clock.ms += 16 * 60_000;
  assert.equal((await client.quote(basket())).state, 'stale', 'what was said of this very basket goes before the slice');
});

test('a log that throws does not stop a sale', async () => {
  const told = [];
  const { engine, client } = setting({ on_failure: (name, failure) => { told.push([name, failure.why]); throw new Error('disk full'); } });
  engine.does = new EngineFailure('http 500');
  assert.equal((await client.quote(basket())).state, 'unavailable');
  assert.deepEqual(told, [['scripted', 'http 500']]);
});

test('a clock that is set back makes no answer young, and `forget` forgets', async () => {
  const { clock, engine, client } = setting();
  await client.quote(basket());
  clock.ms -= 3_600_000;
  await client.quote(basket());
  assert.equal(engine.calls, 2);
  client.forget();
  await client.quote(basket());
  assert.equal(engine.calls, 3);
});

test('any text may be the id of a line', async () => {
  const { client } = setting();
  const answer = await client.quote(basket({ lines: ['__proto__'] }));
  assert.deepEqual(Object.keys(answer.charges[0].per_line), ['__proto__']);
  const back = refund(snapshot(answer), [{ line: '__proto__', quantity: 4 }]);
  assert.deepEqual([back.total, Object.keys(back.charges[0].per_line)], [answer.total, ['__proto__']]);
});

test('no terms and `null` are the same basket', async () => {
  const { client } = setting();
  const { terms, ...without } = basket();
  assert.equal(terms, 'ddp');
  assert.equal(check(snapshot(await client.quote(without)), without).same, true);
});

test('the cache is bounded, and the least recently used leaves', () => {
  const cache = new Cache(2);
  cache.set('a', 1);
  cache.set('b', 2);
  cache.get('a');
  cache.set('c', 3);
  assert.deepEqual([cache.size, cache.get('a'), cache.get('b'), cache.get('c')], [2, 1, undefined, 3]);
});

test('options that make no sense are refused by name', () => {
  const engines = [scripted()];
  assert.throws(() => new Client({ engines: [] }), /engines/);
  assert.throws(() => new Client({ engines, policy: 'maybe' }), /policy/);
  assert.throws(() => new Client({ engines, timeout_ms: 0 }), /timeout_ms/);
  assert.throws(() => new Client({ engines, cache_ms: Number.NaN }), /cache_ms/);
});
