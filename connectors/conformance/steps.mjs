// The steps of scenarios: each does one thing at the shop and holds what comes back against what is right.
import { expected } from './expected.mjs';
import { isSame, minus, sum } from './money.mjs';

/** What the shop did wrong. */
export class Wrong extends Error {}
const must = (holds, what) => { if (!holds) throw new Wrong(what); };
const same = (found, right, what) => must(typeof found === 'string' && isSame(found, right), `${what} is ${found}, right is ${right}`);

/** The scenario is over here, and well. */
export const DONE = Symbol('done');

export const STEPS = {
  async add({ shop, model }, good, quantity) {
    await shop.add(good, quantity);
    model.goods.set(good, (model.goods.get(good) ?? 0) + quantity);
  },
  async quantity({ shop, model }, good, quantity) {
    await shop.quantity(good, quantity);
    model.goods.set(good, quantity);
  },
  async remove({ shop, model }, good) {
    await shop.remove(good);
    model.goods.delete(good);
  },
  async address({ shop, model, table }, place) {
    await shop.address(table.places[place]);
    model.place = place;
  },
  async coupon({ shop, model }, code) {
    await shop.coupon(code);
    model.coupon = code;
  },
  async split({ shop, model }, division) {
    await shop.split(division);
    model.division = division;
  },
  async delivery({ shop, model }, terms, ...rest) {
    const speed = typeof rest[0] === 'string' ? rest.shift() : 'standard';
    const { expect = 'taken' } = rest[0] ?? {};
    const answer = (await shop.delivery(terms, speed)) ?? {};
    if (expect === 'refused') return must(answer.refused, `delivery ${terms} was taken, and it must be withheld`);
    must(!answer.refused, `delivery ${terms} was refused: ${answer.refused}`);
    Object.assign(model, { terms, speed });
  },
  async engine({ engine }, wanted) {
    await engine.set(wanted);
  },
  async wait(_, ms) {
    await new Promise((resolve) => setTimeout(resolve, ms));
  },
  async calls({ engine }, most) {
    must(engine.calls() <= most, `${engine.calls()} calls of the engine, ${most} are enough`);
  },

  async review(context, wants = {}) {
    const { shop, model } = context;
    const seen = await shop.review();
    context.shown = seen;
    const { expect = 'quoted' } = wants;
    if (expect === 'away') {
      must(!seen.offered.includes('ddp'), 'duty-paid is offered while the engine is away');
      must(seen.charges.length === 0, `charges are shown while the engine is away: ${JSON.stringify(seen.charges)}`);
      must(typeof seen.notice === 'string' && seen.notice !== '', 'nothing tells the buyer that duty could not be computed');
      return same(seen.total, model.plain, 'the total while the engine is away');
    }
    const right = await expected(context.real, model);
    if (expect === 'forbidden') {
      must(right.outcome === 'prohibited', `the scenario wants prohibited goods, the engine says ${right.outcome}`);
      must(seen.offered.length === 0, `${seen.offered} is offered for prohibited goods`);
      return must(seen.charges.length === 0, 'charges are shown for prohibited goods');
    }
    if (expect === 'withheld') return withheld(seen, right, wants);
    if (expect === 'dap only') {
      must(!seen.offered.includes('ddp') && seen.offered.includes('dap'), `offered is ${seen.offered}, right is dap alone`);
      return charged(seen, right, model);
    }
    must(right.isAmount, `the scenario wants an amount, the engine says ${right.outcome}`);
    must(seen.offered.includes('ddp'), 'duty-paid is not offered, though the amount is known');
    if (wants.state) must(seen.state === wants.state, `the state is ${seen.state}, right is ${wants.state}`);
    charged(seen, right, model, wants);
  },

  async pay(context, { expect = 'paid' } = {}) {
    const { shop, model, shown } = context;
    const answer = await shop.pay();
    must(Boolean(answer.paid) !== Boolean(answer.refused), `pay says neither paid nor refused: ${JSON.stringify(answer)}`);
    if (expect === 'refused') return must(answer.refused, `${answer.paid} was paid, and the sale must be refused`);
    if (answer.refused) {
      must(expect.endsWith('or refused'), `payment was refused: ${answer.refused}`);
      return undefined;
    }
    context.paid = answer.paid;
    if (expect === 'as shown or refused') {
      same(answer.paid, shown.total, 'what was paid, against what was shown,');
      return DONE;
    }
    if (expect === 'as shown') return same(answer.paid, shown.total, 'what was paid, against what was shown,');
    if (expect === 'without duty') return same(answer.paid, model.plain, 'what was paid without duty');
    const right = await expected(context.real, model);
    same(answer.paid, sum([model.plain, right.due(model.terms).least]), 'what was paid');
    if (expect === 'right or refused') {
      await STEPS.order(context);
      return DONE;
    }
    return undefined;
  },

  async order(context, { state = 'quoted' } = {}) {
    const { shop, model } = context;
    const order = await shop.order();
    context.sold = order;
    same(order.total, context.paid, 'the total on the order, against what was paid,');
    must(order.state === state, `the state on the order is ${order.state}, right is ${state}`);
    must(order.terms === model.terms, `the terms on the order are ${order.terms}, right is ${model.terms}`);
    if (state === 'unavailable') return must(order.charges.length === 0, 'charges stand on an order without a quote');
    const right = await expected(context.real, model);
    charged(order, right, model);
    for (const taken of [order.snapshot].flat()) {
      must(/^[0-9a-f]{64}$/.test(taken?.fingerprint), 'no fingerprint is stored on the order');
      must(taken.ratebook === right.ratebook, `the ratebook on the order is ${taken.ratebook}, right is ${right.ratebook}`);
      const editions = (list) => JSON.stringify(list?.map((one) => [one.authority, one.number, one.sha256]));
      must(right.quotes.some((quote) => editions(quote.editions) === editions(taken.editions)), 'the editions on the order are not those of the quote');
    }
  },

  async refund(context, lines, { expect } = {}) {
    const { shop, sold } = context;
    const back = await shop.refund(lines.map(([good, quantity]) => ({ good, quantity })));
    same(sum(back.charges.map((row) => row.amount)), back.total, 'the rows of the refund');
    context.back = sum([context.back ?? '0', back.total]);
    const paid = sum(sold.charges.map((row) => row.amount));
    must(!minus(paid, context.back).startsWith('-'), `${context.back} of ${paid} went back`);
    must(back.charges.every((row) => sold.charges.some((one) => one.key === row.key)), 'a charge goes back that was never paid');
    if (expect === 'all is back') same(context.back, paid, 'what went back in all');
    else must(!isSame(back.total, '0'), 'nothing goes back');
  },
};

