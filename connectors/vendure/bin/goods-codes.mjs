#!/usr/bin/env node
// Goods codes for a catalogue: asks the finder for products without one, and assigns the codes that a person confirmed.
//
//   tidewaiter-goods-codes suggest --to NL > codes.csv    suggestions, the likeliest first, with the price of not knowing
//   tidewaiter-goods-codes confirm codes.csv              assigns the column goods_code of the rows where confirmed is "yes"
//
// Columns may be parted by commas, semicolons or tabs, as spreadsheets write them. A row that cannot be assigned is named with the reason, and the exit code is 1.
//
// VENDURE_ADMIN_API is the address of the Admin API, VENDURE_USER and VENDURE_PASSWORD a user who may change products.
import { readFileSync } from 'node:fs';
import { cell, confirmed, counted, textOf } from './table.mjs';

const PAGE = 50;
const HEAD = ['variant_id', 'sku', 'name', 'goods_code', 'percent', 'title', 'others', 'says', 'confirmed'];

const { VENDURE_ADMIN_API: url, VENDURE_USER: user, VENDURE_PASSWORD: password } = process.env;
const [verb, ...rest] = process.argv.slice(2);
const to = rest[rest.indexOf('--to') + 1];
if (!url || !user || !password || !(verb === 'suggest' ? rest.includes('--to') && to : verb === 'confirm' && rest[0])) {
  console.error('usage: tidewaiter-goods-codes suggest --to COUNTRY | confirm FILE.csv\nSet VENDURE_ADMIN_API, VENDURE_USER and VENDURE_PASSWORD.');
  process.exit(2);
}

let token;
async function ask(query, variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token?.bearer ? { authorization: `Bearer ${token.bearer}` } : {}), ...(token?.cookie ? { cookie: token.cookie } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  const bearer = response.headers.get('vendure-auth-token');
  const cookie = response.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
  if (bearer || cookie) token = { bearer, cookie };
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'));
  return data;
}

const QUERY = 'query ($to: String!, $skip: Int, $take: Int) { variantsLackingCustomsData(to: $to, skip: $skip, take: $take) { totalItems items { variantId sku name lacks says suggestions { code title percent } } } }';
const lacking = async (skip, take) => (await ask(QUERY, { to, skip, take })).variantsLackingCustomsData;

/** Those that may be written. What cannot be checked now was confirmed by a person all the same. */
async function checked(rows) {
  const good = [];
  for (let at = 0; at < rows.length; at += PAGE) {
    const some = rows.slice(at, at + PAGE);
    const { checkGoodsCodes: found } = await ask('query ($codes: [String!]!) { checkGoodsCodes(codes: $codes) { isKnown says } }', { codes: some.map(({ code }) => code) });
    some.forEach((row, index) => {
      const { isKnown, says } = found[index];
      if (isKnown === false) refuse(`row ${row.number}: ${says}`);
      else good.push(row);
      if (isKnown === null) console.error(`row ${row.number}: ${says}. It is assigned as it stands.`);
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
  const { login } = await ask('mutation ($user: String!, $password: String!) { login(username: $user, password: $password) { __typename ... on ErrorResult { message } } }', { user, password });
  if (login.message) throw new Error(login.message);
  if (verb === 'suggest') {
    // A destination that is none is told before the finder is asked.
    await lacking(0, 1);
    let asked;
    do {
      ({ suggestGoodsCodes: asked } = await ask('mutation ($take: Int) { suggestGoodsCodes(take: $take) }', { take: PAGE }));
    } while (asked === PAGE);
    console.log(HEAD.join(','));
    for (let skip = 0, total = 1; skip < total; skip += PAGE) {
      const page = await lacking(skip, PAGE);
      total = page.totalItems;
      for (const { variantId, sku, name, lacks, says, suggestions: [first, ...others] } of page.items) {
        if (!lacks.includes('goodsCode')) continue;
        const list = others.map((one) => `${one.code} ${one.percent} % ${one.title}`).join('; ');
        console.log([variantId, sku, name, first?.code, first?.percent, first?.title, list, says, ''].map(cell).join(','));
      }
    }
  } else {
    const { rows, faults } = confirmed(textOf(readFileSync(rest[0])), 'variant_id');
    faults.forEach(refuse);
    const good = await checked(rows);
    for (let at = 0; at < good.length; at += PAGE) {
      const input = good.slice(at, at + PAGE).map(({ id, code }) => ({ variantId: id, goodsCode: code }));
      await ask('mutation ($input: [ConfirmGoodsCodeInput!]!) { confirmGoodsCodes(input: $input) }', { input });
    }
    console.log(`${counted(good.length, 'goods code')} assigned${refused === 0 ? '' : `, ${counted(refused, 'row')} refused`}`);
    if (refused > 0) process.exitCode = 1;
  }
} catch (error) {
  console.error(`tidewaiter-goods-codes: ${error.message}`);
  process.exit(1);
}
