// A real Vendure shop on an empty database in memory, seeded over its own Admin API with the goods of the table.
import { createServer } from 'node:net';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';

// SHOP_PACKAGES is a folder where the plugin is installed as it is shipped; else its build here is taken.
const { SHOP_PACKAGES } = process.env;
export const require = createRequire(SHOP_PACKAGES ? join(SHOP_PACKAGES, 'package.json') : import.meta.url);
const {
  bootstrap, DefaultLogger, DefaultMoneyStrategy, JobQueueService, LanguageCode, LogLevel, mergeConfig, PaymentMethodHandler,
} = require('@vendure/core');
const { populateInitialData } = require('@vendure/core/cli');
export const plugin = require(SHOP_PACKAGES ? '@tidewaiter/vendure-plugin' : '../dist/index.js');

const text = (value) => [{ languageCode: LanguageCode.en, value }];

/** A payment that succeeds at once and can be paid back. */
const prepaid = new PaymentMethodHandler({
  code: 'prepaid',
  description: text('Prepaid'),
  args: {},
  createPayment: (ctx, order, amount) => ({ amount, state: 'Settled', transactionId: 'prepaid', metadata: {} }),
  settlePayment: () => ({ success: true }),
  createRefund: () => ({ state: 'Settled', transactionId: 'prepaid' }),
});

/** Dinars have three decimals, and a Vendure shop keeps the same number for all its currencies. */
function moneyOf(precision) {
  const strategy = new DefaultMoneyStrategy();
  return Object.assign(strategy, { precision });
}

