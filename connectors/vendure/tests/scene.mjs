// A shop, an engine, and buyers on the way to pay, for the tests of the plugin. What is right is asked of the engine.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { startReal, startScripted } from '../../conformance/engine.mjs';
import { expected, Model } from '../../conformance/expected.mjs';
import { sum, text, units } from '../../conformance/money.mjs';
import { Buyer, optionsOf } from './harness.mjs';
import { require, startShop } from './shop.mjs';

const { Logger, Order, Surcharge, TransactionalConnection } = require('@vendure/core');
export const table = JSON.parse(readFileSync(new URL('../../conformance/scenarios.json', import.meta.url), 'utf8'));

/** Starts before the tests of the file and stops after them. What the shop is started with may have to be made first. */
export function scene(about = () => ({})) {
  const found = {};
  const setting = (rest = {}) => ({ table, engine: found.scripted.origin, currency: 'EUR', registrations: [], client: { policy: 'closed' }, ...rest });
  before(async () => {
    found.real = await startReal(process.env.TIDEWAITER_BIN);
    found.scripted = await startScripted({ upstream: found.real.origin, real: found.real });
    found.shop = await startShop({ table, precision: 2, options: optionsOf(setting()), ...(await about()) });
  });
  after(async () => {
    await found.shop?.stop();
    await found.scripted?.stop();
    await found.real?.stop();
  });
  return Object.assign(found, {
    setting,
    /** A buyer with goods on the way to the Netherlands, and the model of what is right. */
    async buyer({ goods = { tshirt: 4 }, place = 'NL', terms = 'ddp', options = {}, ...rest } = {}) {
      const given = setting(rest);
      await found.scripted.set({ mode: 'pass' });
      found.shop.service.configure({ ...optionsOf(given), ...options });
      found.scripted.reset();
      const one = new Buyer(found.shop, given);
      await one.cart();
      for (const [good, quantity] of Object.entries(goods)) await one.add(good, quantity);
      await one.address(table.places[place]);
      if (terms) assert.deepEqual(await one.delivery(terms, 'standard'), {});
      const model = Object.assign(new Model(table, { currency: given.currency, registrations: given.registrations }), { goods: new Map(Object.entries(goods)), place, terms, speed: terms ? 'standard' : undefined });
      one.id = (await one.api.ask('{ activeOrder { id } }')).activeOrder.id;
      return { one, model };
    },
    /** What an order must come to in all. */
    right: async (model) => sum([model.plain, (await expected(found.real.origin, model)).due(model.terms).least]),
    rowsIn: () => found.shop.app.get(TransactionalConnection).rawConnection.getRepository(Surcharge),
    ordersIn: () => found.shop.app.get(TransactionalConnection).rawConnection.getRepository(Order),
  });
}

export /** What the logger is told while something is done. */
async function logged(level, work) {
  const said = [];
  const before = Logger[level];
  Logger[level] = (text) => said.push(text);
  try {
    await work();
  } finally {
    Logger[level] = before;
  }
  return said;
}

export const same = (found, wanted) => assert.equal(text(units(found)), text(units(wanted)));
