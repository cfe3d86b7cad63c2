// What a newcomer trips over: options that cannot be right, shipping methods that cannot be read, tables from a spreadsheet, and the guide's own checkout
// where nothing could be computed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { describe } from 'node:test';
import { fileURLToPath } from 'node:url';
import { optionsOf } from './harness.mjs';
import { logged, same, scene, table } from './scene.mjs';
import { plugin, require } from './shop.mjs';

const { ShippingMethod, TransactionalConnection } = require('@vendure/core');
const at = scene();
const { buyer, setting } = at;

describe('options that cannot be right', () => {
  const right = { url: 'http://127.0.0.1:1', consignment: { from: 'CN', channel: 'post', mode: 'air', seller: { registrations: ['eu.ioss'] } } };
  const consignment = (change) => ({ ...right, consignment: { ...right.consignment, ...change } });
  const WRONG = [
    [consignment({ from: 'China' }), /TidewaiterPlugin: consignment\.from: "China" is no country; .*ISO 3166/],
    [{ ...right, on_change: 'ask' }, /on_change: "ask" is none of refuse, charge/],
    [{ ...right, weight_unit: 'g' }, /weight_unit: there is no such option/],
  ];
  for (const [options, words] of WRONG) test(`${words}`, () => assert.throws(() => plugin.TidewaiterPlugin.init(options), words));

  test('right ones are taken', () => {
    const before = plugin.TidewaiterPlugin.options;
    try {
      plugin.TidewaiterPlugin.init({ ...right, policy: 'closed', on_change: 'charge' });
    } finally {
      plugin.TidewaiterPlugin.options = before;
    }
  });

  test('all that is wrong is told at once, and no key', () => {
    assert.throws(() => plugin.TidewaiterPlugin.init({ ...consignment({ from: 'China', channel: 'postal' }), api_key: 'twk_0123456789' }), (error) => {
      for (const word of ['"China"', '"postal"', 'api_key']) assert.ok(error.message.includes(word), word);
      assert.ok(!error.message.includes('0123456789'));
      return true;
    });
  });
});

test('a question that is refused is logged by field and reason, once for all carts', async () => {
  const options = { ...optionsOf(setting()), client: {}, consignment: () => ({ ...table.settings, from: 'China' }) };
  const said = await logged('warn', async () => {
    const { one } = await buyer({ terms: null, options });
    for (const quantity of [5, 6, 7]) await one.quantity('tshirt', quantity);
    assert.ok(at.scripted.calls() >= 4, 'each of these carts must have been asked about');
  });
  assert.equal(said.length, 1, said.join('\n'));
  assert.match(said[0], /refuses the question: from: "China" is not a territory .*did you mean \\?"CN\\?"/);
});

