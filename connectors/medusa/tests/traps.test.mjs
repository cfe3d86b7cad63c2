// Each trap of Medusa that was met on the real shop, and those met while this plugin was made. What is right is asked of the engine.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before, describe } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startReal, startScripted } from '../../conformance/engine.mjs';
import { expected, Model } from '../../conformance/expected.mjs';
import { sum, text, times, units } from '../../conformance/money.mjs';
import { openAt, optionsOf } from './harness.mjs';
import { freePort } from './port.mjs';
import { Api, startShop } from './shop.mjs';

const table = JSON.parse(readFileSync(new URL('../../conformance/scenarios.json', import.meta.url), 'utf8'));

let real;
let scripted;
let shop;
let behind;
const setting = (rest = {}) => ({ table, engine: scripted.origin, currency: 'EUR', registrations: [], client: { policy: 'closed' }, ...rest });

before(async () => {
  real = await startReal(process.env.TIDEWAITER_BIN);
  scripted = await startScripted({ upstream: real.origin });
  // A shop that has hooks of its own, which is the trap "Cannot define multiple hook handlers": it starts, and all below holds.
  shop = await startShop({ table, options: optionsOf(setting()), environment: { SHOP_HOOKS: 'own' } });
  const testing = new Api(`${shop.url}/testing`);
  behind = (method, ...args) => testing.post('/cart', { method, args });
});
after(async () => {
  await shop?.stop();
  await scripted?.stop();
  await real?.stop();
});

/** A buyer with goods on the way to the Netherlands, and the model of what is right. */
async function buyer({ goods = { tshirt: 4 }, place = 'NL', terms = 'ddp', options = {}, ...rest } = {}) {
  const given = setting(rest);
  await scripted.set({ mode: 'pass' });
  const one = await openAt(shop, { ...given, options });
  scripted.reset();
  await one.cart();
  for (const [good, quantity] of Object.entries(goods)) await one.add(good, quantity);
  await one.address(table.places[place]);
  if (terms) assert.deepEqual(await one.delivery(terms, 'standard'), {});
  const model = Object.assign(new Model(table, { currency: given.currency, registrations: given.registrations }), { goods: new Map(Object.entries(goods)), place, terms, speed: terms ? 'standard' : undefined });
  return { one, model };
}
const right = async (model) => sum([model.plain, (await expected(real.origin, model)).due(model.terms).least]);
const same = (found, wanted) => assert.equal(text(units(String(found))), text(units(wanted)));
const isRow = (item) => (item.variant_sku ?? '').startsWith('landed-cost:');
const rowsOf = (cart) => cart.items.filter(isRow);
const cartOf = async (one, fields = '') => (await one.store.get(`/carts/${one.id}${fields}`)).cart;
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

/** Begins a payment as a storefront does. */
async function begin(one) {
  const { payment_collection } = await one.store.post('/payment-collections', { cart_id: one.id });
  return (await one.store.post(`/payment-collections/${payment_collection.id}/payment-sessions`, { provider_id: 'pp_system_default' })).payment_collection;
}

describe('trap: a change of a line asks nobody, and the old figures stay', () => {
  test('in the very answer to each change the cart is right, for one call at most', async () => {
    const { one, model } = await buyer({ goods: { tshirt: 4, book: 1 } });
    for (const quantity of [8, 1, 4]) {
      scripted.reset();
      const cart = await one.quantity('tshirt', quantity);
      model.goods.set('tshirt', quantity);
      same(cart.total, await right(model));
      assert.ok(scripted.calls() <= 1, `${scripted.calls()} calls for one change`);
    }
    scripted.reset();
    const without = await one.remove('tshirt');
    model.goods.delete('tshirt');
    same(without.total, await right(model));
    const abroad = await one.address(table.places.GB);
    model.place = 'GB';
    same(abroad.total, await right(model));
    assert.ok(scripted.calls() <= 2);
  });

  test('a line that is added brings the others along', async () => {
    const { one, model } = await buyer({ goods: { tshirt: 5 } });
    const cart = await one.add('toy', 3);
    model.goods.set('toy', 3);
    same(cart.total, await right(model));
  });

  test('an empty cart owes nothing', async () => {
    const { one } = await buyer();
    assert.deepEqual((await one.remove('tshirt')).items, []);
  });
});

