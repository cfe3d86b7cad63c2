// What a newcomer trips over: options that cannot be right, tables from a spreadsheet, and the guide's own checkout where nothing could be computed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before, describe } from 'node:test';
import { fileURLToPath } from 'node:url';
import { failuresTo } from '@tidewaiter/client/plugin';
import { startReal, startScripted } from '../../conformance/engine.mjs';
import { openAt, optionsOf } from './harness.mjs';
import { Api, startShop } from './shop.mjs';

const require = createRequire(import.meta.url);
const { examineOptions } = require('../.medusa/server/src/landed-cost/options.js');
const table = JSON.parse(readFileSync(new URL('../../conformance/scenarios.json', import.meta.url), 'utf8'));

let real;
let scripted;
let shop;
const setting = (rest = {}) => ({ table, engine: scripted.origin, currency: 'EUR', registrations: [], client: {}, ...rest });

before(async () => {
  real = await startReal(process.env.TIDEWAITER_BIN);
  scripted = await startScripted({ upstream: real.origin });
  shop = await startShop({ table, options: optionsOf(setting()) });
});
after(async () => {
  await shop?.stop();
  await scripted?.stop();
  await real?.stop();
});

async function quoteOf(document) {
  return (await fetch(`${real.origin}/v1/quotes`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(document) })).json();
}

describe('options that cannot be right', () => {
  const right = { url: 'http://127.0.0.1:1', consignment: { from: 'CN', channel: 'post' } };

  test('its own are examined too', () => {
    assert.throws(() => examineOptions({ ...right, weight_unit: 'lb' }), /@tidewaiter\/medusa-plugin: weight_unit: "lb" is none of g, kg/);
    assert.throws(() => examineOptions({ ...right, on_change: 'charge' }), /on_change: there is no such option/);
    examineOptions({ ...right, weight_unit: 'kg' });
  });

  test('a shop with such options does not start, and says why', async () => {
    const { consignment: settings, ...rest } = optionsOf(setting());
    await assert.rejects(startShop({ table, options: { ...rest, consignment: { ...settings, from: 'China' } } }), /consignment\.from: .{0,3}China.{0,3} is no country/);
  });
});

test('a question that is refused is logged by field and reason, once for all carts', async () => {
  const { errors } = await quoteOf({ ...table.settings, from: 'China', to: 'NL', currency: 'EUR', items: [{ code: '610910', origin: 'CN', quantity: 1, price: '1' }] });
  const said = [];
  const tell = failuresTo((text) => said.push(text));
  for (let cart = 0; cart < 3; cart += 1) tell('engine', { why: 'question', detail: 'the question is wrong', problems: errors });
  tell('engine', { why: 'timeout', detail: 'no answer in 9 ms', problems: [] });
  assert.equal(said.length, 2, said.join('\n'));
  assert.match(said[0], /refuses the question: from: "China" is not a territory .*did you mean "CN"/);
});

test('an empty cart lists no duty-paid delivery', async () => {
  await scripted.set({ mode: 'pass' });
  const one = await openAt(shop, setting());
  await one.cart();
  await one.add('tshirt', 1);
  await one.address(table.places.NL);
  assert.ok((await one.options()).some(({ name }) => name.startsWith('ddp')));
  await one.remove('tshirt');
  const names = (await one.options()).map(({ name }) => name);
  assert.ok(names.length > 0);
  assert.deepEqual(names.filter((name) => name.startsWith('ddp')), []);
});

