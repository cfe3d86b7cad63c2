// A real Medusa shop on a database of its own, in a process of its own, seeded over its Admin API with the goods of the table.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './port.mjs';
import { startPostgres } from './postgres.mjs';

const require = createRequire(import.meta.url);
const program = join(dirname(require.resolve('@medusajs/cli/package.json')), 'cli.js');
const folder = fileURLToPath(new URL('shop', import.meta.url));
const START_LIMIT_MS = 180_000;

// Whoever is told to end takes along what it started: that hangs on the exit of the process, and a signal alone is none.
for (const [signal, code] of [['SIGTERM', 143], ['SIGINT', 130]]) process.once(signal, () => process.exit(code));

/** An address of the shop, with the key of whoever asks. */
export class Api {
  constructor(url, headers) { Object.assign(this, { url, headers }); }

  async send(method, path, body) {
    const response = await fetch(`${this.url}${path}`, {
      method, headers: { 'content-type': 'application/json', ...this.headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = text.startsWith('{') ? JSON.parse(text) : { message: text };
    if (!response.ok) throw Object.assign(new Error(`${method} ${path}: ${answer.message}`), { status: response.status, type: answer.type, told: answer.message });
    return answer;
  }
  get(path) { return this.send('GET', path); }
  post(path, body = {}) { return this.send('POST', path, body); }
  delete(path, body) { return this.send('DELETE', path, body); }
}

function run(args, environment) {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (some) => {
    said = (said + some).slice(-8000);
    if (process.env.SHOP_LOG) process.stderr.write(some);
  });
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const ended = once(child, 'exit').then(([code, signal]) => { process.off('exit', endWithUs); return code ?? signal; });
  return { child, ended, said: () => said };
}

async function done(args, environment) {
  const command = run(args, environment);
  const code = await command.ended;
  if (code !== 0) throw new Error(`medusa ${args.join(' ')} ended with ${code}\n${command.said()}`);
}

/** `environment` is for shops that differ: a hook of their own, the admin pages. */
export async function startShop({ table, options, environment = {} }) {
  const database = await startPostgres();
  let server;
  try {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const env = {
      ...process.env, NODE_ENV: 'production', MEDUSA_DISABLE_TELEMETRY: 'true', MEDUSA_WORKER_MODE: 'shared', LOG_LEVEL: process.env.SHOP_LOG ?? 'warn',
      DATABASE_URL: database.url, SHOP_OPTIONS: JSON.stringify(options), ...environment,
    };
    await done(['db:migrate', '--execute-safe-links'], env);
    server = run(['start', '-H', '127.0.0.1', '-p', String(port)], env);
    await answers(url, server);
    const testing = new Api(`${url}/testing`);
    const { token } = await testing.post('/admin');
    const admin = new Api(`${url}/admin`, { authorization: `Basic ${Buffer.from(`${token}:`).toString('base64')}` });
    const seeded = await seed(admin, table);
    return {
      url, admin, token, ...seeded, said: server.said, port,
      store: new Api(`${url}/store`, { 'x-publishable-api-key': seeded.key }),
      configure: (wanted) => testing.post('/options', wanted),
      rss_mib: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))[1]) / 1024,
      async stop() {
        server.child.kill('SIGKILL');
        await server.ended;
        database.stop();
      },
    };
  } catch (error) {
    server?.child.kill('SIGKILL');
    await server?.ended;
    database.stop();
    throw error;
  }
}

