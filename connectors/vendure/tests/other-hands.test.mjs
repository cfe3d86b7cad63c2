// An order that is not changed by one buyer in one tab: two tabs, another currency, a log-in, staff. And goods and shops that are not plain.
import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { sum, text, units } from '../../conformance/money.mjs';
import { Buyer } from './harness.mjs';
import { same, scene, table } from './scene.mjs';
import { amountOf, Api, minorOf, plugin, require } from './shop.mjs';

const { defaultOrderProcess } = require('@vendure/core');
/** A shop whose staff may change orders that are about to be paid. */
const process = [defaultOrderProcess, { transitions: { ArrangingPayment: { to: ['Modifying'], mergeStrategy: 'merge' } } }];
const at = scene(() => ({ orderOptions: { process } }));
const { buyer, right } = at;
const ACTIVE = '{ activeOrder { id totalWithTax currencyCode surcharges { sku priceWithTax } lines { quantity } landedCost { terms notice warnings onDelivery { least most } } } }';

describe('two tabs', () => {
  test('that change the same line at once leave one right order', async () => {
    const { one, model } = await buyer();
    const line = await one.line('tshirt');
    const change = (quantity) => one.api.ask('mutation ($id: ID!, $quantity: Int!) { adjustOrderLine(orderLineId: $id, quantity: $quantity) { __typename } }', { id: line, quantity }).catch((error) => error);
    for (const quantities of [[8, 3], [2, 9], [5, 6, 7]]) await Promise.all(quantities.map(change));
    // Whoever came last has the last word on the quantity; what is due must belong to it, at the latest when it is paid.
    const { activeOrder } = await one.api.ask(ACTIVE);
    model.goods.set('tshirt', activeOrder.lines[0].quantity);
    const first = await one.pay();
    const { paid } = first.refused ? await one.pay() : first;
    same(paid, await right(model));
    const order = await one.order();
    same(order.total, paid);
    assert.equal(new Set(one.sold.surcharges.map(({ sku }) => sku)).size, one.sold.surcharges.length, 'no row stands twice');
  });

  test('a change in one tab while the other goes to pay: what is paid is right, or refused', async () => {
    const { one, model } = await buyer();
    const line = await one.line('tshirt');
    await one.api.ask('mutation { setCustomerForOrder(input: { emailAddress: "tabs@example.com", firstName: "A.", lastName: "Buyer" }) { __typename } }');
    const [changed] = await Promise.all([
      one.api.ask('mutation ($id: ID!) { it: adjustOrderLine(orderLineId: $id, quantity: 8) { __typename ... on ErrorResult { message } } }', { id: line }).catch((error) => error),
      one.api.ask('mutation { transitionOrderToState(state: "ArrangingPayment") { __typename } }').catch((error) => error),
    ]);
    assert.ok(changed);
    const { it } = await one.api.ask('mutation { it: addPaymentToOrder(input: { method: "prepaid", metadata: {} }) { __typename ... on Order { state lines { quantity } payments { amount } } } }');
    if (it.__typename !== 'Order') return;
    model.goods.set('tshirt', it.lines[0].quantity);
    same(one.amount(it.payments[0].amount), await right(model));
  });
});

describe('another currency in mid-order', () => {
  test('by the address of the API, or by the mutation for it: all is in the new one', async () => {
    for (const change of ['address', 'mutation']) {
      const { one, model } = await buyer({ goods: { tshirt: 8 } });
      if (change === 'address') one.api.url = one.api.url.replace('EUR', 'USD');
      const document = change === 'address' ? 'mutation { it: refreshLandedCost { currencyCode } }' : 'mutation { it: setCurrencyCodeForOrder(currencyCode: USD) { __typename ... on Order { currencyCode } } }';
      const { it } = await one.api.ask(document);
      assert.equal(it.currencyCode, 'USD');
      model.scenario.currency = 'USD';
      const { activeOrder } = await one.api.ask(ACTIVE);
      same(one.amount(activeOrder.totalWithTax), await right(model));
      same((await one.pay()).paid, await right(model));
    }
  });
});