describe('trap: adding a delivery asks with no goods', () => {
  test('the freight is in the base of the duty, at once and when it changes', async () => {
    const { one, model } = await buyer({ goods: { tshirt: 8 } });
    same(one.seen.total, await right(model));
    const before = (await expected(real.origin, model)).due('ddp').least;
    await one.delivery('ddp', 'fast');
    model.speed = 'fast';
    same(one.seen.total, await right(model));
    assert.notEqual((await expected(real.origin, model)).due('ddp').least, before, 'the example must depend on the freight');
  });
});

describe('trap: completing asks nobody', () => {
  test('a cart that was changed behind the back of all is refused, shown anew, and then paid right', async () => {
    const { one, model } = await buyer({ goods: { tshirt: 4 } });
    await begin(one);
    await behind('updateLineItems', one.line('tshirt'), { quantity: 8 });
    model.goods.set('tshirt', 8);
    const before = (await cartOf(one)).total;
    assert.notEqual(String(before), await right(model));
    assert.match((await one.pay()).refused, /have changed from .* to .*look at the order again/);
    same((await cartOf(one)).total, await right(model));
    same((await one.pay()).paid, await right(model));
  });

  test('the last check of the workflow itself refuses too, whoever runs it', async () => {
    const { one } = await buyer();
    await begin(one);
    await behind('updateLineItems', one.line('tshirt'), { quantity: 8 });
    const testing = new Api(`${shop.url}/testing`);
    await assert.rejects(testing.post('/complete', { id: one.id }), /have changed from/);
    assert.equal((await cartOf(one, '?fields=+completed_at')).completed_at, null);
  });

  test('rows of which one was changed are refused', async () => {
    const { one } = await buyer();
    await begin(one);
    const [row] = rowsOf(one.seen);
    await behind('updateLineItems', row.id, { unit_price: 0.01 });
    const testing = new Api(`${shop.url}/testing`);
    await assert.rejects(testing.post('/complete', { id: one.id }), /have changed from/);
  });

  test('a payment of another amount is refused', async () => {
    const { one, model } = await buyer();
    const { payment_sessions: [session] } = await begin(one);
    same(session.amount, await right(model));
    await new Api(`${shop.url}/testing`).post('/payment', { id: session.id, amount: 1 });
    await assert.rejects(new Api(`${shop.url}/testing`).post('/complete', { id: one.id }), /payment is of/);
  });

  test('a payment that has begun ends with the change of the cart', async () => {
    const { one, model } = await buyer();
    await begin(one);
    await one.quantity('tshirt', 9);
    model.goods.set('tshirt', 9);
    const { payment_collection } = await cartOf(one, '?fields=total,*payment_collection,*payment_collection.payment_sessions');
    same(payment_collection.amount, await right(model));
    assert.deepEqual(payment_collection.payment_sessions, []);
    await assert.rejects(one.store.post(`/carts/${one.id}/complete`), /Payment sessions are required/);
  });

  test('the shop\'s own rule in the same hook still holds', async () => {
    const { one } = await buyer();
    await begin(one);
    await one.store.post(`/carts/${one.id}`, { metadata: { wanted_by: 'nobody' } });
    await assert.rejects(one.store.post(`/carts/${one.id}/complete`));
    await one.store.post(`/carts/${one.id}`, { metadata: { wanted_by: 'all' } });
    assert.ok((await one.pay()).paid);
  });
});

describe('trap: a country without a tax region', () => {
  test('is asked about like all others', async () => {
    const { tax_regions } = await shop.admin.get('/tax-regions?limit=100');
    const { id, provider_id } = tax_regions.find((one) => one.country_code === 'nl');
    await shop.admin.delete(`/tax-regions/${id}`);
    try {
      const { one, model } = await buyer({ goods: { tshirt: 8 } });
      assert.ok(rowsOf(one.seen).length > 0);
      same((await one.pay()).paid, await right(model));
    } finally {
      await shop.admin.post('/tax-regions', { country_code: 'nl', provider_id });
    }
  });
});