async function answers(url, server) {
  let over = false;
  const ended = server.ended.then((code) => { if (!over) throw new Error(`the shop ended with ${code}\n${server.said()}`); });
  const start = Date.now();
  while (Date.now() - start < START_LIMIT_MS) {
    const response = await Promise.race([fetch(`${url}/health`).catch(() => undefined), ended]);
    if (response?.ok) { over = true; return; }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the shop did not start in ${START_LIMIT_MS} ms\n${server.said()}`);
}

async function seed(admin, table) {
  const currencies = Object.keys(Object.values(table.goods)[0].price);
  const pricesOf = (amounts) => Object.entries(amounts).map(([code, amount]) => ({ currency_code: code.toLowerCase(), amount: Number(amount) }));
  const countries = [...new Set(Object.values(table.places).map(({ to }) => to.toLowerCase()))];
  const { sales_channels: [channel] } = await admin.get('/sales-channels');
  const { stores: [store] } = await admin.get('/stores');
  await admin.post(`/stores/${store.id}`, { supported_currencies: currencies.map((code, at) => ({ currency_code: code.toLowerCase(), is_default: at === 0 })) });
  const regions = new Map();
  for (const code of currencies) {
    const { region } = await admin.post('/regions', { name: code, currency_code: code.toLowerCase(), payment_providers: ['pp_system_default'] });
    regions.set(code, region.id);
  }
  // A country without a tax region is one for which Medusa computes nothing; these have one, without a rate.
  for (const country_code of countries) await admin.post('/tax-regions', { country_code, provider_id: 'tp_system' });
  const { stock_location } = await admin.post('/stock-locations', { name: 'Warehouse', address: { address_1: 'Road 1', city: 'Shenzhen', country_code: 'cn' } });
  await admin.post(`/stock-locations/${stock_location.id}/sales-channels`, { add: [channel.id] });
  await admin.post(`/stock-locations/${stock_location.id}/fulfillment-providers`, { add: ['manual_manual'] });
  await admin.post(`/stock-locations/${stock_location.id}/fulfillment-sets`, { name: 'Delivery', type: 'shipping' });
  const { stock_location: { fulfillment_sets: [set] } } = await admin.get(`/stock-locations/${stock_location.id}?fields=*fulfillment_sets`);
  const { fulfillment_set } = await admin.post(`/fulfillment-sets/${set.id}/service-zones`, { name: 'World', geo_zones: countries.map((country_code) => ({ type: 'country', country_code })) });
  const service_zone_id = fulfillment_set.service_zones[0].id;

  // Goods of the second profile go in a parcel of their own.
  const profiles = [];
  const options = new Map();
  for (const name of ['Parcel', 'Other parcel']) {
    const { shipping_profile } = await admin.post('/shipping-profiles', { name, type: name });
    profiles.push(shipping_profile.id);
    for (const terms of ['ddp', 'dap']) {
      for (const [speed, amounts] of Object.entries(table.shipping)) {
        const { shipping_option } = await admin.post('/shipping-options', {
          name: `${terms} ${speed}`, service_zone_id, shipping_profile_id: shipping_profile.id, provider_id: 'manual_manual', price_type: 'flat',
          type: { label: terms.toUpperCase(), description: 'Delivery terms', code: `${terms}-${speed}` }, prices: pricesOf(amounts), rules: [],
        });
        options.set(`${profiles.length} ${terms}-${speed}`, shipping_option.id);
      }
    }
  }

  const { api_key } = await admin.post('/api-keys', { title: 'storefront', type: 'publishable' });
  await admin.post(`/api-keys/${api_key.id}/sales-channels`, { add: [channel.id] });
  const variants = new Map();
  const products = new Map();
  for (const [sku, good] of Object.entries(table.goods)) {
    const { product } = await admin.post('/products', {
      title: good.name, status: 'published', shipping_profile_id: profiles[0], sales_channels: [{ id: channel.id }],
      options: [{ title: 'Kind', values: ['One'] }],
      ...(good.code ? { hs_code: good.code } : {}), origin_country: good.origin.toLowerCase(), weight: Math.round(Number(good.weight_kg) * 1000),
      variants: [{ title: 'One', sku, manage_inventory: false, options: { Kind: 'One' }, prices: pricesOf(good.price) }],
    });
    products.set(sku, product.id);
    variants.set(sku, product.variants[0].id);
  }
  for (const [code, amounts] of Object.entries(table.coupons)) await coupon(admin, code, { type: 'fixed', value: Number(amounts.EUR), currency_code: 'eur' });
  await coupon(admin, 'TENTH-OFF', { type: 'percentage', value: 10 });
  return { regions, countries, options, profiles, variants, products, key: api_key.token };
}

async function coupon(admin, code, method) {
  await admin.post('/promotions', {
    code, type: 'standard', status: 'active', is_automatic: false,
    application_method: { target_type: 'items', allocation: 'across', ...method },
  });
}
