// The package as shops load it: by require, by import, with types.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import test from 'node:test';

const NAMES = ['Client', 'DocumentError', 'EngineFailure', 'canonical', 'check', 'decimals', 'fingerprint', 'httpEngine', 'refund', 'snapshot'];

test('require and import give the same names and the same things', async () => {
  const required = createRequire(import.meta.url)('@tidewaiter/client');
  const imported = await import('@tidewaiter/client');
  assert.deepEqual(Object.keys(required).sort(), NAMES);
  for (const name of NAMES) assert.equal(imported[name], required[name], name);
});

test('there are types, and nothing is needed at run time', () => {
  const { types, dependencies } = createRequire(import.meta.url)('@tidewaiter/client/package.json');
  assert.ok(existsSync(new URL(`../${types}`, import.meta.url)));
  assert.equal(dependencies, undefined);
});