describe('trap: duty is taxed again', () => {
  test('a shop that taxes the destination itself takes no tax on the rows, by no route, and is told', async () => {
    const { tax_regions } = await shop.admin.get('/tax-regions?limit=100');
    const { id, provider_id } = tax_regions.find((one) => one.country_code === 'nl');
    await shop.admin.delete(`/tax-regions/${id}`);
    const { tax_region } = await shop.admin.post('/tax-regions', { country_code: 'nl', provider_id, default_tax_rate: { name: 'VAT', rate: 10, code: 'vat' } });
    try {
      const { one, model } = await buyer({ goods: { tshirt: 8 } });
      const due = (await expected(real.origin, model)).due('ddp').least;
      const wanted = sum([due, times(text(units(model.plain) / 10n), 11)]);
      const holds = async () => {
        const cart = await cartOf(one, '?fields=total,*items,*items.tax_lines');
        for (const row of rowsOf(cart)) {
          assert.deepEqual(row.tax_lines, []);
          same(row.total, String(row.unit_price));
        }
        assert.ok(cart.items.find((item) => item.variant_sku === 'tshirt').tax_lines.length > 0, 'the goods must be taxed in this example');
        assert.ok(rowsOf(cart).length > 0);
        same(cart.total, wanted);
      };
      await holds();
      same((await one.store.post(`/carts/${one.id}/taxes`)).cart.total, wanted);
      await holds();
      await one.address(table.places.GB);
      await one.address(table.places.NL);
      await holds();
      const { landed_cost } = await one.store.post(`/carts/${one.id}/landed-cost`);
      assert.match(landed_cost.warnings.join(' '), /own tax of 10 %/);
      same((await one.pay()).paid, wanted);
    } finally {
      await shop.admin.delete(`/tax-regions/${tax_region.id}`);
      await shop.admin.post('/tax-regions', { country_code: 'nl', provider_id });
    }
  });

  test('the rows have no tax lines, so no code of one can collide', async () => {
    const { one } = await buyer();
    const cart = await cartOf(one, '?fields=*items,*items.tax_lines,*items.adjustments');
    for (const row of rowsOf(cart)) assert.deepEqual([row.tax_lines, row.adjustments], [[], []]);
    assert.ok(rowsOf(cart).length > 0);
  });
});

describe('trap: each change waits for an engine that hangs', () => {
  test('two changes wait, then nobody does, whatever the basket', async () => {
    const { one } = await buyer({ terms: null });
    const took = async (work) => { const start = performance.now(); await work(); return performance.now() - start; };
    const usual = [];
    for (const quantity of [2, 3, 2]) usual.push(await took(() => one.quantity('tshirt', quantity)));
    await scripted.set({ mode: 'hang' });
    scripted.reset();
    const waited = [];
    for (const quantity of [5, 6]) waited.push(await took(() => one.quantity('tshirt', quantity)));
    const after = [];
    for (const quantity of [7, 8, 9]) after.push(await took(() => one.quantity('tshirt', quantity)));
    assert.equal(scripted.calls(), 2);
    assert.ok(Math.min(...waited) > 1000, 'the engine must have been waited for');
    assert.ok(median(after) < 1000 + median(usual), `changes took ${after} ms, and ${usual} ms with an engine that answers`);
  });

  test('who changes the cart meanwhile gets the lock in its two seconds', async () => {
    const { one } = await buyer({ terms: null });
    await scripted.set({ mode: 'hang' });
    scripted.reset();
    const first = one.quantity('tshirt', 5);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await one.store.post(`/carts/${one.id}`, { metadata: { note: 'a gift' } });
    await first;
    assert.ok(scripted.calls() >= 1);
    const cart = await cartOf(one, '?fields=+metadata');
    assert.equal(cart.metadata.note, 'a gift');
    assert.equal(cart.items.find((item) => item.variant_sku === 'tshirt').quantity, 5);
  });
});

describe('promotions', () => {
  test('a discount in percent takes no part of the duty, by a route that ends without a hook', async () => {
    const { one, model } = await buyer({ goods: { tshirt: 8 } });
    scripted.reset();
    const cart = await one.coupon('TENTH-OFF');
    const off = text(units(times(table.goods.tshirt.price.EUR, 8)) / 10n);
    same(cart.discount_total, off);
    model.coupon = 'TENTH-OFF';
    model.table = { ...table, coupons: { 'TENTH-OFF': { EUR: off } } };
    same(cart.total, await right(model));
    assert.equal(scripted.calls(), 1);
    const { cart: full } = await one.store.delete(`/carts/${one.id}/promotions`, { promo_codes: ['TENTH-OFF'] });
    model.coupon = undefined;
    same(full.total, await right(model));
    same((await one.pay()).paid, await right(model));
  });
});

