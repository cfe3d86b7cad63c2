// The verbs of the conformance suite, each what a storefront would send to the Shop API of a real Vendure shop.
import { amountOf, startShop } from './shop.mjs';

const LANDED_COST = `landedCost {
  terms state outcome offered total currencyCode notice why
  charges { key class amount collectedBy price } range { least most } onDelivery { least most }
  missing { fact orderLineId question narrowsBy narrowsCurrency }
}`;
const ORDER = `id code state totalWithTax currencyCode lines { id quantity productVariant { sku } }
  surcharges { sku priceWithTax } shippingLines { shippingMethod { code } } ${LANDED_COST}`;
const ERROR = '__typename ... on ErrorResult { errorCode message }';

let shop;
export const theShop = () => shop;

export async function start({ table, engine }) {
  shop = await startShop({ table, options: optionsOf({ table, engine, registrations: [], client: {} }) });
}
export async function stop() {
  await shop?.stop();
  shop = undefined;
}
export async function open(setting) {
  shop.service.configure(optionsOf(setting));
  return new Buyer(shop, setting);
}

export function optionsOf({ table, engine, registrations, client: { policy, ...client } }) {
  return { url: engine, policy, client: { ...client, on_failure: (...all) => process.env.SHOP_FAILURES && console.log(...all) }, consignment: { ...table.settings, seller: { registrations } } };
}

/** A visitor of the shop. */
export class Buyer {
  constructor(shop, { currency }) { Object.assign(this, { shop, currency }); }

  async cart() { this.shop.warehouses.parcels = undefined; this.api = this.shop.shopApi(this.currency); this.lines = new Map(); }

  async add(good, quantity) {
    this.took((await this.api.ask(`mutation ($id: ID!, $quantity: Int!) { it: addItemToOrder(productVariantId: $id, quantity: $quantity) { ${ERROR} ... on Order { ${ORDER} } } }`,
      { id: this.shop.variants.get(good), quantity })).it);
  }
  async quantity(good, quantity) {
    this.took((await this.api.ask(`mutation ($id: ID!, $quantity: Int!) { it: adjustOrderLine(orderLineId: $id, quantity: $quantity) { ${ERROR} ... on Order { ${ORDER} } } }`,
      { id: await this.line(good), quantity })).it);
  }
  async remove(good) {
    this.took((await this.api.ask(`mutation ($id: ID!) { it: removeOrderLine(orderLineId: $id) { ${ERROR} ... on Order { ${ORDER} } } }`, { id: await this.line(good) })).it);
  }
  async address(place) {
    this.took((await this.api.ask(`mutation ($input: CreateAddressInput!) { it: setOrderShippingAddress(input: $input) { ${ERROR} ... on Order { ${ORDER} } } }`,
      { input: { countryCode: place.to, province: place.region, fullName: place.name, streetLine1: place.street, city: place.city, postalCode: place.postcode } })).it);
  }
  async coupon(code) {
    this.took((await this.api.ask(`mutation ($code: String!) { it: applyCouponCode(couponCode: $code) { ${ERROR} ... on Order { ${ORDER} } } }`, { code })).it);
  }

  async delivery(terms, speed) {
    // What a storefront offers, and what it sends must agree.
    const { eligibleShippingMethods } = await this.api.ask('{ eligibleShippingMethods { id code metadata } }');
    const id = this.shop.methods.get(`${terms}-${speed}`);
    const isOffered = eligibleShippingMethods.some((one) => one.id === id);
    const { it } = await this.api.ask(`mutation ($id: [ID!]!) { it: setOrderShippingMethod(shippingMethodId: $id) { ${ERROR} ... on Order { ${ORDER} } } }`, { id: [id] });
    this.option = id;
    const isTaken = it.__typename === 'Order';
    if (isOffered !== isTaken) throw new Error(`${terms} ${speed} is ${isOffered ? '' : 'not '}offered, and was ${isTaken ? '' : 'not '}taken`);
    return isTaken ? {} : { refused: it.message };
  }

  /** A shop with two warehouses: goods are divided among them, and each sends a parcel. */
  async split(parcels) {
    this.shop.warehouses.parcels = parcels;
    this.took((await this.api.ask(`mutation ($ids: [ID!]!) { it: setOrderShippingMethod(shippingMethodId: $ids) { ${ERROR} ... on Order { ${ORDER} } } }`, { ids: parcels.map(() => this.option) })).it);
  }