describe('a guest logs in', () => {
  test('and the two orders become one that is right', async () => {
    // A customer with an order of before.
    const { customer } = await at.shop.admin.ask('mutation { customer: createCustomer(input: { emailAddress: "member@example.com", firstName: "A.", lastName: "Member" }, password: "secret-of-tests") { __typename ... on Customer { id } ... on ErrorResult { message } } }');
    assert.ok(customer.id, customer.message);
    const verified = await at.shop.admin.ask('query ($id: ID!) { customer(id: $id) { user { verified } } }', { id: customer.id });
    assert.ok(verified.customer.user.verified);
    const login = 'mutation { login(username: "member@example.com", password: "secret-of-tests") { __typename ... on ErrorResult { message } } }';
    const before = new Buyer(at.shop, at.setting());
    await before.cart();
    assert.equal((await before.api.ask(login)).login.__typename, 'CurrentUser');
    await before.add('book', 2);
    const { one, model } = await buyer({ goods: { tshirt: 8 } });
    assert.equal((await one.api.ask(login)).login.__typename, 'CurrentUser');
    const { activeOrder } = await one.api.ask('{ activeOrder { totalWithTax lines { quantity productVariant { sku } } shippingAddress { countryCode } shippingLines { shippingMethod { code } } surcharges { sku } } }');
    const goods = activeOrder.lines.map(({ quantity, productVariant: { sku } }) => [sku, quantity]);
    assert.deepEqual(goods.map(([sku]) => sku).sort(), ['book', 'tshirt']);
    model.goods = new Map(goods);
    if (activeOrder.shippingAddress?.countryCode !== 'NL') await one.address(table.places.NL);
    if (activeOrder.shippingLines.length === 0) await one.delivery('ddp', 'standard');
    same((await one.review()).total, await right(model));
    await one.api.ask('mutation { transitionOrderToState(state: "ArrangingPayment") { __typename } }');
    const { it } = await one.api.ask('mutation { it: addPaymentToOrder(input: { method: "prepaid", metadata: {} }) { __typename ... on Order { payments { amount } } } }');
    same(one.amount(it.payments[0].amount), await right(model));
  });
});

