// The package in Node: every worked example answered byte for byte as natively, and what the package adds around that.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { QuestionError, Tidewaiter, engine } from '../index.js';
import { FOLDER, middle, slice, vectors } from './files.js';

const books = new Map();
before(async () => {
  for (const { to } of vectors) if (!books.has(to)) books.set(to, await Tidewaiter.open(slice(to)));
});
const first = (to) => vectors.find((vector) => vector.to === to);

test('every worked example is answered byte for byte as natively', () => {
  assert.ok(vectors.length >= 150, `${vectors.length} vectors`);
  for (const { file, name, to, asked, quote, steps } of vectors) {
    assert.equal(books.get(to).quote_text(asked), quote, `${file}: ${name}`);
    assert.equal(books.get(to).quote_text(asked, { steps: true }), steps, `${file}: ${name}, with steps`);
  }
});

test('the object is the text, key by key', () => {
  for (const { to, asked, quote } of vectors.slice(0, 50)) {
    assert.equal(JSON.stringify(books.get(to).quote(JSON.parse(asked))), quote);
  }
});

test('a question that is wrong is refused with its problems', () => {
  const book = books.get('FR');
  const refused = (asked) => {
    try {
      return assert.fail(JSON.stringify(book.quote(asked)));
    } catch (e) {
      assert.ok(e instanceof QuestionError, e);
      return e.problems;
    }
  };
  const goods = { code: '6109.10', price: '1' };
  assert.equal(refused({ to: 'FR', currency: 'XX', items: [goods] })[0].field, 'currency');
  assert.match(refused({ to: 'US', currency: 'EUR', items: [goods] })[0].message, /slice.*FR only/);
  assert.match(refused({ to: 'FR', currency: 'EUR', items: [{ code: '6109.10', price: 1.5 }] })[0].message, /decimal number in quotes/);
  assert.match(refused({ to: 'FR', currency: 'EUR', itemz: [] })[0].message, /itemz/);
  assert.match(refused('{')[0].message, /EOF/);
  // And it answers after that.
  assert.equal(book.quote_text(first('FR').asked), first('FR').quote);
});

test('today comes from outside', () => {
  const asked = { to: 'FR', from: 'CN', currency: 'EUR', items: [{ code: '6109.10', price: '12.50', origin: 'CN' }] };
  assert.equal(books.get('FR').quote(asked, { today: '2026-07-02' }).date, '2026-07-02');
  assert.throws(() => books.get('FR').quote(asked, { today: '2.7.2026' }), TypeError);
  assert.throws(() => books.get('FR').data_age_days('tomorrow'), TypeError);
});

test('says what it is and how old', async () => {
  const book = await Tidewaiter.open(slice('FR', '.usual'));
  assert.deepEqual(book.slice.destinations, ['FR']);
  assert.equal(book.fingerprint, JSON.parse(book.quote_text(first('FR').asked)).ratebook);
  const days = [book.data_days.edition, book.data_days.rate].filter(Boolean).sort();
  assert.equal(book.data_day, days.at(-1));
  const later = new Date(Date.parse(book.data_day) + 12 * 86_400_000).toISOString().slice(0, 10);
  assert.equal(book.data_age_days(later), 12);
  assert.deepEqual(book.economies('2026-11-21').map(({ code }) => code), ['FR']);
  assert.equal(book.economy('FR').code, 'FR');
  assert.equal(book.economy('US'), null);
});

test('divides an order into parcels', () => {
  const goods = (code) => ({ code, origin: 'CN', quantity: 1, price: '90' });
  const asked = { from: 'CN', to: 'GB', currency: 'GBP', channel: 'post', items: [goods('6109.10'), goods('6110.20')] };
  const plan = books.get('GB').plan(asked, { today: '2026-11-21' });
  assert.ok(plan.options.length > 1);
});

test('an engine in process for the client library', async () => {
  const book = books.get('FR');
  const offline = engine(book);
  assert.equal(offline.name, 'offline');
  assert.equal(JSON.stringify(await offline.quote(JSON.parse(first('FR').asked))), first('FR').quote);
  assert.equal(offline.data_age_days, book.data_age_days());
  await assert.rejects(offline.quote({}, AbortSignal.abort()), { name: 'AbortError' });
  await assert.rejects(offline.quote({ to: 'FR' }), QuestionError);
});

test('bytes that are no ratebook are refused, and a broken one', async () => {
  await assert.rejects(Tidewaiter.open(new Uint8Array(10)), /too short/);
  const broken = Uint8Array.from(slice('FR'));
  broken[broken.length >> 1] ^= 1;
  await assert.rejects(Tidewaiter.open(broken), /damaged/);
});

test('the package works for require', async () => {
  const required = createRequire(import.meta.url)('../index.cjs');
  const book = await required.Tidewaiter.open(slice('FR'));
  assert.equal(book.quote_text(first('FR').asked), first('FR').quote);
  assert.equal((await required.engine(book).quote(JSON.parse(first('FR').asked))).outcome, JSON.parse(first('FR').quote).outcome);
});

test('what an answer takes', () => {
  const times = [];
  while (times.length < 10_000) {
    for (const { to, asked } of vectors) {
      const book = books.get(to);
      const begun = performance.now();
      book.quote_text(asked);
      times.push(performance.now() - begun);
    }
  }
  const figures = middle(times);
  writeFileSync(join(FOLDER, 'node.json'), JSON.stringify(figures));
  console.log('Node', JSON.stringify(figures));
  assert.ok(figures.quotes >= 10_000);
});