describe('rows that a buyer lays hands on', () => {
  test('a row that is removed, or of which more are wanted, is what it was', async () => {
    const { one, model } = await buyer();
    const [row] = rowsOf(one.seen);
    const { parent } = await one.store.delete(`/carts/${one.id}/line-items/${row.id}`);
    same(parent.total, await right(model));
    const [again] = rowsOf(parent);
    const { cart } = await one.store.post(`/carts/${one.id}/line-items/${again.id}`, { quantity: 3, metadata: { landed_cost: null } });
    same(cart.total, await right(model));
    same((await one.pay()).paid, await right(model));
  });

  test('metadata of a buyer make no row of goods, and no goods of a row', async () => {
    const { one, model } = await buyer();
    const { cart } = await one.store.post(`/carts/${one.id}/line-items/${one.line('tshirt')}`, { quantity: 4, metadata: { landed_cost: { key: 'eu.duty', class: 'duty', collected_by: 'border' } } });
    same(cart.total, await right(model));
    assert.equal(cart.items.find((item) => item.variant_sku === 'tshirt').quantity, 4);
    same((await one.pay()).paid, await right(model));
  });

  test('another region lets go of rows with a price of their own, and they are there again', async () => {
    const { one, model } = await buyer({ goods: { tshirt: 8 } });
    const pounds = shop.regions.get('GBP');
    await shop.admin.post(`/regions/${shop.regions.get('EUR')}`, { countries: shop.countries.filter((code) => code !== 'gb') });
    await shop.admin.post(`/regions/${pounds}`, { countries: ['gb'] });
    try {
      const { cart } = await one.store.post(`/carts/${one.id}`, { region_id: pounds });
      assert.equal(cart.currency_code, 'gbp');
      Object.assign(model, { place: 'GB', scenario: { currency: 'GBP', registrations: [] } });
      same(cart.total, await right(model));
    } finally {
      await shop.admin.post(`/regions/${pounds}`, { countries: [] });
      await shop.admin.post(`/regions/${shop.regions.get('EUR')}`, { countries: shop.countries });
    }
  });
});

describe('delivery options', () => {
  const names = async (one) => (await one.options()).map(({ name }) => name).filter((name, at, all) => all.indexOf(name) === at).sort();
  test('they stay and go with the terms that can be had', async () => {
    const { one } = await buyer({ terms: null });
    assert.deepEqual(await names(one), ['dap fast', 'dap standard', 'ddp fast', 'ddp standard']);
    await scripted.set({ mode: 'status', status: 500 });
    await one.quantity('tshirt', 5);
    assert.deepEqual(await names(one), ['dap fast', 'dap standard']);
  });

  test('closed: duty-paid that can no longer be had is neither charged nor quietly changed, and cannot be paid', async () => {
    const { one, model } = await buyer();
    await scripted.set({ mode: 'status', status: 500 });
    const cart = await one.quantity('tshirt', 5);
    model.goods.set('tshirt', 5);
    assert.deepEqual(cart.shipping_methods.map(({ shipping_option_id }) => shipping_option_id), [shop.options.get('1 ddp-standard')]);
    assert.deepEqual(rowsOf(cart), []);
    same(cart.total, model.plain);
    const { landed_cost } = await one.store.get(`/carts/${one.id}/landed-cost`);
    assert.ok(landed_cost.notice);
    assert.match((await one.pay()).refused, /Choose another delivery/);
  });

  test('open: it becomes duty-unpaid, with a notice', async () => {
    const { one, model } = await buyer({ client: { policy: 'open' } });
    await scripted.set({ mode: 'status', status: 500 });
    await one.quantity('tshirt', 5);
    model.goods.set('tshirt', 5);
    const cart = await cartOf(one);
    assert.deepEqual(cart.shipping_methods.map(({ shipping_option_id }) => shipping_option_id), [shop.options.get('1 dap-standard')]);
    assert.deepEqual(rowsOf(cart), []);
    const { landed_cost } = await one.store.get(`/carts/${one.id}/landed-cost`);
    assert.equal(landed_cost.terms, 'dap');
    assert.match(landed_cost.notice, /on delivery/);
    same((await one.pay()).paid, model.plain);
  });

  test('at home nothing is asked, and duty-paid is no option', async () => {
    const { one } = await buyer({ terms: null, options: { not_asked: ['NL'] } });
    assert.deepEqual(await names(one), ['dap fast', 'dap standard']);
    assert.deepEqual(await one.delivery('dap', 'standard'), {});
    assert.ok((await one.pay()).paid);
    assert.equal(scripted.calls(), 0);
  });
});