describe('goods codes from a terminal', () => {
  const script = fileURLToPath(new URL('../bin/goods-codes.mjs', import.meta.url));
  const run = (...args) => new Promise((resolve) => {
    const env = { ...process.env, MEDUSA_URL: shop.url, MEDUSA_API_KEY: shop.token };
    execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr }));
  });
  async function confirm(text) {
    const folder = mkdtempSync(join(tmpdir(), 'goods-codes-'));
    try {
      writeFileSync(join(folder, 'codes.csv'), text);
      return await run('confirm', join(folder, 'codes.csv'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const id = () => shop.products.get('surprise');
  const set = (hs_code) => shop.admin.post(`/products/${id()}`, { hs_code });
  const codeNow = async () => (await shop.admin.get(`/products/${id()}`)).product.hs_code;

  test('a destination that is none is refused with what the engine says', async () => {
    await openAt(shop, setting());
    const { code, stdout, stderr } = await run('suggest', '--to', 'UK');
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /to: "UK" is not a territory known here.*did you mean "GB"\?/);
  });

  test('what is due is told in the currency of the shop and of the destination', async () => {
    const { variants: [item] } = await shop.admin.get('/landed-cost/variants?to=GB');
    assert.deepEqual([item.sku, item.currency_code, item.missing[0].narrows_currency], ['surprise', 'eur', 'GBP']);
    const { origin, weight_kg, price } = table.goods.surprise;
    const { terms: { checkout_ddp: due } } = await quoteOf({ ...table.settings, to: 'GB', currency: 'EUR', items: [{ origin, weight_kg, quantity: 1, price: price.EUR }] });
    const amounts = [...item.says.matchAll(/\d+(?:\.\d+)?/g)].map(([amount]) => Number(amount));
    for (const amount of [due.least_asked, due.most_asked, due.least, due.most].filter((one) => one !== undefined).map(Number)) assert.ok(amounts.includes(amount), `${amount} in ${item.says}`);
    assert.match(item.says, /EUR \(.* GBP\) is due/);
  });

  for (const [name, between] of [['semicolons', ';'], ['tabs', '\t']]) {
    test(`columns parted by ${name} are read`, async () => {
      await set('');
      const { code, stdout, stderr } = await confirm(`\uFEFF${['product_id', 'goods_code', 'confirmed'].join(between)}\r\n${[id(), '9503.00.41', 'yes'].join(between)}\r\n`);
      assert.deepEqual([code, stdout], [0, '1 goods code assigned\n'], stderr);
      assert.equal(await codeNow(), '9503.00.41');
    });
  }

  test('other words than yes and no are refused by row, and so are codes that are none; the rest is assigned', async () => {
    await set('');
    const rows = [['oui', '610910'], ['', '610910'], ['no', '610910'], ['yes', '999999'], ['yes', '888888'], ['yes', '6109.1'], ['yes', '9503.00.41']];
    const { code, stdout, stderr } = await confirm(`product_id,goods_code,confirmed\n${rows.map(([word, goods]) => `${id()},${goods},${word}\n`).join('')}`);
    assert.deepEqual([code, stdout], [1, '1 goods code assigned, 4 rows refused\n'], stderr);
    for (const words of [/row 2: .*"oui"; write yes/, /row 5: 999999 is no code of goods that are sold/, /row 6: 888888 does not exist/, /row 7: 6109\.1 has 5 digits/]) assert.match(stderr, words);
    assert.equal(await codeNow(), '9503.00.41');
  });

  test('a code that does not exist is written by no other way, and where the engine is away that is told', async () => {
    await set('');
    await assert.rejects(shop.admin.post('/landed-cost/goods-codes', { codes: [{ product_id: id(), goods_code: '888888' }] }), /888888 does not exist/);
    await scripted.set({ mode: 'down' });
    try {
      const { code, stdout, stderr } = await confirm(`product_id,goods_code,confirmed\n${id()},610910,yes\n`);
      assert.deepEqual([code, stdout], [0, '1 goods code assigned\n'], stderr);
      assert.match(stderr, /row 2: 610910 could not be checked/);
    } finally {
      await scripted.set({ mode: 'pass' });
      await set('');
    }
  });

  test('nobody without the right checks codes', async () => {
    await assert.rejects(new Api(`${shop.url}/admin`, {}).post('/landed-cost/goods-codes/check', { codes: [] }), ({ status }) => status === 401);
  });
});

describe("the guide's own checkout", () => {
  const page = readFileSync(new URL('../../../docs/guide/connect-medusa.md', import.meta.url), 'utf8');
  const program = /^```js checkout\.mjs\n(.*?)^```/ms.exec(page)[1];
  async function checkout(...args) {
    const folder = mkdtempSync(join(tmpdir(), 'checkout-'));
    try {
      const here = program.replace('http://127.0.0.1:21621', shop.url);
      assert.notEqual(here, program);
      writeFileSync(join(folder, 'checkout.mjs'), here);
      writeFileSync(join(folder, 'keys.json'), JSON.stringify({ publishable: shop.store.headers['x-publishable-api-key'], region: shop.regions.get('EUR') }));
      return await new Promise((resolve) => execFile(process.execPath, ['checkout.mjs', ...args], { cwd: folder }, (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr })));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test('shows the notice and sells duty-unpaid where the engine is away', async () => {
    await openAt(shop, setting({ engine: 'http://127.0.0.1:9' }));
    const { code, stdout, stderr } = await checkout('tshirt', '8', 'NL');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /on delivery: an amount that is not known/);
    assert.match(stdout, /notice: .*You may be asked to pay them on delivery/);
    assert.match(stdout, /ordered:/);
  });

  test('says that a cart is empty', async () => {
    await openAt(shop, setting());
    const { code, stdout, stderr } = await checkout('tshirt', '0', 'NL');
    assert.deepEqual([code, stderr], [1, '']);
    assert.match(stdout, /The cart is empty/);
  });

  test('says that an amount is not known, and no sum that narrows it, where there is no upper limit', async () => {
    await openAt(shop, setting());
    const { origin, weight_kg, price } = table.goods.surprise;
    const quote = await quoteOf({ ...table.settings, to: 'NL', currency: 'EUR', freight: table.shipping.standard.EUR, items: [{ origin, weight_kg, quantity: 1, price: price.EUR }] });
    assert.equal(quote.total.most, undefined, 'the example must have no upper limit');
    assert.equal(quote.missing[0].narrows_by, undefined, 'what decides whether there is a limit is worth no sum');
    const { code, stdout, stderr } = await checkout('surprise', '1', 'NL');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /missing: .*Without it the amount is not known/);
    assert.doesNotMatch(stdout, /narrow/);
  });
});