describe('staff', () => {
  const toState = (id, state) => at.shop.admin.ask('mutation ($id: ID!, $state: String!) { it: transitionOrderToState(id: $id, state: $state) { __typename ... on OrderStateTransitionError { transitionError } } }', { id, state }).then(({ it }) => it);
  const modify = (input) => at.shop.admin.ask('mutation ($input: ModifyOrderInput!) { it: modifyOrder(input: $input) { __typename ... on ErrorResult { message } ... on Order { totalWithTax surcharges { sku priceWithTax } } } }', { input }).then(({ it }) => it);
  async function arranging() {
    const { one, model } = await buyer();
    await one.api.ask('mutation { setCustomerForOrder(input: { emailAddress: "staff@example.com", firstName: "A.", lastName: "Buyer" }) { __typename } }');
    await one.api.ask('mutation { transitionOrderToState(state: "ArrangingPayment") { __typename } }');
    return { one, model };
  }

  test('changes an order that nobody paid: what is due follows, and what is paid is right', async () => {
    const { one, model } = await arranging();
    const line = await one.line('tshirt');
    const moved = await toState(one.id, 'Modifying');
    assert.equal(moved.__typename, 'Order', moved.transitionError);
    model.goods.set('tshirt', 8);
    const tried = await modify({ dryRun: true, orderId: one.id, adjustOrderLines: [{ orderLineId: line, quantity: 8 }] });
    same(one.amount(tried.totalWithTax), await right(model));
    const changed = await modify({ dryRun: false, orderId: one.id, adjustOrderLines: [{ orderLineId: line, quantity: 8 }] });
    assert.equal(changed.__typename, 'Order', changed.message);
    same(one.amount(changed.totalWithTax), await right(model));
    assert.equal((await toState(one.id, 'ArrangingAdditionalPayment')).__typename, 'Order');
    const { it } = await one.api.ask('mutation { it: addPaymentToOrder(input: { method: "prepaid", metadata: {} }) { __typename ... on ErrorResult { message } ... on Order { state totalWithTax payments { amount } } } }');
    assert.equal(it.__typename, 'Order', it.message);
    same(one.amount(it.payments[0].amount), await right(model));
    same(one.amount(it.totalWithTax), await right(model));
  });

  test('a trial leaves nothing behind', async () => {
    const { one, model } = await arranging();
    const line = await one.line('tshirt');
    await toState(one.id, 'Modifying');
    await modify({ dryRun: true, orderId: one.id, adjustOrderLines: [{ orderLineId: line, quantity: 8 }] });
    const { order } = await at.shop.admin.ask('query ($id: ID!) { order(id: $id) { totalWithTax surcharges { priceWithTax } landedCost { total } } }', { id: one.id });
    same(one.amount(order.totalWithTax), await right(model));
    same(order.landedCost.total, one.amount(order.surcharges.reduce((all, { priceWithTax }) => all + priceWithTax, 0)));
  });

  test('changes an order that was paid: what was quoted at the sale stays', async () => {
    const { one } = await buyer();
    await one.pay();
    const before = await one.order();
    const line = one.sold.lines[0].id;
    at.scripted.reset();
    await toState(one.sold.id, 'Modifying');
    const changed = await modify({ dryRun: false, orderId: one.sold.id, adjustOrderLines: [{ orderLineId: line, quantity: 8 }] });
    assert.equal(changed.__typename, 'Order', changed.message);
    assert.deepEqual(changed.surcharges.map(({ priceWithTax }) => priceWithTax).sort(), one.sold.surcharges.map(({ priceWithTax }) => priceWithTax).sort());
    assert.equal(at.scripted.calls(), 0);
    assert.deepEqual((await one.order()).snapshot, before.snapshot);
  });

  test('adds a surcharge of its own: it stays, and what is due does not count it twice', async () => {
    const { one, model } = await arranging();
    await toState(one.id, 'Modifying');
    const price = 250;
    const changed = await modify({ dryRun: false, orderId: one.id, surcharges: [{ sku: 'gift-wrap', description: 'Gift wrap', price, priceIncludesTax: false }] });
    assert.equal(changed.__typename, 'Order', changed.message);
    same(one.amount(changed.totalWithTax), sum([await right(model), one.amount(price)]));
  });
});

describe('an order that staff drafts', () => {
  test('is priced like any other, at each step, and paid right', async () => {
    const { model } = await buyer({ goods: { tshirt: 8 } });
    const { createDraftOrder: { id } } = await at.shop.admin.ask('mutation { createDraftOrder { id } }');
    const step = (document, variables) => at.shop.admin.ask(document, { id, ...variables }).then(({ it }) => it);
    await step('mutation ($id: ID!, $variant: ID!) { it: addItemToDraftOrder(orderId: $id, input: { productVariantId: $variant, quantity: 8 }) { __typename } }', { variant: at.shop.variants.get('tshirt') });
    await step('mutation ($id: ID!) { it: setCustomerForDraftOrder(orderId: $id, input: { emailAddress: "draft@example.com", firstName: "A.", lastName: "Buyer" }) { __typename } }');
    await step('mutation ($id: ID!) { it: setDraftOrderShippingAddress(orderId: $id, input: { countryCode: "NL", streetLine1: "Damrak 1" }) { __typename } }');
    const taken = await step('mutation ($id: ID!, $method: ID!) { it: setDraftOrderShippingMethod(orderId: $id, shippingMethodId: $method) { __typename ... on Order { totalWithTax currencyCode } } }', { method: at.shop.methods.get('ddp-standard') });
    assert.equal(taken.__typename, 'Order');
    assert.equal(taken.currencyCode, model.currency);
    same(amountOf(taken.totalWithTax, 2), await right(model));
    const moved = await step('mutation ($id: ID!) { it: transitionOrderToState(id: $id, state: "ArrangingPayment") { __typename ... on OrderStateTransitionError { transitionError } } }');
    assert.equal(moved.__typename, 'Order', moved.transitionError);
    const paid = await step('mutation ($id: ID!) { it: addManualPaymentToOrder(input: { orderId: $id, method: "manual", metadata: {} }) { __typename ... on ErrorResult { message } ... on Order { payments { amount } } } }');
    assert.equal(paid.__typename, 'Order', paid.message);
    same(amountOf(paid.payments[0].amount, 2), await right(model));
  });
});