describe('a shipping method that cannot be read', () => {
  const create = (terms, rates) => at.shop.admin.ask('mutation ($input: CreateShippingMethodInput!) { it: createShippingMethod(input: $input) { id } }', {
    input: {
      code: 'odd', fulfillmentHandler: 'manual-fulfillment', translations: [{ languageCode: 'en', name: 'Odd', description: '' }],
      checker: { code: plugin.TERMS_CHECKER, arguments: [{ name: 'terms', value: terms }, { name: 'orderMinimum', value: '0' }] },
      calculator: { code: plugin.RATE_CALCULATOR, arguments: [{ name: 'rates', value: rates }] },
    },
  });
  const methodsIn = () => at.shop.app.get(TransactionalConnection).rawConnection.getRepository(ShippingMethod);
  const BAD = [['DDP', 'EUR 7.00', /"DDP" is neither ddp nor dap/], ['ddp', '7,00', /"7,00" cannot be read/], ['ddp', 'EUR 7,00', /"EUR 7,00" cannot be read at "00"/], ['ddp', 'EUR 7.001', /more decimals/]];

  test('is refused when it is saved, and leaves nothing', async () => {
    const before = await methodsIn().count();
    for (const [terms, rates, words] of BAD) await assert.rejects(create(terms, rates), words);
    assert.equal(await methodsIn().count(), before);
  });

  test('that is there all the same is left out at checkout and logged once; the others stay', async () => {
    const { it: { id } } = await create('ddp', 'EUR 5.00');
    try {
      for (const [terms, rates, words] of BAD) {
        const method = await methodsIn().findOneByOrFail({ id });
        method.code = `odd ${terms} ${rates}`;
        method.checker = { ...method.checker, args: [{ name: 'terms', value: terms }, { name: 'orderMinimum', value: '0' }] };
        method.calculator = { ...method.calculator, args: [{ name: 'rates', value: rates }] };
        await methodsIn().save(method);
        const atStart = await logged('error', () => at.shop.app.get(require('../dist/delivery-watch.js').DeliveryWatch).look());
        assert.equal(atStart.length, 1, atStart.join('\n'));
        assert.match(atStart[0], words);
        const said = await logged('error', async () => {
          const { one } = await buyer({ terms: null });
          for (let times = 0; times < 2; times += 1) {
            const { eligibleShippingMethods } = await one.api.ask('{ eligibleShippingMethods { code } }');
            assert.deepEqual(eligibleShippingMethods.map(({ code }) => code).sort(), ['dap-fast', 'dap-standard', 'ddp-fast', 'ddp-standard']);
          }
        });
        assert.equal(said.length, 1, said.join('\n'));
        assert.match(said[0], words);
      }
    } finally {
      await at.shop.admin.ask('mutation ($id: ID!) { deleteShippingMethod(id: $id) { result } }', { id });
    }
  });
});

test('an empty cart lists no duty-paid delivery, and what was chosen stays for the next goods', async () => {
  const { one, model } = await buyer();
  await one.remove('tshirt');
  const { eligibleShippingMethods } = await one.api.ask('{ eligibleShippingMethods { code } }');
  assert.ok(eligibleShippingMethods.length > 0);
  const { activeOrder } = await one.api.ask('{ activeOrder { shippingLines { shippingMethod { code } } } }');
  const chosen = activeOrder.shippingLines.map(({ shippingMethod: { code } }) => code);
  assert.deepEqual(eligibleShippingMethods.filter(({ code }) => code.startsWith('ddp') && !chosen.includes(code)), []);
  await one.add('tshirt', 2);
  model.goods.set('tshirt', 2);
  assert.deepEqual(await one.delivery('ddp', 'standard'), {});
  same((await one.pay()).paid, await at.right(model));
});

test('a rule says in words what a charge is reckoned on', async () => {
  const { one } = await buyer({ goods: { tshirt: 8 } });
  const { landedCost: { reasons } } = await at.shop.admin.ask('query ($id: ID!) { landedCost(orderId: $id) { reasons { name baseRule base } } }', { id: one.id });
  const bases = reasons.filter(({ baseRule }) => baseRule);
  assert.ok(bases.some(({ baseRule }) => /customs/.test(baseRule)) && bases.some(({ baseRule }) => /eu\.duty/.test(baseRule)), 'the example must have both');
  for (const { baseRule, base } of bases) {
    assert.ok(!/\bcustoms\b(?! value)|inland-freight|\beu\./.test(base), base);
    if (/\beu\.duty\b/.test(baseRule)) assert.match(base, /\+ Customs duty/);
  }
});