  async review() {
    const { it } = await this.api.ask(`mutation { it: refreshLandedCost { ${ORDER} } }`);
    return this.seen(it);
  }

  async pay() {
    await this.api.ask(`mutation { setCustomerForOrder(input: { emailAddress: "buyer@example.com", firstName: "A.", lastName: "Buyer" }) { ${ERROR} } }`);
    const { moved } = await this.api.ask(`mutation { moved: transitionOrderToState(state: "ArrangingPayment") { ${ERROR} ... on OrderStateTransitionError { transitionError } ... on Order { ${ORDER} } } }`);
    if (moved.__typename !== 'Order') return { refused: moved.transitionError ?? moved.message };
    const { paid } = await this.api.ask(`mutation { paid: addPaymentToOrder(input: { method: "prepaid", metadata: {} }) { ${ERROR} ... on Order { ${ORDER} payments { amount state } } } }`);
    if (paid.__typename !== 'Order') return { refused: paid.message };
    if (paid.state !== 'PaymentSettled') throw new Error(`the order is in the state ${paid.state}`);
    this.code = paid.code;
    return { paid: this.amount(paid.payments.reduce((sum, { amount }) => sum + amount, 0)) };
  }

  /** As the shop's staff sees it. */
  async order() {
    const { orders } = await this.shop.admin.ask('query ($code: String!) { orders(options: { filter: { code: { eq: $code } } }) { items { id totalWithTax customFields { deliveryTerms landedCost } surcharges { sku priceWithTax } lines { id productVariant { sku } } } } }', { code: this.code });
    const [sold] = orders.items;
    const { landedCost } = await this.shop.admin.ask('query ($id: ID!) { landedCost(orderId: $id) { terms state charges { key class amount collectedBy price } editions ratebook fingerprint quoteSha256 } }', { id: sold.id });
    const stored = JSON.parse(sold.customFields.landedCost);
    this.sold = { ...sold, stored };
    return {
      terms: sold.customFields.deliveryTerms, state: landedCost.state, total: this.amount(sold.totalWithTax),
      charges: this.rows(sold, landedCost), snapshot: stored.snapshots,
    };
  }

  async refund(lines) {
    const input = { orderId: this.sold.id, lines: lines.map(({ good, quantity }) => ({ orderLineId: this.sold.lines.find((line) => line.productVariant.sku === good).id, quantity })) };
    const { landedCostRefund: told } = await this.shop.admin.ask('query ($input: LandedCostReturnInput!) { landedCostRefund(input: $input) { total } }', { input });
    const { refundLandedCost: back } = await this.shop.admin.ask('mutation ($input: RefundLandedCostInput!) { refundLandedCost(input: $input) { total charges { key class amount collectedBy } } }', { input });
    if (told.total !== back.total) throw new Error(`${told.total} was told, ${back.total} went back`);
    return { charges: back.charges, total: back.total };
  }

  seen(order) {
    const told = order.landedCost;
    return {
      offered: told.offered, state: told.state, total: this.amount(order.totalWithTax), charges: this.rows(order, told),
      ...(told.notice ? { notice: told.notice } : {}),
      ...(told.range ? { range: { least: told.range.least, ...(told.range.most == null ? {} : { most: told.range.most }) } } : {}),
      missing: told.missing.map(({ narrowsBy, ...rest }) => ({ ...rest, ...(narrowsBy == null ? {} : { narrows_by: narrowsBy }) })),
    };
  }

  /** The rows that are told must be the surcharges that are charged: with one alone a payment would be wrong. */
  rows(order, told) {
    const charged = order.surcharges.map(({ sku, priceWithTax }) => `${sku} ${priceWithTax}`).sort();
    const shown = told.charges.map((row) => `landed-cost:${row.class}:${row.collectedBy}:${row.key} ${row.price}`).sort();
    if (charged.join() !== shown.join()) throw new Error(`charged are ${charged}, shown are ${shown}`);
    return told.charges.map(({ key, class: kind, amount, collectedBy }) => ({ key, class: kind, amount, collected_by: collectedBy }));
  }

  async line(good) {
    const { activeOrder } = await this.api.ask('{ activeOrder { lines { id productVariant { sku } } } }');
    return activeOrder.lines.find((line) => line.productVariant.sku === good).id;
  }

  amount(minor) { return amountOf(minor, this.shop.precision); }

  took(answer) {
    if (answer.__typename !== 'Order') throw new Error(answer.message);
  }
}