describe('the engine itself is killed', () => {
  test('in mid-checkout, and started again: what was shown is paid, nothing wrong is, and all is well afterwards', async () => {
    const port = await freePort();
    const startEngine = async () => {
      const child = spawn(process.env.TIDEWAITER_BIN, ['serve', '--listen', `127.0.0.1:${port}`, '--rate', '2000', '--burst', '4000', '--drain', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
      const endWithUs = () => child.kill('SIGKILL');
      process.once('exit', endWithUs);
      await once(child.stdout, 'data');
      child.stdout.resume();
      return { async kill() { child.kill('SIGKILL'); await once(child, 'exit'); process.off('exit', endWithUs); } };
    };
    let engine = await startEngine();
    try {
      const options = { url: `http://127.0.0.1:${port}`, client: { breaker: { open_ms: 300 } } };
      const first = await buyer({ options });
      const second = await buyer({ options });
      await first.one.review();
      await engine.kill();
      same((await first.one.pay()).paid, await right(first.model));
      const cart = await second.one.quantity('tshirt', 8);
      second.model.goods.set('tshirt', 8);
      assert.deepEqual(rowsOf(cart), []);
      assert.ok((await second.one.pay()).refused);
      engine = await startEngine();
      await new Promise((resolve) => setTimeout(resolve, 400));
      await second.one.review();
      same(second.one.seen.total, await right(second.model));
      same((await second.one.pay()).paid, await right(second.model));
    } finally {
      await engine.kill().catch(() => {});
    }
  });
});

describe('on the order', () => {
  test('what was quoted is frozen: nothing that happens later moves it', async () => {
    const { one } = await buyer();
    const { paid } = await one.pay();
    const before = await one.order();
    await scripted.set({ mode: 'changed', by: '5.00' });
    scripted.reset();
    await assert.rejects(one.store.post(`/carts/${one.id}/landed-cost`), /no open cart|already completed/);
    await one.store.post(`/carts/${one.id}/complete`);
    const later = await one.order();
    same(later.total, paid);
    assert.deepEqual(later, before);
    assert.equal(scripted.calls(), 0);
    const [taken] = before.snapshot;
    assert.match(taken.quote_sha256, /^[0-9a-f]{64}$/);
    assert.ok(taken.editions.length > 0 && taken.editions.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256)));
  });

  test('a refund never gives more than was paid, is remembered, and the books of the order balance', async () => {
    const { one } = await buyer();
    await one.pay();
    const { charges } = await one.order();
    const first = await one.refund([{ good: 'tshirt', quantity: 3 }]);
    await assert.rejects(one.refund([{ good: 'tshirt', quantity: 2 }]), /returned of 4 sold/);
    const rest = await one.refund([{ good: 'tshirt', quantity: 1 }]);
    same(sum([first.total, rest.total]), sum(charges.map(({ amount }) => amount)));
    const { order } = await shop.admin.get(`/orders/${one.order_id}?fields=summary,*payment_collections.payments.refunds`);
    const refunds = order.payment_collections.flatMap(({ payments }) => payments).flatMap((payment) => payment.refunds);
    same(sum(refunds.map(({ amount }) => String(amount))), sum([first.total, rest.total]));
    assert.equal(order.summary.pending_difference, 0);
    const { landed_cost } = await shop.admin.get(`/orders/${one.order_id}/landed-cost`);
    assert.deepEqual(landed_cost.returned.map(({ item_id, quantity }) => [one.sold.items.find(({ id }) => id === item_id).variant_sku, quantity]), [['tshirt', 3], ['tshirt', 1]]);
  });

  test('lines that are alike keep their own parts', async () => {
    const { one } = await buyer({ goods: { tshirt: 3 } });
    // Of the same kind, but kept apart, as a gift is.
    const { cart } = await one.store.post(`/carts/${one.id}/line-items`, { variant_id: shop.variants.get('tshirt'), quantity: 3, metadata: { gift: true } });
    assert.equal(cart.items.filter((item) => item.variant_sku === 'tshirt').length, 2);
    await one.pay();
    const { charges } = await one.order();
    let back = '0';
    for (const item of one.sold.items.filter((line) => line.variant_sku === 'tshirt')) {
      const { refund } = await shop.admin.post(`/orders/${one.order_id}/landed-cost/refund`, { lines: [{ item_id: item.id, quantity: 3 }] });
      back = sum([back, refund.total]);
    }
    same(back, sum(charges.map(({ amount }) => amount)));
  });

  test('what is not asked for well is refused', async () => {
    const { one } = await buyer();
    await one.pay();
    await one.order();
    const ask = (body) => shop.admin.post(`/orders/${one.order_id}/landed-cost/refund`, body);
    await assert.rejects(ask({ lines: [] }), ({ status }) => status === 400);
    await assert.rejects(ask({ lines: [{ item_id: 'ordli_none', quantity: 1 }] }), ({ status }) => status === 400);
    await assert.rejects(ask({ lines: [{ item_id: one.sold.items.find((item) => item.variant_sku === 'tshirt').id, quantity: -1 }] }), ({ status }) => status === 400);
    await assert.rejects(shop.admin.get('/orders/order_none/landed-cost'), ({ status }) => status === 404);
  });
});

