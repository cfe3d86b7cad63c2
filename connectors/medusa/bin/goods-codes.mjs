#!/usr/bin/env node
// Goods codes for a catalogue: asks the finder for products without one, and assigns the codes that a person confirmed.
//
//   tidewaiter-goods-codes suggest --to NL > codes.csv    suggestions, the likeliest first, with the price of not knowing
//   tidewaiter-goods-codes confirm codes.csv              assigns the column goods_code of the rows where confirmed is "yes"
//
// Columns may be parted by commas, semicolons or tabs, as spreadsheets write them. A row that cannot be assigned is named with the reason, and the exit code is 1.
//
// MEDUSA_URL is the address of the shop, MEDUSA_API_KEY a secret API key of it (Settings, Secret API Keys).
import { goodsCodesCommand } from '@tidewaiter/client/plugin';

const { MEDUSA_URL: url, MEDUSA_API_KEY: key } = process.env;
/** Longer than any code, and as much as the shop takes. */
const LONGEST_CODE = 50;

async function ask(method, path, body) {
  const response = await fetch(new URL(`admin/landed-cost/${path}`, url.endsWith('/') ? url : `${url}/`), {
    method,
    headers: { 'content-type': 'application/json', authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text.startsWith('{') ? JSON.parse(text).message : `the shop answered ${response.status}`);
  return JSON.parse(text);
}

await goodsCodesCommand({
  needs: 'MEDUSA_URL and MEDUSA_API_KEY',
  isReady: Boolean(url && key),
  id: 'product_id',
  suggest: async (limit) => (await ask('POST', 'goods-codes/suggestions', { limit })).asked,
  async lacking(to, offset, limit) {
    const { count, variants } = await ask('GET', `variants?to=${encodeURIComponent(to)}&offset=${offset}&limit=${limit}`);
    const uncoded = variants.filter(({ lacks }) => lacks.includes('hs_code')).map(({ product_id, suggestions, ...rest }) => ({ id: product_id, suggestions: suggestions ?? [], ...rest }));
    return { total: count, uncoded };
  },
  async check(codes) {
    const { codes: found } = await ask('POST', 'goods-codes/check', { codes: codes.map((code) => code.slice(0, LONGEST_CODE)) });
    return found.map(({ is_known, says }) => ({ isKnown: is_known, says }));
  },
  assign: (rows) => ask('POST', 'goods-codes', { codes: rows.map(({ id, code }) => ({ product_id: id, goods_code: code })) }),
});