describe('a delivery that does not say its terms', () => {
  test('is duty unpaid: what the seller must collect is charged, the buyer is told the rest, staff is warned', async () => {
    const { createShippingMethod } = await at.shop.admin.ask('mutation ($input: CreateShippingMethodInput!) { createShippingMethod(input: $input) { id } }', {
      input: {
        code: 'plain', fulfillmentHandler: 'manual-fulfillment', translations: [{ languageCode: 'en', name: 'Plain', description: '' }],
        checker: { code: 'default-shipping-eligibility-checker', arguments: [{ name: 'orderMinimum', value: '0' }] },
        calculator: { code: plugin.RATE_CALCULATOR, arguments: [{ name: 'rates', value: `EUR ${table.shipping.standard.EUR}` }] },
      },
    });
    for (const registrations of [[], ['eu.ioss']]) {
      const { one, model } = await buyer({ terms: null, registrations });
      await one.api.ask('mutation ($id: [ID!]!) { setOrderShippingMethod(shippingMethodId: $id) { __typename } }', { id: [createShippingMethod.id] });
      Object.assign(model, { terms: 'dap', speed: 'standard' });
      const { activeOrder } = await one.api.ask(ACTIVE);
      same(one.amount(activeOrder.totalWithTax), await right(model));
      assert.equal(activeOrder.landedCost.terms, 'dap');
      assert.ok(units(activeOrder.landedCost.onDelivery.least) > 0n);
      assert.match(activeOrder.landedCost.warnings[0], /plain does not say its terms/);
      same((await one.pay()).paid, await right(model));
      await one.order();
      assert.match(one.sold.stored.told.warnings[0], /plain does not say its terms/);
    }
    await at.shop.admin.ask('mutation ($id: ID!) { deleteShippingMethod(id: $id) { result } }', { id: createShippingMethod.id });
  });

  test('per-method fees (Vendure #470): what a shipping method costs is freight, once', async () => {
    const { one, model } = await buyer({ goods: { tshirt: 8 } });
    const [question] = at.scripted.questions().slice(-1).map((one) => JSON.parse(one));
    same(question.freight, table.shipping.standard.EUR);
    same((await one.pay()).paid, await right(model));
  });
});

describe('goods that are not sent', () => {
  const isNotSent = (good, notShipped) => at.shop.admin.ask('mutation ($input: [SetCustomsDataInput!]!) { setCustomsData(input: $input) }', { input: [{ variantId: at.shop.variants.get(good), notShipped }] });

  test('a gift card in the order owes nothing, is not asked about, and does not stop duty-paid', async () => {
    await isNotSent('surprise', true);
    try {
      const { one, model } = await buyer({ goods: { tshirt: 8, surprise: 2 } });
      model.goods.delete('surprise');
      const card = sum([table.goods.surprise.price.EUR, table.goods.surprise.price.EUR]);
      const wanted = sum([await right(model), card]);
      same((await one.review()).total, wanted);
      same((await one.pay()).paid, wanted);
      await one.order();
      const back = await one.refund([{ good: 'surprise', quantity: 1 }]);
      same(back.total, '0');
      const { variantsLackingCustomsData } = await at.shop.admin.ask('{ variantsLackingCustomsData(to: "NL") { totalItems } }');
      assert.equal(variantsLackingCustomsData.totalItems, 0);
    } finally {
      await isNotSent('surprise', false);
    }
  });

  test('an order of gift cards alone is sold, and nothing is asked', async () => {
    await isNotSent('surprise', true);
    try {
      const { one } = await buyer({ goods: { surprise: 1 }, terms: 'dap' });
      assert.equal(at.scripted.calls(), 0);
      same((await one.pay()).paid, sum([table.goods.surprise.price.EUR, table.shipping.standard.EUR]));
    } finally {
      await isNotSent('surprise', false);
    }
  });
});

