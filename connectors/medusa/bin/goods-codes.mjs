#!/usr/bin/env node
// Goods codes for a catalogue: asks the finder for products without one, and assigns the codes that a person confirmed.
//
//   tidewaiter-goods-codes suggest --to NL > codes.csv    suggestions, the likeliest first, with the price of not knowing
//   tidewaiter-goods-codes confirm codes.csv              assigns the column goods_code of the rows where confirmed is "yes"
//
// Columns may be parted by commas, semicolons or tabs, as spreadsheets write them. A row that cannot be assigned is named with the reason, and the exit code is 1.
//
// MEDUSA_URL is the address of the shop, MEDUSA_API_KEY a secret API key of it (Settings, Secret API Keys).
import { readFileSync } from 'node:fs';
import { cell, confirmed, counted, textOf } from './table.mjs';

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

const lacking = (offset, limit) => ask('GET', `variants?to=${encodeURIComponent(to)}&offset=${offset}&limit=${limit}`);

/** Those that may be written. What cannot be checked now was confirmed by a person all the same. */
async function checked(rows) {
  const good = [];
  for (let at = 0; at < rows.length; at += PAGE) {
    const some = rows.slice(at, at + PAGE);
    const { codes: found } = await ask('POST', 'goods-codes/check', { codes: some.map(({ code }) => code.slice(0, 50)) });
    some.forEach((row, index) => {
      const { is_known, says } = found[index];
      if (is_known === false) refuse(`row ${row.number}: ${says}`);
      else good.push(row);
      if (is_known === null) console.error(`row ${row.number}: ${says}. It is assigned as it stands.`);
    });
  }
  return good;
}

let refused = 0;
function refuse(text) {
  refused += 1;
  console.error(`${text}. Not assigned.`);
}

try {
  if (verb === 'suggest') {
    // A destination that is none is told before the finder is asked.
    await lacking(0, 1);
    let asked;
    do {
      ({ asked } = await ask('POST', 'goods-codes/suggestions', { limit: PAGE }));
    } while (asked === PAGE);
    console.log(HEAD.join(','));
    // A code is the product's: its variants have one row together.
    const seen = new Set();
    for (let offset = 0, total = 1; offset < total; offset += PAGE) {
      const page = await lacking(offset, PAGE);
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
    const { rows, faults } = confirmed(textOf(readFileSync(rest[0])), 'product_id');
    faults.forEach(refuse);
    const good = await checked(rows);
    for (let at = 0; at < good.length; at += PAGE) {
      await ask('POST', 'goods-codes', { codes: good.slice(at, at + PAGE).map(({ id, code }) => ({ product_id: id, goods_code: code })) });
    }
    console.log(`${counted(good.length, 'goods code')} assigned${refused === 0 ? '' : `, ${counted(refused, 'row')} refused`}`);
    if (refused > 0) process.exitCode = 1;
  }
} catch (error) {
  console.error(`tidewaiter-goods-codes: ${error.message}`);
  process.exit(1);
}