/** Which goods go in which parcel; all in one while nobody says. */
class Warehouses {
  assignShippingLineToOrderLines(ctx, shippingLine, order) {
    if (!this.parcels) return order.lines;
    const at = order.shippingLines.findIndex(({ id }) => id === shippingLine.id);
    return order.lines.filter((line) => this.parcels[at]?.includes(line.productVariant.sku));
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Whole units of the shop's money: "12.345" with precision 3 is 12345. */
export function minorOf(amount, precision) {
  const [whole, fraction = ''] = amount.split('.');
  if (fraction.length > precision) return undefined;
  return Number(whole + fraction.padEnd(precision, '0'));
}

/** The other way round. */
export function amountOf(minor, precision) {
  const digits = String(Math.abs(minor)).padStart(precision + 1, '0');
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

export async function startShop({ table, options, precision = 3, plugins = [], orderOptions = {}, hasWorker = false }) {
  const port = await freePort();
  const warehouses = new Warehouses();
  const config = mergeConfig({}, {
    apiOptions: { hostname: '127.0.0.1', port, adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
    authOptions: { tokenMethod: 'bearer', superadminCredentials: { identifier: 'admin', password: 'admin' }, cookieOptions: { secret: 'of tests' } },
    // SHOP_POSTGRES: an empty database in place of memory, where the package pg is installed too.
    dbConnectionOptions: { ...(process.env.SHOP_POSTGRES ? { type: 'postgres', url: process.env.SHOP_POSTGRES } : { type: 'sqljs', autoSave: false }), synchronize: true, logging: Boolean(process.env.SHOP_SQL), logger: process.env.SHOP_SQL ? 'simple-console' : undefined },
    shippingOptions: { shippingLineAssignmentStrategy: warehouses },
    paymentOptions: { paymentMethodHandlers: [prepaid] },
    orderOptions,
    entityOptions: { moneyStrategy: moneyOf(precision) },
    logger: new DefaultLogger({ level: process.env.SHOP_LOG ? LogLevel.Debug : LogLevel.Error }),
    plugins: [plugin.TidewaiterPlugin.init(options), ...plugins],
  });
  const app = await bootstrap(config);
  try {
    const names = new Intl.DisplayNames('en', { type: 'region' });
    const places = [...new Set(Object.values(table.places).map(({ to }) => to))];
    await populateInitialData(app, {
      defaultLanguage: LanguageCode.en,
      defaultZone: 'World',
      countries: places.map((code) => ({ code, name: names.of(code), zone: 'World' })),
      taxRates: [{ name: 'None', percentage: 0 }],
      shippingMethods: [], paymentMethods: [{ name: 'Prepaid', handler: { code: 'prepaid', arguments: [] } }], collections: [],
    });
    const admin = new Api(`http://127.0.0.1:${port}/admin-api`);
    await admin.ask('mutation { login(username: "admin", password: "admin") { __typename } }');
    const ids = await seed(admin, table, precision);
    if (hasWorker) await app.get(JobQueueService).start();
    return {
      app, port, precision, admin, warehouses, ...ids,
      shopApi: (currency) => new Api(`http://127.0.0.1:${port}/shop-api?currencyCode=${currency}`),
      service: app.get(plugin.LandedCostService),
      async stop() { await app.close(); },
    };
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function seed(admin, table, precision) {
  const currencies = Object.keys(Object.values(table.goods)[0].price).filter((code) => Object.values(table.goods).every(({ price }) => minorOf(price[code], precision) !== undefined));
  const { activeChannel } = await admin.ask('{ activeChannel { id } }');
  await admin.ask('mutation ($input: UpdateChannelInput!) { updateChannel(input: $input) { __typename } }', {
    input: { id: activeChannel.id, defaultCurrencyCode: 'EUR', availableCurrencyCodes: currencies, trackInventory: false, pricesIncludeTax: false },
  });
  const { taxCategories } = await admin.ask('{ taxCategories { items { id } } }');
  const translations = (name) => [{ languageCode: 'en', name, slug: name.toLowerCase().replaceAll(' ', '-'), description: '' }];
  const variants = new Map();
  for (const [key, good] of Object.entries(table.goods)) {
    const { createProduct } = await admin.ask('mutation ($input: CreateProductInput!) { createProduct(input: $input) { id } }', { input: { enabled: true, translations: translations(good.name) } });
    const { createProductVariants } = await admin.ask('mutation ($input: [CreateProductVariantInput!]!) { createProductVariants(input: $input) { id } }', {
      input: [{
        productId: createProduct.id, sku: key, taxCategoryId: taxCategories.items[0].id, trackInventory: 'FALSE',
        translations: [{ languageCode: 'en', name: good.name }],
        customFields: { goodsCode: good.code ?? null, originCountry: good.origin, weightGrams: Math.round(Number(good.weight_kg) * 1000) },
      }],
    });
    const prices = currencies.map((currencyCode) => ({ currencyCode, price: minorOf(good.price[currencyCode], precision) }));
    await admin.ask('mutation ($input: [UpdateProductVariantInput!]!) { updateProductVariants(input: $input) { id } }', { input: [{ id: createProductVariants[0].id, prices }] });
    variants.set(key, createProductVariants[0].id);
  }
  const methods = new Map();
  for (const terms of ['ddp', 'dap']) {
    for (const [speed, prices] of Object.entries(table.shipping)) {
      const rates = Object.entries(prices).filter(([code]) => currencies.includes(code)).map(([code, price]) => `${code} ${price}`).join(', ');
      const { createShippingMethod } = await admin.ask('mutation ($input: CreateShippingMethodInput!) { createShippingMethod(input: $input) { id } }', {
        input: {
          code: `${terms}-${speed}`, fulfillmentHandler: 'manual-fulfillment',
          checker: { code: plugin.TERMS_CHECKER, arguments: [{ name: 'terms', value: terms }, { name: 'orderMinimum', value: '0' }] },
          calculator: { code: plugin.RATE_CALCULATOR, arguments: [{ name: 'rates', value: rates }] },
          translations: [{ languageCode: 'en', name: `${terms} ${speed}`, description: '' }],
        },
      });
      methods.set(`${terms}-${speed}`, createShippingMethod.id);
    }
  }
  for (const [couponCode, prices] of Object.entries(table.coupons)) await coupon(admin, couponCode, 'order_fixed_discount', minorOf(prices.EUR, precision));
  await coupon(admin, 'TENTH-OFF', 'order_percentage_discount', 10);
  return { variants, methods };
}

async function coupon(admin, couponCode, code, value) {
  const { createPromotion } = await admin.ask('mutation ($input: CreatePromotionInput!) { createPromotion(input: $input) { __typename ... on ErrorResult { message } } }', {
    input: { enabled: true, couponCode, conditions: [], actions: [{ code, arguments: [{ name: 'discount', value: String(value) }] }], translations: [{ languageCode: 'en', name: couponCode }] },
  });
  if (createPromotion.message) throw new Error(createPromotion.message);
}

/** A GraphQL address with the session of one visitor. */
export class Api {
  constructor(url) { this.url = url; }

  async ask(query, variables = {}) {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(this.token ? { authorization: `Bearer ${this.token}` } : {}) },
      body: JSON.stringify({ query, variables }),
    });
    this.token = response.headers.get('vendure-auth-token') ?? this.token;
    const { data, errors } = await response.json();
    if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
    return data;
  }
}