describe('a very large order', () => {
  test('of as many lines as the shop allows is quoted exactly, and one line more is refused with a reason', async () => {
    const { one } = await buyer({ options: { client: { timeout_ms: 60_000 } } });
    assert.ok(one);
    const { code, origin, weight_kg, price } = table.goods.tshirt;
    const basket = (count) => ({
      terms: 'ddp', lines: Array.from({ length: count }, (_, line) => String(line)),
      consignment: { ...table.settings, to: 'NL', currency: 'EUR', freight: '7.00', items: Array.from({ length: count }, () => ({ code, origin, weight_kg, quantity: 1, price: price.EUR })) },
    });
    const answer = await at.shop.service.quote(basket(999));
    assert.equal(answer.proceed, 'ddp');
    for (const charge of answer.charges) same(sum(Object.values(charge.per_line)), charge.amount);
    const more = await at.shop.service.quote(basket(1000));
    assert.equal(more.proceed, 'refuse');
    assert.equal(more.why, 'question');
    assert.ok(more.problems.length > 0);
  });
});

describe('who may see and do what', () => {
  const ADMIN_ONLY = [
    'query { landedCost(orderId: "1") { state } }', 'query { landedCostRefund(input: { orderId: "1", lines: [] }) { total } }', 'query { landedCostSetup(to: "NL") { to } }',
    'query { variantsLackingCustomsData(to: "NL") { totalItems } }', 'mutation { suggestGoodsCodes }', 'mutation { confirmGoodsCodes(input: []) }', 'mutation { setCustomsData(input: []) }',
    'mutation { refundLandedCost(input: { orderId: "1", lines: [] }) { total } }',
  ];
  test('nobody without a login, and nobody without the permission', async () => {
    const { createRole } = await at.shop.admin.ask('mutation { createRole(input: { code: "clerk", description: "Clerk", permissions: [ReadCustomer] }) { id } }');
    await at.shop.admin.ask('mutation ($roles: [ID!]!) { createAdministrator(input: { firstName: "A.", lastName: "Clerk", emailAddress: "clerk@example.com", password: "clerk-of-tests", roleIds: $roles }) { id } }', { roles: [createRole.id] });
    const clerk = new Api(at.shop.admin.url);
    await clerk.ask('mutation { login(username: "clerk@example.com", password: "clerk-of-tests") { __typename } }');
    for (const api of [new Api(at.shop.admin.url), clerk]) {
      for (const document of ADMIN_ONLY) await assert.rejects(api.ask(document), /not currently authorized/, document);
    }
    const reader = new Api(at.shop.admin.url);
    const { createRole: readers } = await at.shop.admin.ask('mutation { createRole(input: { code: "reader", description: "Reader", permissions: [ReadCatalog, ReadOrder] }) { id } }');
    await at.shop.admin.ask('mutation ($roles: [ID!]!) { createAdministrator(input: { firstName: "A.", lastName: "Reader", emailAddress: "reader@example.com", password: "reader-of-tests", roleIds: $roles }) { id } }', { roles: [readers.id] });
    await reader.ask('mutation { login(username: "reader@example.com", password: "reader-of-tests") { __typename } }');
    assert.equal((await reader.ask('{ landedCostSetup(to: "NL") { to } }')).landedCostSetup.to, 'NL');
    for (const document of ADMIN_ONLY.filter((one) => one.startsWith('mutation'))) await assert.rejects(reader.ask(document), /not currently authorized/, document);
  });

  test('a buyer sees neither question nor editions nor hashes, nor another one\'s order', async () => {
    const { one } = await buyer();
    for (const field of ['editions', 'reasons { rule }', 'consignments', 'quoteSha256', 'ratebook', 'returned']) {
      await assert.rejects(one.api.ask(`{ activeOrder { landedCost { ${field} } } }`), /Cannot query field/);
    }
    const other = at.shop.shopApi('EUR');
    assert.equal((await other.ask('query ($id: ID!) { order(id: $id) { landedCost { state } } }', { id: one.id })).order, null);
    assert.equal((await other.ask('mutation { refreshLandedCost { id } }')).refreshLandedCost, null);
  });

  test('what is no code, country or weight is not written', async () => {
    const set = (fields) => at.shop.admin.ask('mutation ($input: [SetCustomsDataInput!]!) { setCustomsData(input: $input) }', { input: [{ variantId: at.shop.variants.get('tshirt'), ...fields }] });
    for (const fields of [{ goodsCode: 'shirt' }, { goodsCode: '' }, { originCountry: 'China' }, { originCountry: 'cn' }, { weightGrams: -1 }]) await assert.rejects(set(fields), /no goods code|no country|not below 0/);
    await assert.rejects(at.shop.admin.ask('mutation { setCustomsData(input: [{ variantId: "99999", weightGrams: 1 }]) }'), /No ProductVariant/i);
    const { productVariant } = await at.shop.admin.ask('query ($id: ID!) { productVariant(id: $id) { customFields { goodsCode originCountry weightGrams } } }', { id: at.shop.variants.get('tshirt') });
    const { code, origin, weight_kg } = table.goods.tshirt;
    assert.deepEqual(productVariant.customFields, { goodsCode: code, originCountry: origin, weightGrams: Number(weight_kg) * 1000 });
  });
});

