// A small shop in memory that does everything right, on @tidewaiter/client. And the mistakes that real shops make, one switch
// each: they prove that the suite sees them (traps.test.mjs). It shows too what a connector has to do, in one page.
import { createRequire } from 'node:module';
import { minus, sum, text, times, units } from './money.mjs';

const { Client, check, decimals, httpEngine, refund, snapshot } = createRequire(import.meta.url)('../client-js/dist/index.js');

/** A harness for run.mjs; `traps` names mistakes to make. */
export function shopWith(...traps) {
  const has = (trap) => traps.includes(trap);
  return { open: async (setting) => new Shop(setting, has) };
}
export default shopWith();

class Shop {
  constructor({ table, engine, currency, registrations, client }, has) {
    Object.assign(this, { table, currency, registrations, has });
    const timing = has('waits for ever') ? { timeout_ms: 60_000 } : {};
    const caching = has('asks each time') ? { cache_entries: 0 } : {};
    this.policy = client.policy;
    this.client = new Client({ engines: [httpEngine({ url: engine })], ...client, ...timing, ...caching });
  }

  async cart() {
    Object.assign(this, { lines: new Map(), place: undefined, chosen: undefined, code: undefined, division: undefined, shown: undefined, sold: undefined, last: undefined, stuck: false, returned: [] });
  }
  async add(good, quantity) { this.lines.set(good, (this.lines.get(good) ?? 0) + quantity); await this.changed('add'); }
  async quantity(good, quantity) { this.lines.set(good, quantity); await this.changed('quantity'); }
  async remove(good) { this.lines.delete(good); await this.changed('remove'); }
  async address(place) { this.place = place; await this.changed('address'); }
  async coupon(code) { this.code = code; await this.changed('coupon'); }
  async split(division) { this.division = division; await this.changed('split'); }
  async close() {}

  async delivery(terms, speed) {
    const kept = this.chosen;
    this.chosen = { terms, speed };
    const { answers } = await this.changed('delivery');
    if (answers.every((answer) => answer.proceed === terms) || this.has('sells without an amount')) return {};
    this.chosen = kept;
    return { refused: 'this delivery cannot be had now' };
  }

  /** The baskets of the order, one for each parcel. */
  baskets(terms = this.chosen?.terms ?? 'ddp') {
    const { table, currency, place, has } = this;
    const parcels = (!has('one parcel') && this.division) || [[...this.lines.keys()]];
    return parcels.map((names) => ({
      terms,
      lines: names,
      consignment: {
        ...table.settings,
        to: place?.to,
        ...(place?.region ? { region: place.region } : {}),
        ...(place?.postcode ? { postcode: place.postcode } : {}),
        currency,
        ...(this.chosen && !has('forgets freight') ? { freight: table.shipping[this.chosen.speed][currency] } : {}),
        ...(this.code && !has('forgets the discount') ? { discount: table.coupons[this.code][currency] } : {}),
        seller: { registrations: has('forgets registrations') ? [] : this.registrations },
        items: names.map((name) => {
          const { name: description, code, origin, weight_kg, price } = table.goods[name];
          return { description, ...(code ? { code } : {}), origin, weight_kg, quantity: this.lines.get(name), price: price[currency] };
        }),
      },
    }));
  }

  /** After every change the whole basket is asked about again; most often the cache answers. */
  async changed(what) {
    if (!this.place && !this.has('calls without address')) return { answers: [] };
    const { has } = this;
    const isLook = what === 'review' || what === 'pay';
    // The mistake of shops that ask when they are told to, and not when the basket changes.
    this.stuck = isLook ? this.stuck : has(`keeps duty on ${what}`) && this.last !== undefined;
    if (this.stuck) return this.last;
    const { place } = this;
    if (!place) this.place = { to: 'NL' };
    const baskets = this.baskets(has('duty on dap') ? 'ddp' : undefined);
    const answers = await Promise.all(baskets.map((basket) => this.client.quote(basket)));
    this.place = place;
    this.last = { answers, baskets };
    return this.last;
  }

