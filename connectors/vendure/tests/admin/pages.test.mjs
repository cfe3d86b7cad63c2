// The plugin's pages in the dashboard that was built, as a shopkeeper sees them: in Chromium, wide and narrow, by keyboard, with axe. What
// they must say is asked of the engine. SHOTS names a folder for pictures.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { startReal } from '../../../conformance/engine.mjs';
import { expected, Model } from '../../../conformance/expected.mjs';
import { isSame } from '../../../conformance/money.mjs';
import { browserPath } from '../../../../tests/browser/find.js';

process.env.SHOP_PACKAGES = import.meta.dirname;
const { amountOf, require: packages, startShop } = await import('../shop.mjs');
const { Buyer, optionsOf } = await import('../harness.mjs');
const { chromium } = packages('playwright-core');
const axe = readFileSync(packages.resolve('axe-core/axe.min.js'), 'utf8');
const table = JSON.parse(readFileSync(new URL('../../../conformance/scenarios.json', import.meta.url), 'utf8'));
const WIDTHS_PX = [1280, 390];
const WAIT_MS = 60_000;

let real;
let shop;
let browser;
let page;
let sold;
const model = new Model(table, { currency: 'EUR', registrations: [] });
const setting = () => ({ table, engine: real.origin, currency: 'EUR', registrations: [], client: { policy: 'closed', timeout_ms: 20_000 } });

before(async () => {
  real = await startReal(process.env.TIDEWAITER_BIN);
  const { DashboardPlugin } = packages('@vendure/dashboard/plugin');
  shop = await startShop({ table, precision: 2, options: optionsOf(setting()), plugins: [DashboardPlugin.init({ route: 'dashboard', appDir: join(import.meta.dirname, 'built') })] });
  const buyer = new Buyer(shop, setting());
  await buyer.cart();
  await buyer.add('tshirt', 8);
  await buyer.add('book', 1);
  await buyer.address(table.places.NL);
  await buyer.delivery('ddp', 'standard');
  await buyer.review();
  assert.ok((await buyer.pay()).paid);
  await buyer.order();
  sold = buyer.sold;
  Object.assign(model, { goods: new Map([['tshirt', 8], ['book', 1]]), place: 'NL', terms: 'ddp', speed: 'standard' });
  browser = await chromium.launch({ executablePath: browserPath(), headless: true, chromiumSandbox: false, args: ['--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  page = await (await browser.newContext({ viewport: { width: WIDTHS_PX[0], height: 900 } })).newPage();
  page.setDefaultTimeout(WAIT_MS);
  await page.goto(`http://127.0.0.1:${shop.port}/dashboard/login`);
  await page.locator('input[name=username]').fill('admin');
  await page.locator('input[name=password]').fill('admin');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.includes('login'));
});
after(async () => {
  await browser?.close();
  await shop?.stop();
  await real?.stop();
});

async function open(path, part) {
  await page.goto(`http://127.0.0.1:${shop.port}/dashboard${path}`);
  const found = page.locator(`[data-tidewaiter="${part}"]`);
  await found.waitFor();
  return found;
}

/** Wide and narrow: nothing runs out of the page sideways, and axe finds nothing in our part. */
async function looked(part, name, widths_px = WIDTHS_PX) {
  for (const width of widths_px) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(400);
    const found = page.locator(`[data-tidewaiter="${part}"]`);
    if (process.env.SHOTS) {
      await page.screenshot({ path: join(process.env.SHOTS, `${name}-${width}.png`), fullPage: true });
      await found.screenshot({ path: join(process.env.SHOTS, `${name}-${width}-part.png`) });
    }
    const box = await found.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= width, `${name} is ${Math.round(box.x + box.width)} px wide at ${width} px`);
    const isOut = await found.evaluate((element) => [...element.querySelectorAll('*')].filter((one) => !one.closest('pre') && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 120)));
    assert.deepEqual(isOut, [], `${name} at ${width} px`);
    await page.evaluate(axe);
    const { violations } = await page.evaluate((selector) => globalThis.axe.run(selector, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }), `[data-tidewaiter="${part}"]`);
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`)}`), [], `${name} at ${width} px`);
  }
  await page.setViewportSize({ width: WIDTHS_PX[0], height: 900 });
}

/** "EUR 23.10" of "23.1", with a space that does not break. */
const shown = (amount, currency = 'EUR') => new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' }).format(amount);