describe('what the shop itself lacks', () => {
  test('each registration of the destination, with what it changes, as the engine says it', async () => {
    await buyer({ registrations: ['eu.ioss'] });
    const { landedCostSetup: found } = await at.shop.admin.ask('query ($id: ID!) { landedCostSetup(to: "NL", variantId: $id, quantity: 4) { from toName outcome registrations { key isHeld with { checkoutDap { least } onDelivery { least most } checkoutDdp { least } } without { checkoutDap { least } onDelivery { least } checkoutDdp { least } } says } missing { fact } problems } }', { id: at.shop.variants.get('tshirt') });
    assert.equal(found.from, table.settings.from);
    const { schemes } = await (await fetch(`${at.real.origin}/v1/economies/NL`)).json();
    assert.deepEqual(found.registrations.map(({ key }) => key), schemes.map(({ key }) => key));
    const { code, origin, weight_kg, price } = table.goods.tshirt;
    const termsOf = async (registrations) => (await (await fetch(`${at.real.origin}/v1/quotes`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...table.settings, to: 'NL', currency: 'EUR', seller: { registrations }, items: [{ code, origin, weight_kg, quantity: 4, price: price.EUR }] }) })).json()).terms;
    const [held] = found.registrations;
    assert.equal(held.isHeld, true);
    for (const [side, terms] of [[held.with, await termsOf(['eu.ioss'])], [held.without, await termsOf([])]]) {
      same(side.checkoutDdp.least, terms.checkout_ddp.least_asked);
      same(side.checkoutDap.least, terms.checkout_dap.least_asked);
      same(side.onDelivery.least, terms.on_delivery_dap.least_asked);
    }
    assert.notDeepEqual(held.with, held.without);
    assert.match(held.says, /^Without eu\.ioss: .* With eu\.ioss: /);
  });

  test('a shop that does not say where it sends from is asked, with the price of not saying it', async () => {
    const { from: _, ...settings } = table.settings;
    await buyer();
    at.shop.service.configure({ ...at.shop.service.settings, consignment: settings, not_asked: [] });
    const { landedCostSetup: found } = await at.shop.admin.ask('query ($id: ID!) { landedCostSetup(to: "NL", variantId: $id, quantity: 8) { from outcome missing { fact narrowsBy } sale { checkoutDdp { least most } } } }', { id: at.shop.variants.get('tshirt') });
    assert.equal(found.from, null);
    const { code, origin, weight_kg, price } = table.goods.tshirt;
    const quote = await (await fetch(`${at.real.origin}/v1/quotes`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...settings, to: 'NL', currency: 'EUR', items: [{ code, origin, weight_kg, quantity: 8, price: price.EUR }] }) })).json();
    assert.equal(found.outcome, quote.outcome);
    assert.equal(found.missing.find(({ fact }) => fact === 'from').narrowsBy, quote.missing.find(({ fact }) => fact === 'from').narrows_by);
    assert.deepEqual(found.sale.checkoutDdp, { least: quote.terms.checkout_ddp.least_asked, most: quote.terms.checkout_ddp.most_asked });
  });

  test('what is not known of the way it is sent is asked with its price', async () => {
    const { channel: _, ...settings } = table.settings;
    await buyer();
    at.shop.service.configure({ ...at.shop.service.settings, consignment: settings });
    const { landedCostSetup: found } = await at.shop.admin.ask('query ($id: ID!) { landedCostSetup(to: "NL", variantId: $id, quantity: 8) { missing { fact question narrowsBy } } }', { id: at.shop.variants.get('tshirt') });
    const { code, origin, weight_kg, price } = table.goods.tshirt;
    const quote = await (await fetch(`${at.real.origin}/v1/quotes`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...settings, to: 'NL', currency: 'EUR', items: [{ code, origin, weight_kg, quantity: 8, price: price.EUR }] }) })).json();
    assert.deepEqual(found.missing.map(({ fact, narrowsBy }) => [fact, narrowsBy ?? undefined]), (quote.missing ?? []).map(({ fact, narrows_by }) => [fact, narrows_by]));
  });
});