  /** What a buyer sees of the answers. */
  seen({ answers }) {
    const { has, chosen } = this;
    let charges = answers.flatMap((answer) => answer.charges);
    if (has('least of a range')) charges = answers.flatMap((answer) => (answer.charges.length > 0 || !answer.quote ? answer.charges : answer.quote.charges.map(({ key, sum }) => ({ key, class: 'duty', amount: sum.least_asked }))));
    if (has('amounts of the economy')) charges = charges.map((row) => ({ ...row, amount: answers[0].quote.charges.find(({ key }) => key === row.key).sum.least }));
    if (has('two decimals')) charges = charges.map((row) => ({ ...row, amount: cents(row.amount, this.currency) }));
    if (has('tax without duty')) charges = charges.map((row) => (row.class === 'tax' ? { ...row, amount: lessDuty(row, charges) } : row));
    if (has('no fees')) charges = charges.filter((row) => row.class !== 'fee');
    const offers = (terms) => answers.every((answer) => (terms === 'ddp' ? answer.may_sell_ddp : answer.may_sell_dap));
    const offered = ['ddp', 'dap'].filter((terms) => offers(terms) || has('sells without an amount') || has('offers all'));
    const isAway = answers.some((answer) => answer.state === 'unavailable');
    const ranges = answers.map((answer) => answer.bounds);
    return {
      state: answers.map((answer) => answer.state).find((state) => state !== 'quoted') ?? 'quoted',
      offered, charges, total: sum([this.plain(chosen), ...charges.map((row) => row.amount)]),
      ...(isAway && !has('says nothing') ? { notice: answers.flatMap((answer) => answer.warnings).join(' ') } : {}),
      ...(ranges.every(Boolean) ? { range: { least: sum(ranges.map((one) => one.least)), ...(ranges.some((one) => one.most === undefined) ? {} : { most: sum(ranges.map((one) => one.most)) }) } } : {}),
      missing: has('does not ask') ? [] : answers.flatMap((answer) => answer.missing),
    };
  }

  plain(chosen) {
    const { table, currency } = this;
    const goods = [...this.lines].map(([name, quantity]) => times(table.goods[name].price[currency], quantity));
    const shipping = chosen ? times(table.shipping[chosen.speed][currency], this.division?.length ?? 1) : '0';
    return minus(sum([...goods, shipping]), this.code ? table.coupons[this.code][currency] : '0');
  }

  async review() {
    const found = await this.changed('review');
    this.shown = { ...this.seen(found), ...found };
    const { answers, baskets, ...seen } = this.shown;
    return seen;
  }

  /** The last check: what is paid is what was shown, of this very basket. */
  async pay() {
    const { has } = this;
    const terms = this.chosen?.terms ?? 'dap';
    if (has('pays what was shown')) return this.settle(terms, this.shown);
    const now = this.baskets();
    const isSameBasket = this.shown?.baskets?.length === now.length && this.shown.answers.every((answer, at) => check(snapshot(answer), now[at]).same);
    if (!isSameBasket && !has('pays unseen')) return { refused: 'the basket has changed: look at it again' };
    const { answers, baskets } = await this.changed('pay');
    const seen = this.seen({ answers });
    if (!answers.every((answer) => answer.proceed === terms) && !has('sells without an amount')) return { refused: 'this delivery cannot be had now' };
    if (units(seen.total) !== units(this.shown.total) && !has('pays unseen')) return { refused: 'what is due has changed: look at it again' };
    return this.settle(terms, { ...seen, answers, baskets });
  }

  settle(terms, seen) {
    const taken = seen.answers.map((answer) => snapshot(answer));
    if (this.has('forgets why')) taken.forEach((one) => { delete one.ratebook; delete one.editions; });
    this.sold = { terms, state: seen.state, total: seen.total, charges: seen.charges, snapshot: taken };
    return { paid: seen.total };
  }

  async order() { return this.sold; }

  async refund(lines) {
    const now = lines.map(({ good, quantity }) => ({ line: good, quantity }));
    if (this.has('refunds at today\'s law')) {
      const { answers } = await this.freshly();
      const back = answers.map((answer) => refund(snapshot(answer), now));
      return { charges: back.flatMap((one) => one.charges), total: sum(back.map((one) => one.total)) };
    }
    const ours = (list, taken) => list.filter(({ line }) => taken.lines.includes(line));
    const back = this.sold.snapshot.map((taken) => refund(taken, ours(now, taken), { already: this.has('forgets earlier returns') ? [] : ours(this.returned, taken) }));
    this.returned.push(...now);
    return { charges: back.flatMap((one) => one.charges), total: sum(back.map((one) => one.total)) };
  }

  async freshly() {
    this.client.forget();
    return this.changed('refund');
  }
}

/** The mistake of a shop that knows two decimals only. */
function cents(amount, currency) {
  const digits = decimals(currency);
  if (digits === 2) return amount;
  return digits === 0 ? text(units(amount) / 100n) : text((units(amount) / units('0.01')) * units('0.01'));
}

/** The mistake of a shop that taxes the goods alone: the tax with the part on duty taken off, at a fifth. */
function lessDuty(tax, charges) {
  const duty = sum(charges.filter((row) => row.class === 'duty').map((row) => row.amount));
  return text(units(tax.amount) - (units(duty) / 5n / units('0.01')) * units('0.01'));
}
