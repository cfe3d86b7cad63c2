#!/usr/bin/env node
// Goods codes for a catalogue: asks the finder for products without one, and assigns the codes that a person confirmed.
//
//   tidewaiter-goods-codes suggest --to NL > codes.csv    suggestions, the likeliest first, with the price of not knowing
//   tidewaiter-goods-codes confirm codes.csv              assigns the column goods_code of the rows where confirmed is "yes"
//
// VENDURE_ADMIN_API is the address of the Admin API, VENDURE_USER and VENDURE_PASSWORD a user who may change products.
import { readFileSync } from 'node:fs';

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
  const { login } = await ask('mutation ($user: String!, $password: String!) { login(username: $user, password: $password) { __typename ... on ErrorResult { message } } }', { user, password });
  if (login.message) throw new Error(login.message);
  if (verb === 'suggest') {
    let asked;
    do {
      ({ suggestGoodsCodes: asked } = await ask('mutation ($take: Int) { suggestGoodsCodes(take: $take) }', { take: PAGE }));
    } while (asked === PAGE);
    console.log(HEAD.join(','));
    for (let skip = 0, total = 1; skip < total; skip += PAGE) {
      const { variantsLackingCustomsData: page } = await ask(
        'query ($to: String!, $skip: Int, $take: Int) { variantsLackingCustomsData(to: $to, skip: $skip, take: $take) { totalItems items { variantId sku name lacks says suggestions { code title percent } } } }',
        { to, skip, take: PAGE });
      total = page.totalItems;
      for (const { variantId, sku, name, lacks, says, suggestions: [first, ...others] } of page.items) {
        if (!lacks.includes('goodsCode')) continue;
        const list = others.map((one) => `${one.code} ${one.percent} % ${one.title}`).join('; ');
        console.log([variantId, sku, name, first?.code, first?.percent, first?.title, list, says, ''].map(cell).join(','));
      }
    }
  } else {
    const input = rows(readFileSync(rest[0], 'utf8')).filter((row) => row.confirmed?.trim().toLowerCase() === 'yes')
      .map((row) => ({ variantId: row.variant_id, goodsCode: row.goods_code.replace(/^'/, '').trim() }));
    for (let at = 0; at < input.length; at += PAGE) await ask('mutation ($input: [ConfirmGoodsCodeInput!]!) { confirmGoodsCodes(input: $input) }', { input: input.slice(at, at + PAGE) });
    console.log(`${input.length} goods codes assigned`);
  }
} catch (error) {
  console.error(`tidewaiter-goods-codes: ${error.message}`);
  process.exit(1);
}