describe('a shop whose prices include tax', () => {
  test('asks about the price without it, and charges what the buyer abroad pays', async () => {
    const { activeChannel } = await at.shop.admin.ask('{ activeChannel { id defaultTaxZone { id } defaultShippingZone { id } } }');
    const { taxCategories, countries } = await at.shop.admin.ask('{ taxCategories { items { id } } countries { items { id code } } }');
    const home = await at.shop.admin.ask('mutation ($ids: [ID!]!) { it: createZone(input: { name: "Home", memberIds: $ids }) { id } }', { ids: [countries.items.find(({ code }) => code === 'JP').id] });
    await at.shop.admin.ask('mutation ($input: CreateTaxRateInput!) { createTaxRate(input: $input) { id } }', { input: { name: 'At home', enabled: true, value: 21, categoryId: taxCategories.items[0].id, zoneId: home.it.id } });
    const set = (input) => at.shop.admin.ask('mutation ($input: UpdateChannelInput!) { updateChannel(input: $input) { __typename ... on ErrorResult { message } } }', { input: { id: activeChannel.id, ...input } });
    await set({ pricesIncludeTax: true, defaultTaxZoneId: home.it.id });
    try {
      const { one, model } = await buyer({ goods: { tshirt: 8 } });
      const { activeOrder } = await one.api.ask('{ activeOrder { totalWithTax shippingWithTax lines { taxRate unitPrice unitPriceWithTax linePriceWithTax } surcharges { priceWithTax } } }');
      const [line] = activeOrder.lines;
      assert.equal(line.taxRate, 0);
      assert.equal(line.unitPrice, line.unitPriceWithTax);
      assert.equal(line.unitPrice, Math.round(minorOf(table.goods.tshirt.price.EUR, 2) / 1.21), 'the tax of home is taken off');
      // The same basket at that price.
      model.table = { ...table, goods: { ...table.goods, tshirt: { ...table.goods.tshirt, price: { EUR: one.amount(line.unitPrice) } } } };
      same(one.amount(activeOrder.totalWithTax), await right(model));
      same((await one.pay()).paid, await right(model));
    } finally {
      await set({ pricesIncludeTax: false, defaultTaxZoneId: activeChannel.defaultTaxZone.id });
    }
  });
});
