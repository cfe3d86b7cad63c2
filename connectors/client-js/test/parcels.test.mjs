// Several parcels are one answer for the buyer, and never a better one than that of each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joined, together } from '../dist/index.js';

const row = (key, amount, line, more = {}) => ({
  key, name: key, kind: 'duty', class: 'duty', amount, collected_by: 'border', per_line: { [line]: amount }, ...more,
});
const answer = (total, charges, more = {}) => ({
  state: 'quoted', terms: 'ddp', outcome: 'amount', may_sell_ddp: true, may_sell_dap: true, proceed: 'ddp', charges, total, on_delivery: { least: '0', most: '0' },
  currency: 'EUR', missing: [], messages: ['said'], warnings: [], assumptions: [], editions: [], asked_at: '2026-11-23T00:00:00Z', fingerprint: 'f', basket: {}, ...more,
});
const first = answer('12.30', [row('duty', '12', '1'), row('fee', '0.3', '1', { class: 'fee' })]);
const second = answer('0.70', [row('duty', '0.70', '2')]);
const without = ({ total: _, ...rest }, more) => ({ ...rest, ...more });

test('rows of one charge are one row, with the parts of all lines', () => {
  const all = together([first, second]);
  assert.equal(all.total, '13');
  assert.deepEqual(all.charges.map(({ key, amount, per_line }) => [key, amount, per_line]), [['duty', '12.7', { 1: '12', 2: '0.70' }], ['fee', '0.3', { 1: '0.3' }]]);
  assert.deepEqual(all.messages, ['said'], 'what both say is said once');
});

test('what is collected in two places stays two rows', () => {
  assert.equal(joined([row('vat', '1', '1', { class: 'tax' }), row('vat', '2', '2', { class: 'tax', collected_by: 'seller' })]).length, 2);
});

test('one parcel is its own answer', () => {
  assert.equal(together([first]), first);
  assert.throws(() => together([]), /at least one parcel/);
});

test('a parcel without an amount leaves the order without one', () => {
  const open = without(second, { outcome: 'range', charges: [], bounds: { least: '1', most: '4' }, on_delivery: { least: '1', most: '4' }, may_sell_ddp: false, proceed: 'refuse' });
  const all = together([first, open]);
  assert.deepEqual([all.total, all.charges, all.outcome, all.may_sell_ddp, all.proceed], [undefined, [], 'range', false, 'refuse']);
  assert.deepEqual(all.bounds, { least: '13.3', most: '16.3' });
  const endless = together([first, without(open, { bounds: { least: '1' } })]);
  assert.deepEqual(endless.bounds, { least: '13.3' }, 'no upper limit of one is none of all');
  const away = together([first, without(second, { state: 'unavailable', charges: [], outcome: undefined, on_delivery: undefined })]);
  assert.deepEqual([away.state, away.total, away.bounds, away.on_delivery, away.charges], ['unavailable', undefined, undefined, undefined, []]);
});

test('the worst state is that of the order', () => {
  for (const state of ['unavailable', 'stale', 'offline']) assert.equal(together([first, { ...second, state }]).state, state);
  assert.equal(together([{ ...first, state: 'stale' }, { ...second, state: 'offline' }]).state, 'stale');
});

test('a line that is divided among parcels has the part of each', () => {
  const all = together([answer('3', [row('duty', '3', 'a')]), answer('4', [row('duty', '4', 'a')])]);
  assert.deepEqual(all.charges[0].per_line, { a: '7' });
  assert.equal(all.charges[0].amount, '7');
});

test('parcels under different terms are no order', () => {
  assert.throws(() => together([first, { ...second, terms: 'dap' }]), /same terms/);
});