/** Rows and totals, to the smallest unit. */
function charged(seen, right, model, wants = {}) {
  const terms = model.terms;
  const { least, most } = right.due(terms);
  must(least === most, `what is due under ${terms} is no single amount`);
  same(sum(seen.charges.map((row) => row.amount)), least, 'the sum of the charges');
  same(seen.total, sum([model.plain, least]), 'the total');
  if (terms === 'ddp') {
    const found = new Map();
    for (const row of seen.charges) found.set(row.key, sum([found.get(row.key) ?? '0', row.amount]));
    must(found.size === right.charges.size, `charges ${[...found.keys()]}, right are ${[...right.charges.keys()]}`);
    for (const [key, amount] of right.charges) same(found.get(key), amount, `the charge ${key}`);
  }
  if (wants.due === 'none') must(isSame(least, '0') && seen.charges.length === 0, 'something is charged under dap');
  if (wants.due === 'some') must(!isSame(least, '0'), 'the scenario wants something due at the sale, the engine says nothing is');
  if (wants.collected_by) must(seen.charges.every((row) => row.collected_by === wants.collected_by), `a row is not collected by the ${wants.collected_by}`);
  for (const one of wants.has ?? []) must(seen.charges.some((row) => row.class === one), `no ${one} is shown`);
}

/** Without an exact amount duty-paid is not offered, and what is known is said: the range, the question, its price. */
function withheld(seen, right, wants) {
  must(right.outcome === wants.outcome, `the scenario wants ${wants.outcome}, the engine says ${right.outcome}`);
  must(!seen.offered.includes('ddp'), 'duty-paid is offered without an amount');
  must(seen.charges.length === 0, `charges are shown though the outcome is ${right.outcome}: ${JSON.stringify(seen.charges)}`);
  const { least, most } = right.due('ddp');
  same(seen.range?.least, least, 'the least that is shown');
  if (most === undefined) must(seen.range.most === undefined, `a most of ${seen.range.most} is shown, and none is known`);
  else same(seen.range.most, most, 'the most that is shown');
  const asked = right.missing.find((one) => one.fact === wants.missing);
  const found = seen.missing?.find((one) => one.fact === wants.missing);
  must(found, `the missing ${wants.missing} is not asked for`);
  if (asked.narrows_by !== undefined) same(found.narrows_by, asked.narrows_by, 'the price of not knowing');
}
