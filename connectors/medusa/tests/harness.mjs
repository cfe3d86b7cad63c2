// The verbs of the conformance suite, each what a storefront would send to the Store API of a real Medusa shop.
import { Api, startShop } from './shop.mjs';

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
  return openAt(shop, setting);
}

/** A country is in one region, and a region has one currency: all of them are where the buyer is. */
export async function openAt(where, { options = {}, ...setting }) {
  await where.configure({ ...optionsOf(setting), ...options });
  if (where.currency !== setting.currency) {
    if (where.currency) await where.admin.post(`/regions/${where.regions.get(where.currency)}`, { countries: [] });
    await where.admin.post(`/regions/${where.regions.get(setting.currency)}`, { countries: where.countries });
    where.currency = setting.currency;
  }
  return new Buyer(where, setting);
}

export function optionsOf({ table, engine, registrations, client: { policy, ...client } }) {
  return { url: engine, policy, client, consignment: { ...table.settings, seller: { registrations } } };
}

/** As text: a number of JSON is written as the shop wrote it. */
const amountOf = (value) => String(value);

/** A visitor of the shop. */
export class Buyer {
  constructor(shop, { currency }) { Object.assign(this, { shop, currency, store: shop.store }); }

  async cart() {
    const { cart } = await this.store.post('/carts', { region_id: this.shop.regions.get(this.currency) });
    this.id = cart.id;
  }
  async add(good, quantity) { return this.at((await this.store.post(`/carts/${this.id}/line-items`, { variant_id: this.shop.variants.get(good), quantity })).cart); }
  async quantity(good, quantity) { return this.at((await this.store.post(`/carts/${this.id}/line-items/${this.line(good)}`, { quantity })).cart); }
  async remove(good) { return this.at((await this.store.delete(`/carts/${this.id}/line-items/${this.line(good)}`)).parent); }
  async coupon(code) { return this.at((await this.store.post(`/carts/${this.id}/promotions`, { promo_codes: [code] })).cart); }
  async address(place) {
    const [first_name, last_name] = place.name.split(' ');
    return this.at((await this.store.post(`/carts/${this.id}`, {
      email: 'buyer@example.com',
      shipping_address: { country_code: place.to.toLowerCase(), province: place.region ?? '', first_name, last_name, address_1: place.street, city: place.city, postal_code: place.postcode },
    })).cart);
  }

  async options() { return (await this.store.get(`/shipping-options?cart_id=${this.id}`)).shipping_options; }

  async delivery(terms, speed, profile = 1) {
    // What a storefront offers, and what it sends must agree.
    const id = this.shop.options.get(`${profile} ${terms}-${speed}`);
    const isOffered = (await this.options()).some((one) => one.id === id);
    this.chosen = `${terms}-${speed}`;
    let refused;
    try {
      this.at((await this.store.post(`/carts/${this.id}/shipping-methods`, { option_id: id })).cart);
    } catch (error) {
      if (error.type !== 'not_allowed') throw error;
      refused = error.told;
    }
    if (isOffered !== !refused) throw new Error(`${terms} ${speed} is ${isOffered ? '' : 'not '}offered, and was ${refused ? 'not ' : ''}taken`);
    return refused ? { refused } : {};
  }

  /** Goods of another shipping profile need a delivery of their own: a parcel of their own. */
  async split([, ...others]) {
    this.moved = others.flat();
    for (const good of this.moved) await this.shop.admin.post(`/products/${this.shop.products.get(good)}`, { shipping_profile_id: this.shop.profiles[1] });
    const refused = await this.delivery(...this.chosen.split('-'), 2);
    if (refused.refused) throw new Error(refused.refused);
  }
  async close() {
    for (const good of this.moved ?? []) await this.shop.admin.post(`/products/${this.shop.products.get(good)}`, { shipping_profile_id: this.shop.profiles[0] });
  }

  async review() {
    const { landed_cost: told } = await this.store.post(`/carts/${this.id}/landed-cost`);
    const { cart } = await this.store.get(`/carts/${this.id}`);
    this.at(cart);
    return {
      offered: told.offered, state: told.state, total: amountOf(cart.total), charges: this.rows(cart, told.charges), missing: told.missing,
      ...(told.notice ? { notice: told.notice } : {}), ...(told.range ? { range: told.range } : {}),
    };
  }

  async pay() {
    try {
      const { payment_collection } = await this.store.post('/payment-collections', { cart_id: this.id });
      await this.store.post(`/payment-collections/${payment_collection.id}/payment-sessions`, { provider_id: 'pp_system_default' });
      const done = await this.store.post(`/carts/${this.id}/complete`);
      if (done.type !== 'order') return { refused: done.error.message };
      this.order_id = done.order.id;
    } catch (error) {
      if (error.status !== 400) throw error;
      return { refused: error.told };
    }
    const { order } = await this.shop.admin.get(`/orders/${this.order_id}?fields=*payment_collections.payments`);
    const [payment] = order.payment_collections.flatMap(({ payments }) => payments);
    const { payment: captured } = await this.shop.admin.post(`/payments/${payment.id}/capture`);
    return { paid: amountOf(captured.captures.reduce((sum, { amount }) => sum + amount, 0)) };
  }

  /** As the shop's staff sees it. */
  async order() {
    const { order } = await this.shop.admin.get(`/orders/${this.order_id}?fields=id,total,*items,payment_status`);
    if (order.payment_status !== 'captured') throw new Error(`the payment of the order is ${order.payment_status}`);
    const { landed_cost: kept } = await this.shop.admin.get(`/orders/${this.order_id}/landed-cost`);
    this.sold = order;
    return { terms: kept.terms, state: kept.state, total: amountOf(order.total), charges: this.rows(order, kept.charges), snapshot: kept.snapshots };
  }

  async refund(lines) {
    const input = { lines: lines.map(({ good, quantity }) => ({ item_id: this.sold.items.find((item) => item.variant_sku === good).id, quantity })) };
    const path = `/orders/${this.order_id}/landed-cost/refund`;
    const { refund: told } = await this.shop.admin.post(path, { ...input, preview: true });
    const { refund: back } = await this.shop.admin.post(path, input);
    if (told.total !== back.total) throw new Error(`${told.total} was told, ${back.total} went back`);
    return { charges: back.charges, total: back.total };
  }

  /** The rows that are told must be the rows that are charged, and without tax of the shop's own. */
  rows({ items }, charges) {
    const ours = items.filter((item) => (item.variant_sku ?? '').startsWith('landed-cost:'));
    const charged = ours.map((item) => `${item.variant_sku} ${item.title} ${item.quantity} ${amountOf(item.unit_price)}`).sort();
    const shown = charges.map((row) => `landed-cost:${row.class}:${row.collected_by}:${row.key} ${row.name} 1 ${row.amount}`).sort();
    if (charged.join() !== shown.join()) throw new Error(`charged are ${charged}, shown are ${shown}`);
    return charges.map(({ key, class: kind, amount, collected_by }) => ({ key, class: kind, amount, collected_by }));
  }

  at(cart) {
    this.seen = cart;
    return cart;
  }
  line(good) { return this.seen.items.find((item) => item.variant_sku === good).id; }
}

export { Api };
