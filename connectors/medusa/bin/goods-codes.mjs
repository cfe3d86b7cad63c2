#!/usr/bin/env node
// Goods codes for a catalogue: asks the finder for products without one, and assigns the codes that a person confirmed.
//
//   tidewaiter-goods-codes suggest --to NL > codes.csv    suggestions, the likeliest first, with the price of not knowing
//   tidewaiter-goods-codes confirm codes.csv              assigns the column goods_code of the rows where confirmed is "yes"
//
// MEDUSA_URL is the address of the shop, MEDUSA_API_KEY a secret API key of it (Settings, Secret API Keys).
import { readFileSync } from 'node:fs';

const PAGE = 50;
const HEAD = ['product_id', 'sku', 'name', 'goods_code', 'percent', 'title', 'others', 'says', 'confirmed'];

const { MEDUSA_URL: url, MEDUSA_API_KEY: key } = process.env;
const [verb, ...rest] = process.argv.slice(2);
const to = rest[rest.indexOf('--to') + 1];
if (!url || !key || !(verb === 'suggest' ? rest.includes('--to') && to : verb === 'confirm' && rest[0])) {
  console.error('usage: tidewaiter-goods-codes suggest --to COUNTRY | confirm FILE.csv\nSet MEDUSA_URL and MEDUSA_API_KEY.');
  process.exit(2);
}

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

function cell(value) {
  const text = String(value ?? '');
  // A cell that begins so is a formula to a spreadsheet.
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function rows(csv) {
  const found = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    found.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ',') found.push([]);
  }
  const [head, ...lines] = found.filter((line) => line.some((one) => one !== ''));
  return lines.map((line) => Object.fromEntries(head.map((name, at) => [name, line[at] ?? ''])));
}

try {
  if (verb === 'suggest') {
    let asked;
    do {
      ({ asked } = await ask('POST', 'goods-codes/suggestions', { limit: PAGE }));
    } while (asked === PAGE);
    console.log(HEAD.join(','));
    // A code is the product's: its variants have one row together.
    const seen = new Set();
    for (let offset = 0, total = 1; offset < total; offset += PAGE) {
      const page = await ask('GET', `variants?to=${to}&offset=${offset}&limit=${PAGE}`);
      total = page.count;
      for (const { product_id, sku, name, lacks, says, suggestions } of page.variants) {
        if (!lacks.includes('hs_code') || seen.has(product_id)) continue;
        const [first, ...others] = suggestions ?? [];
        seen.add(product_id);
        const list = others.map((one) => `${one.code} ${one.percent} % ${one.title}`).join('; ');
        console.log([product_id, sku, name, first?.code, first?.percent, first?.title, list, says, ''].map(cell).join(','));
      }
    }
  } else {
    const codes = rows(readFileSync(rest[0], 'utf8')).filter((row) => row.confirmed?.trim().toLowerCase() === 'yes')
      .map((row) => ({ product_id: row.product_id, goods_code: row.goods_code.replace(/^'/, '').trim() }));
    for (let at = 0; at < codes.length; at += PAGE) await ask('POST', 'goods-codes', { codes: codes.slice(at, at + PAGE) });
    console.log(`${codes.length} goods codes assigned`);
  }
} catch (error) {
  console.error(`tidewaiter-goods-codes: ${error.message}`);
  process.exit(1);
}