describe('what the shop lacks', () => {
  test('is told with the price of not knowing, and found: suggested, not assigned, until a person confirms', async () => {
    await buyer();
    const lacking = () => shop.admin.get('/landed-cost/variants?to=NL');
    const before = await lacking();
    assert.deepEqual(before.variants.map(({ sku }) => sku), ['surprise']);
    assert.equal(before.count, 1);
    const [item] = before.variants;
    assert.deepEqual(item.lacks, ['hs_code']);
    assert.equal(item.suggestions, null, 'not asked is not the same as none found');
    const { origin, weight_kg, price, name } = table.goods.surprise;
    const question = { ...table.settings, seller: { registrations: [] }, to: 'NL', currency: 'EUR', items: [{ origin, weight_kg, quantity: 1, price: price.EUR }] };
    const quote = await (await fetch(`${real.origin}/v1/quotes`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(question) })).json();
    assert.equal(item.due.least, quote.terms.checkout_ddp.least_asked);
    assert.equal(item.due.most, quote.terms.checkout_ddp.most_asked);
    assert.equal(item.missing[0].fact, 'code');
    assert.equal(item.missing[0].narrows_by, quote.missing[0].narrows_by);
    assert.match(item.says, new RegExp(item.due.least.replace('.', '\\.')));

    const folder = mkdtempSync(join(tmpdir(), 'goods-codes-'));
    try {
      const script = fileURLToPath(new URL('../bin/goods-codes.mjs', import.meta.url));
      const env = { ...process.env, MEDUSA_URL: shop.url, MEDUSA_API_KEY: shop.token };
      const { stdout } = await promisify(execFile)(process.execPath, [script, 'suggest', '--to', 'NL'], { env });
      const [head, line, ...more] = stdout.trim().split('\n');
      assert.equal(more.length, 0);
      assert.ok(line.startsWith(`${item.product_id},surprise,"${name}, One",`), line);
      const found = await (await fetch(`${real.origin}/v1/goods-codes?most=3&q=${encodeURIComponent(name)}`)).json();
      const [suggested] = (await lacking()).variants;
      assert.deepEqual(suggested.suggestions.map(({ code }) => code), (found.codes ?? []).map(({ code }) => code));
      assert.deepEqual(suggested.lacks, ['hs_code'], 'a suggestion is no assignment');

      const file = join(folder, 'codes.csv');
      writeFileSync(file, `${head}\n${item.product_id},surprise,"Surprise, ""box""",9503.00.41,90,Toys,,,yes\n`);
      await promisify(execFile)(process.execPath, [script, 'confirm', file], { env });
      assert.equal((await lacking()).count, 0);
      const { product } = await shop.admin.get(`/products/${item.product_id}`);
      assert.equal(product.hs_code, '9503.00.41');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('nobody without the right reads or changes it', async () => {
    const visitor = new Api(`${shop.url}/admin`, {});
    const forbidden = ({ status }) => status === 401;
    await assert.rejects(visitor.get('/landed-cost/variants?to=NL'), forbidden);
    await assert.rejects(visitor.post('/landed-cost/goods-codes', { codes: [] }), forbidden);
    await assert.rejects(visitor.post('/landed-cost/goods-codes/suggestions'), forbidden);
    await assert.rejects(visitor.get('/orders/order_none/landed-cost'), forbidden);
    await assert.rejects(visitor.post('/orders/order_none/landed-cost/refund', { lines: [] }), forbidden);
    const buyerOfIt = await shop.store.get('/carts/cart_none/landed-cost');
    assert.equal(buyerOfIt.landed_cost, null);
  });
});

test('the shop stays small', () => {
  const rss_mib = shop.rss_mib();
  console.log(`shop: ${Math.round(rss_mib)} MiB`);
  assert.ok(rss_mib < 900);
});
