#!/usr/bin/env node
// Goods codes for a catalogue: asks the finder for products without one, and assigns the codes that a person confirmed.
//
//   tidewaiter-goods-codes suggest --to NL > codes.csv    suggestions, the likeliest first, with the price of not knowing
//   tidewaiter-goods-codes confirm codes.csv              assigns the column goods_code of the rows where confirmed is "yes"
//
// Columns may be parted by commas, semicolons or tabs, as spreadsheets write them. A row that cannot be assigned is named with the reason, and the exit code is 1.
//
// VENDURE_ADMIN_API is the address of the Admin API, VENDURE_USER and VENDURE_PASSWORD a user who may change products.
import { goodsCodesCommand } from '@tidewaiter/client/plugin';

const { VENDURE_ADMIN_API: url, VENDURE_USER: user, VENDURE_PASSWORD: password } = process.env;

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

const LACKING = 'query ($to: String!, $skip: Int, $take: Int) { variantsLackingCustomsData(to: $to, skip: $skip, take: $take) { totalItems items { variantId sku name lacks says suggestions { code title percent } } } }';

await goodsCodesCommand({
  needs: 'VENDURE_ADMIN_API, VENDURE_USER and VENDURE_PASSWORD',
  isReady: Boolean(url && user && password),
  id: 'variant_id',
  async open() {
    const { login } = await ask('mutation ($user: String!, $password: String!) { login(username: $user, password: $password) { __typename ... on ErrorResult { message } } }', { user, password });
    if (login.message) throw new Error(login.message);
  },
  suggest: async (take) => (await ask('mutation ($take: Int) { suggestGoodsCodes(take: $take) }', { take })).suggestGoodsCodes,
  async lacking(to, skip, take) {
    const { totalItems, items } = (await ask(LACKING, { to, skip, take })).variantsLackingCustomsData;
    const uncoded = items.filter(({ lacks }) => lacks.includes('goodsCode')).map(({ variantId, ...rest }) => ({ id: variantId, ...rest }));
    return { total: totalItems, uncoded };
  },
  check: async (codes) => (await ask('query ($codes: [String!]!) { checkGoodsCodes(codes: $codes) { isKnown says } }', { codes })).checkGoodsCodes,
  assign: (rows) => ask('mutation ($input: [ConfirmGoodsCodeInput!]!) { confirmGoodsCodes(input: $input) }', { input: rows.map(({ id, code }) => ({ variantId: id, goodsCode: code })) }),
});