/** Focus by the Tab key alone, until the element has it. */
async function tabTo(locator, most = 200) {
  await locator.evaluate((element) => element.closest('[data-tidewaiter]').setAttribute('tabindex', '-1') ?? element.closest('[data-tidewaiter]').focus());
  for (let count = 0; count < most; count += 1) {
    await page.keyboard.press('Tab');
    if (await locator.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail('the Tab key does not reach it');
}

test('an order shows what was charged and why, and what it rests on', async () => {
  const part = await open(`/orders/${sold.id}`, 'order');
  const right = await expected(real.origin, model);
  const [quote] = right.quotes;
  for (const [key, amount] of right.charges) {
    const { name, treatments: [first] } = quote.charges.find((one) => one.key === key);
    const row = part.getByRole('row').filter({ hasText: name }).first();
    assert.ok((await row.textContent()).includes(shown(amount)), `${name} ${amount}`);
    const rule = first.rule.replace(/ \(@[\w.-]+\)/g, '');
    assert.ok((await row.textContent()).includes(rule), `${name}: the rule ${rule}`);
    // What it is reckoned on is told in words, not by the names of the engine.
    assert.match(await row.textContent(), /, on the (customs value|price of the goods)/, name);
    assert.doesNotMatch(await row.textContent(), /, on the customs(?! value)|inland-freight|\+ [a-z]{2}\.[a-z]/, name);
  }
  assert.ok((await part.getByRole('row').last().textContent()).includes(shown(right.due('ddp').least)));
  await part.getByText('Editions of law and tariff').click();
  for (const { sha256 } of quote.editions) await part.getByText(sha256).waitFor();
  await part.getByText('The law behind it').click();
  for (const { statement } of quote.sources.filter(({ key }) => quote.charges.some(({ treatments }) => treatments.some(({ cites }) => cites.includes(key))))) {
    await part.getByText(statement).first().waitFor();
  }
  await part.getByText('The question that was asked').click();
  assert.ok((await part.locator('pre').textContent()).includes(table.goods.tshirt.code));
  await looked('order', 'order');
});

test('the dashboard itself shows surcharges (Vendure #3844), and no JSON', async () => {
  await open(`/orders/${sold.id}`, 'order');
  const whole = await page.locator('main, body').first().textContent();
  assert.ok(sold.surcharges.length > 0);
  const { order } = await shop.admin.ask('query ($id: ID!) { order(id: $id) { surcharges { description } } }', { id: sold.id });
  for (const { description } of order.surcharges) assert.ok(whole.includes(`Surcharge: ${description}`), description);
  assert.ok(!whole.includes('"fingerprint"') && (await page.locator('input, textarea').evaluateAll((all) => all.every(({ value }) => !value.includes('fingerprint')))), 'the stored JSON is shown');
});

test('a return is told first, then paid back, by keyboard', async () => {
  const part = await open(`/orders/${sold.id}`, 'order');
  const line = sold.lines.find(({ productVariant }) => productVariant.sku === 'tshirt');
  await tabTo(part.locator(`#tidewaiter-back-${line.id}`));
  await page.keyboard.type('3');
  const { landedCostRefund: told } = await shop.admin.ask('query ($input: LandedCostReturnInput!) { landedCostRefund(input: $input) { total } }', { input: { orderId: sold.id, lines: [{ orderLineId: line.id, quantity: 3 }] } });
  await tabTo(part.getByRole('button', { name: 'Show what goes back' }));
  await page.keyboard.press('Enter');
  await part.getByText(`${shown(told.total)} would go back`).waitFor();
  await looked('order', 'return', [WIDTHS_PX[0]]);
  await tabTo(part.getByRole('button', { name: 'Pay back' }));
  await page.keyboard.press('Enter');
  await part.getByText(`${shown(told.total)} was paid back`).waitFor();
  const { order } = await shop.admin.ask('query ($id: ID!) { order(id: $id) { payments { refunds { total } } } }', { id: sold.id });
  assert.ok(isSame(amountOf(order.payments[0].refunds.reduce((sum, { total }) => sum + total, 0), 2), told.total));
  await part.getByText('of 5 T-shirt').waitFor();
});

test('customs data: the price of not knowing, suggestions, and saving many at once', async () => {
  // A name that says what it is, for the finder; and a second product that lacks its origin and weight.
  const { name } = table.goods.toy;
  await shop.admin.ask('mutation ($input: [UpdateProductVariantInput!]!) { updateProductVariants(input: $input) { id } }', { input: [{ id: shop.variants.get('surprise'), translations: [{ languageCode: 'en', name }] }] });
  await shop.admin.ask('mutation ($input: [UpdateProductVariantInput!]!) { updateProductVariants(input: $input) { id } }', { input: [{ id: shop.variants.get('socks'), customFields: { originCountry: null, weightGrams: null } }] });
  const part = await open('/customs-data', 'customs-data');
  await part.getByLabel('Destination').selectOption('NL');
  const { variantsLackingCustomsData: lacking } = await shop.admin.ask('{ variantsLackingCustomsData(to: "NL") { items { sku says missing { question } } } }');
  assert.deepEqual(lacking.items.map(({ sku }) => sku).sort(), ['socks', 'surprise']);
  for (const { says, missing } of lacking.items) {
    await part.getByText(says).first().waitFor();
    for (const { question } of missing) await part.getByText(question).first().waitFor();
  }
  await part.getByRole('button', { name: 'Look for goods codes' }).click();
  await part.getByText('Codes were looked up').waitFor();
  const found = await (await fetch(`${real.origin}/v1/goods-codes?most=3&q=${encodeURIComponent(name)}`)).json();
  const [likeliest] = found.codes;
  await part.getByRole('button', { name: `Take ${likeliest.code}` }).first().waitFor();
  await looked('customs-data', 'customs-data');
  await tabTo(part.getByRole('button', { name: 'Take the likeliest for all' }));
  await page.keyboard.press('Enter');
  const socks = part.getByRole('group', { name: /Cotton socks/ });
  await tabTo(socks.getByLabel('Made in'));
  await page.keyboard.type('pt');
  await page.keyboard.press('Tab');
  await page.keyboard.type('90');
  await page.keyboard.press('Enter');
  await part.getByText('Saved for 2 products').waitFor();
  await part.getByText('No product lacks anything').waitFor();
  const fields = async (key) => (await shop.admin.ask('query ($id: ID!) { productVariant(id: $id) { customFields { goodsCode originCountry weightGrams goodsCodeSuggestion } } }', { id: shop.variants.get(key) })).productVariant.customFields;
  assert.equal((await fields('surprise')).goodsCode, likeliest.code);
  assert.equal((await fields('surprise')).goodsCodeSuggestion, null);
  assert.deepEqual(await fields('socks'), { goodsCode: table.goods.socks.code, originCountry: 'PT', weightGrams: 90, goodsCodeSuggestion: null });
});

test('what the shop lacks: each registration with what it would change, as the engine says', async () => {
  const part = await open('/customs-registrations', 'setup');
  await part.getByLabel('Destination').selectOption('NL');
  await part.getByLabel('Product').selectOption(shop.variants.get('tshirt'));
  await part.getByLabel('Pieces').fill('4');
  await page.keyboard.press('Enter');
  await part.getByRole('heading', { name: '4 × T-shirt to Netherlands' }).waitFor();
  const { code, origin, weight_kg, price } = table.goods.tshirt;
  const { schemes } = await (await fetch(`${real.origin}/v1/economies/NL`)).json();
  assert.ok(schemes.length > 0);
  for (const { key, name } of schemes) {
    const block = part.locator('div.border').filter({ hasText: key });
    await block.getByText(name).waitFor();
    const terms = await Promise.all([[], [key]].map(async (registrations) => {
      const question = { ...table.settings, to: 'NL', currency: 'EUR', seller: { registrations }, items: [{ code, origin, weight_kg, quantity: 4, price: price.EUR }] };
      return (await (await fetch(`${real.origin}/v1/quotes`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(question) })).json()).terms;
    }));
    assert.notDeepEqual(terms[0], terms[1], 'the example must be one where it matters');
    const text = await block.textContent();
    for (const { checkout_ddp, checkout_dap, on_delivery_dap } of terms) {
      for (const { least_asked } of [checkout_ddp, checkout_dap, on_delivery_dap]) assert.ok(text.includes(shown(least_asked)), `${key}: ${least_asked}`);
    }
  }
  await looked('setup', 'setup');
  // A shop that does not say where it sends from.
  const { from: _, ...settings } = table.settings;
  shop.service.configure({ ...optionsOf(setting()), consignment: { ...settings, seller: { registrations: [] } }, not_asked: [] });
  await page.reload();
  await part.getByText('does not say where it sends from').waitFor();
  const { landedCostSetup: { missing } } = await shop.admin.ask('{ landedCostSetup(to: "NL") { missing { fact question narrowsBy } } }');
  const from = missing.find(({ fact }) => fact === 'from');
  await part.getByLabel('Destination').selectOption('NL');
  await part.getByText(`${from.question} Not knowing it leaves ${shown(from.narrowsBy)} open.`).waitFor();
  await looked('setup', 'setup-without-from');
});

test('who may not read products sees neither page', async () => {
  const role = await shop.admin.ask('mutation ($input: CreateRoleInput!) { createRole(input: $input) { id } }', { input: { code: 'clerk', description: 'Clerk', permissions: ['ReadCustomer'] } });
  await shop.admin.ask('mutation ($input: CreateAdministratorInput!) { createAdministrator(input: $input) { id } }', { input: { firstName: 'A.', lastName: 'Clerk', emailAddress: 'clerk@example.com', password: 'clerk-of-tests', roleIds: [role.createRole.id] } });
  const context = await browser.newContext();
  try {
    const other = await context.newPage();
    other.setDefaultTimeout(WAIT_MS);
    await other.goto(`http://127.0.0.1:${shop.port}/dashboard/login`);
    await other.locator('input[name=username]').fill('clerk@example.com');
    await other.locator('input[name=password]').fill('clerk-of-tests');
    await other.keyboard.press('Enter');
    await other.waitForURL((url) => !url.pathname.includes('login'));
    await other.getByText('Customers').first().waitFor();
    assert.equal(await other.getByText('Customs data').count(), 0);
    await other.goto(`http://127.0.0.1:${shop.port}/dashboard/customs-data`);
    await other.getByRole('heading', { name: 'Customs data' }).first().waitFor();
    await other.waitForTimeout(1000);
    assert.equal(await other.getByRole('group').count(), 0);
  } finally {
    await context.close();
  }
});