describe('goods codes from a terminal', () => {
  const script = fileURLToPath(new URL('../bin/goods-codes.mjs', import.meta.url));
  const run = (...args) => new Promise((resolve) => {
    const env = { ...process.env, VENDURE_ADMIN_API: at.shop.admin.url, VENDURE_USER: 'admin', VENDURE_PASSWORD: 'admin' };
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
  const id = () => at.shop.variants.get('surprise');
  const set = (goodsCode) => at.shop.admin.ask('mutation ($input: [UpdateProductVariantInput!]!) { updateProductVariants(input: $input) { id } }', { input: [{ id: id(), customFields: { goodsCode } }] });
  const codeNow = async () => (await at.shop.admin.ask('query ($id: ID!) { it: productVariant(id: $id) { customFields { goodsCode } } }', { id: id() })).it.customFields.goodsCode;

  test('a destination that is none is refused with what the engine says', async () => {
    await buyer();
    const { code, stdout, stderr } = await run('suggest', '--to', 'UK');
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /to: "UK" is not a territory known here.*did you mean "GB"\?/);
  });

  test('what is due is told in the currency of the shop and of the destination', async () => {
    await set(null);
    const { variantsLackingCustomsData: { items: [item] } } = await at.shop.admin.ask('{ variantsLackingCustomsData(to: "GB") { items { sku says currencyCode missing { narrowsCurrency } } } }');
    assert.equal(item.sku, 'surprise');
    assert.deepEqual([item.currencyCode, item.missing[0].narrowsCurrency], ['EUR', 'GBP']);
    const { origin, weight_kg, price } = table.goods.surprise;
    const question = { ...table.settings, seller: { registrations: [] }, to: 'GB', currency: 'EUR', items: [{ origin, weight_kg, quantity: 1, price: price.EUR }] };
    const { terms: { checkout_ddp: due } } = await (await fetch(`${at.real.origin}/v1/quotes`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(question) })).json();
    const amounts = [...item.says.matchAll(/\d+(?:\.\d+)?/g)].map(([amount]) => Number(amount));
    const wanted = [due.least_asked, due.most_asked, due.least, due.most].filter((amount) => amount !== undefined).map(Number);
    for (const amount of wanted) assert.ok(amounts.includes(amount), `${amount} in ${item.says}`);
    assert.match(item.says, /EUR \(.* GBP\) is due/);
  });

  for (const [name, between] of [['semicolons', ';'], ['tabs', '\t'], ['commas', ',']]) {
    test(`columns parted by ${name} are read, with the mark at the beginning that spreadsheets write`, async () => {
      await set(null);
      const { code, stdout } = await confirm(`\uFEFF${['variant_id', 'name', 'goods_code', 'confirmed'].join(between)}\r\n${[id(), `"A ""box""${between} red"`, '9503.00.41', 'Yes'].join(between)}\r\n`);
      assert.deepEqual([code, stdout], [0, '1 goods code assigned\n']);
      assert.equal(await codeNow(), '9503.00.41');
    });
  }

  test('a table without the columns is refused, and says which it wants', async () => {
    const { code, stderr } = await confirm('id|goods_code|confirmed\n1|610910|yes\n');
    assert.equal(code, 1);
    assert.match(stderr, /must name the columns variant_id, goods_code, confirmed/);
  });

  test('other words than yes and no are refused by row, and so are codes that are none; the rest is assigned', async () => {
    await set(null);
    const rows = [['oui', '610910'], ['sí', '610910'], ['ja', '610910'], ['', '610910'], ['no', '610910'], ['yes', '999999'], ['yes', '888888'], ['yes', '6109.1'], ['yes', ''], ['yes', '9503.00.41']];
    const { code, stdout, stderr } = await confirm(`variant_id,goods_code,confirmed\n${rows.map(([word, goods]) => `${id()},${goods},${word}\n`).join('')}`);
    assert.equal(code, 1);
    assert.equal(stdout, '1 goods code assigned, 7 rows refused\n');
    const told = [/row 2: .*"oui"; write yes/, /row 3: .*"sí"; write yes/, /row 4: .*"ja"; write yes/, /row 7: 999999 is no code of goods that are sold/, /row 8: 888888 does not exist/, /row 9: 6109\.1 has 5 digits/, /row 10: goods_code is empty/];
    for (const words of told) assert.match(stderr, words);
    assert.doesNotMatch(stderr, /row (5|6|11):/);
    assert.equal(await codeNow(), '9503.00.41');
  });

  test('a code that does not exist is written by no other way, and where the engine is away that is told', async () => {
    await set(null);
    await assert.rejects(at.shop.admin.ask('mutation ($input: [SetCustomsDataInput!]!) { setCustomsData(input: $input) }', { input: [{ variantId: id(), goodsCode: '888888' }] }), /888888 does not exist/);
    await at.scripted.set({ mode: 'down' });
    try {
      const { code, stdout, stderr } = await confirm(`variant_id,goods_code,confirmed\n${id()},610910,yes\n`);
      assert.deepEqual([code, stdout], [0, '1 goods code assigned\n']);
      assert.match(stderr, /row 2: 610910 could not be checked/);
    } finally {
      await at.scripted.set({ mode: 'pass' });
      await set(null);
    }
  });
});

