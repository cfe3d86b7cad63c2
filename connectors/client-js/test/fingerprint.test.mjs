// Fingerprints: the same in every language, and of the basket alone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { canonical, DocumentError, fingerprint } from '../dist/index.js';
import { basket, random } from './quotes.mjs';

const { vectors } = JSON.parse(readFileSync(new URL('../../conformance/fingerprints.json', import.meta.url), 'utf8'));
for (const { name, basket: held, canonical: text, sha256 } of vectors) {
  test(`vector: ${name}`, () => {
    assert.equal(canonical({ version: 1, ...held }), text);
    assert.equal(fingerprint(held), sha256);
  });
}

function shuffled(value, { upTo }) {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, { upTo }));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([key, held]) => [upTo(1_000_000), key, held]);
  fields.sort((left, right) => left[0] - right[0]);
  return Object.fromEntries(fields.map(([, key, held]) => [key, shuffled(held, { upTo })]));
}

test('the order of keys does not count', () => {
  const chance = random(3);
  for (const { basket: held, sha256 } of vectors) {
    for (let round = 0; round < 20; round += 1) assert.equal(fingerprint(shuffled(held, chance)), sha256);
  }
});

test('each field of the basket counts, and the ids of the lines do not', () => {
  const prints = new Set([fingerprint(basket())]);
  const changes = [
    { terms: 'dap' },
    ...Object.entries({ to: 'US', currency: 'USD', date: '2026-11-21', freight: '1', discount: '1', seller: { registrations: ['eu.ioss'] } })
      .map(([key, value]) => ({ consignment: { ...basket().consignment, [key]: value } })),
    ...Object.entries({ quantity: 8, price: '25.01', code: '4901.99', discount: '1' })
      .map(([key, value]) => ({ consignment: { ...basket().consignment, items: [{ ...basket().consignment.items[0], [key]: value }] } })),
  ];
  for (const change of changes) prints.add(fingerprint(basket(change)));
  assert.equal(prints.size, changes.length + 1);
  assert.equal(fingerprint(basket({ lines: ['other'] })), fingerprint(basket()));
});

test('a fraction, a date object or a circle is refused with its place', () => {
  const circle = {};
  circle.again = circle;
  assert.throws(() => canonical({ items: [{ price: 12.5 }] }), /items\[0\]\.price: the number 12\.5/);
  assert.throws(() => canonical({ at: new Date(0) }), DocumentError);
  assert.throws(() => canonical(circle), /deeper/);
});
