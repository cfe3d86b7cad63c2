// The package as shops load it: by require, by import, with types.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { plainQuote } from './quotes.mjs';

const NAMES = ['Books', 'Client', 'DocumentError', 'EngineFailure', 'canonical', 'check', 'decimals', 'fingerprint', 'httpEngine', 'isAllBack', 'joined', 'orderDocument', 'refund', 'shown', 'snapshot', 'together'];

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

test('the ten lines of the page work', async () => {
  const server = createServer((request, response) => request.resume().on('end', () =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(plainQuote()))));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  // In the package, for it names itself.
  const file = new URL('ten-lines.tmp.mjs', import.meta.url);
  const said = async (port) => {
    writeFileSync(file, /```js\n(.*?)```/s.exec(page)[1].replace('https://duties.example', `http://127.0.0.1:${port}`));
    const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(file)], { timeout: 20_000 });
    return stdout;
  };
  try {
    // With nobody at the address it says so, and is not silent.
    assert.match(await said(9), /^not sold duty-paid: unreachable Duty, tax and fees could not be computed\./);
    const stdout = await said(server.address().port);
    assert.equal(stdout, 'Charge q.duty 12.00 EUR\nCharge q.tax 21.00 EUR\ncharge 33.00 EUR\n');
  } finally {
    rmSync(file);
    server.close();
  }
});

test('the types hold in a strict shop, with modules of either kind', async () => {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const file = fileURLToPath(new URL('types/shop.ts', import.meta.url));
  for (const module of ['nodenext', 'preserve --moduleResolution bundler']) {
    const options = `--noEmit --strict --exactOptionalPropertyTypes --skipLibCheck false --target es2022 --types node --module ${module}`.split(' ');
    await promisify(execFile)(process.execPath, [compiler, ...options, file], { timeout: 60_000, cwd: fileURLToPath(new URL('..', import.meta.url)) }).catch(({ stdout, message }) => assert.fail(stdout || message));
  }
});