describe("the guide's own checkout", () => {
  const page = readFileSync(new URL('../../../docs/guide/connect-vendure.md', import.meta.url), 'utf8');
  const program = /^```js checkout\.mjs\n(.*?)^```/ms.exec(page)[1];
  async function checkout(...args) {
    const folder = mkdtempSync(join(tmpdir(), 'checkout-'));
    try {
      // At this shop, with its way to pay.
      const here = program.replace('http://127.0.0.1:21581/shop-api', at.shop.shopApi('EUR').url).replace('method: "pay"', 'method: "prepaid"');
      assert.notEqual(here, program);
      writeFileSync(join(folder, 'checkout.mjs'), here);
      return await new Promise((resolve) => execFile(process.execPath, ['checkout.mjs', ...args], { cwd: folder }, (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr })));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const configured = async (options = {}) => {
    await buyer();
    at.shop.service.configure({ ...optionsOf(setting({ client: {} })), ...options });
  };

  test('pays duty-paid where it can', async () => {
    await configured();
    const { code, stdout, stderr } = await checkout('tshirt', '8', 'NL');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /PaymentSettled/);
    assert.doesNotMatch(stdout, /notice/);
  });

  for (const [name, change] of [['the engine is away', { url: 'http://127.0.0.1:9' }], ['the question is refused', { consignment: () => ({ ...table.settings, from: 'China' }) }]]) {
    test(`shows the notice and sells duty-unpaid where ${name}`, async () => {
      await configured(change);
      const { code, stdout, stderr } = await checkout('tshirt', '8', 'NL');
      assert.equal(code, 0, stderr);
      assert.match(stdout, /on delivery: an amount that is not known/);
      assert.match(stdout, /notice: .*You may be asked to pay them on delivery/);
      assert.match(stdout, /PaymentSettled/);
    });
  }

  test('says that a cart is empty', async () => {
    await configured();
    for (const quantity of ['0', '-1']) {
      const { code, stdout, stderr } = await checkout('tshirt', quantity, 'NL');
      assert.equal(code, 1);
      assert.equal(stderr, '');
      assert.match(stdout, /The cart is empty/);
    }
  });

  test('says that an amount is not known, and no sum that narrows it, where there is no upper limit', async () => {
    await configured();
    const { code, stdout, stderr } = await checkout('surprise', '1', 'NL');
    assert.equal(code, 0, stderr);
    const { origin, weight_kg, price } = table.goods.surprise;
    const question = { ...table.settings, to: 'NL', currency: 'EUR', freight: table.shipping.standard.EUR, items: [{ origin, weight_kg, quantity: 1, price: price.EUR }] };
    const quote = await (await fetch(`${at.real.origin}/v1/quotes`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(question) })).json();
    assert.equal(quote.total.most, undefined, 'the example must have no upper limit');
    assert.equal(quote.missing[0].narrows_by, undefined, 'what decides whether there is a limit is worth no sum');
    assert.match(stdout, /missing: .*Without it the amount is not known/);
    assert.doesNotMatch(stdout, /narrow/);
  });
});
