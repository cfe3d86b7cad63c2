// Decimal numbers: exact, and parts that add up.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import * as decimal from '../dist/decimal.js';
import { decimals, shown } from '../dist/currency.js';
import { parts } from '../dist/places.js';
import { random } from './quotes.mjs';

test('what is written reads back as the same number', () => {
  const { upTo } = random(1);
  for (let round = 0; round < 2000; round += 1) {
    const units = BigInt(upTo(4_000_000_000)) * BigInt(upTo(4_000_000_000)) * (upTo(1) === 0 ? 1n : -1n);
    assert.equal(decimal.parse(decimal.print(units)), units);
  }
});

test('equal numbers are equal however they are written, and a tenth is exact', () => {
  assert.ok(decimal.same('6', '6.00'));
  assert.equal(decimal.sum(['0.1', '0.2']), '0.3');
  assert.equal(decimal.sum(Array(1000).fill('0.01')), '10');
});

for (const wrong of ['', '.5', '1.', '1e3', ' 1', '1,5', '0x1', '1.0000000000001', 'NaN', '--1', null, undefined, 1.5, {}]) {
  test(`${JSON.stringify(wrong) ?? 'undefined'} is refused`, () => assert.throws(() => decimal.parse(wrong), RangeError));
}

test('parts add up to the whole, and none is more than a step from its share', () => {
  const { upTo, pick } = random(2);
  for (let round = 0; round < 3000; round += 1) {
    const unit = decimal.step(pick([0, 2, 3]));
    const total = BigInt(upTo(100_000_000)) * unit;
    const weights = Array.from({ length: 1 + upTo(8) }, () => BigInt(pick([0, 1, upTo(5), upTo(1_000_000)])));
    const parts = decimal.apportion(total, weights, unit);
    assert.equal(parts.reduce((left, right) => left + right), total);
    const whole = weights.reduce((left, right) => left + right);
    if (whole === 0n) continue;
    parts.forEach((part, at) => {
      const distance = part * whole - total * weights[at];
      assert.ok((distance < 0n ? -distance : distance) < unit * whole, `part ${at} of round ${round}`);
    });
  }
});

test('of equal remainders the first gets the step, and a total finer than the step is divided whole', () => {
  const cent = decimal.step(2);
  assert.deepEqual(decimal.apportion(cent, [1n, 1n], cent), [cent, 0n]);
  assert.deepEqual(decimal.apportion(2n * cent, [1n, 1n, 1n], cent), [cent, cent, 0n]);
  assert.deepEqual(decimal.apportion(decimal.parse('0.015'), [1n, 2n], cent).map(decimal.print), ['0.005', '0.01']);
});

test('every currency has the smallest unit of the world table', () => {
  const table = readFileSync(new URL('../../../data/currencies.toml', import.meta.url), 'utf8');
  const rows = [...table.matchAll(/^code = "([A-Z]{3})"\nname = .*\nminor = (\d)$/gm)];
  assert.ok(rows.length > 150, `only ${rows.length} currencies were read`);
  for (const [, code, minor] of rows) assert.equal(decimals(code), Number(minor), code);
});

test('an amount is shown with the decimals of its currency, and nothing of it is lost', () => {
  const right = [['21.4', 'EUR', '21.40'], ['0', 'EUR', '0.00'], ['12', 'JPY', '12'], ['3', 'KWD', '3.000'], ['3.1250', 'EUR', '3.125'], ['0.5', 'JPY', '0.5'], ['-7.1', 'EUR', '-7.10']];
  for (const [amount, currency, text] of right) assert.equal(shown(amount, currency), text);
  assert.throws(() => shown('1,5', 'EUR'), RangeError);
});

test('the places where a postcode moves the destination are those of the world table', () => {
  const table = readFileSync(new URL('../../../data/territories.toml', import.meta.url), 'utf8');
  const rows = table.split('[[territory]]').map((row) => [/^part_of = "(.*)"$/m.exec(row)?.[1], /^code = "(.*)"$/m.exec(row)?.[1]]).filter(([state]) => state);
  assert.ok(rows.length > 50, `only ${rows.length} places were read`);
  const known = [...parts].flatMap(([state, places]) => places.map((place) => [state, place]));
  assert.deepEqual(known.sort(), rows.sort());
});
