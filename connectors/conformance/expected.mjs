// What is right for a basket, asked of the real engine by another way than the shop's: the table's own goods, not the shop's question.
import { minus, sum, times } from './money.mjs';

/** The buyer's choices so far, as the scenario made them. */
export class Model {
  constructor(table, scenario) {
    this.table = table;
    this.scenario = scenario;
    this.goods = new Map();
    this.terms = undefined;
    this.speed = undefined;
  }

  get currency() { return this.scenario.currency; }

  /** The parcels, each a list of goods: one, unless the delivery was split. */
  get parcels() { return this.division ?? [[...this.goods.keys()]]; }

  /** What the goods, the shipping and the discount come to, without anything due. */
  get plain() {
    const { currency } = this;
    const goods = [...this.goods].map(([name, quantity]) => times(this.table.goods[name].price[currency], quantity));
    const shipping = this.speed === undefined ? '0' : times(this.table.shipping[this.speed][currency], this.parcels.length);
    return minus(sum([...goods, shipping]), this.discount);
  }

  get discount() { return this.coupon === undefined ? '0' : this.table.coupons[this.coupon][this.currency]; }

  /** The questions, one for each parcel. */
  get questions() {
    const { table, currency, scenario } = this;
    return this.parcels.map((names) => ({
      ...table.settings,
      // Not by the postcode: a place with rules of its own is asked for by its name.
      to: table.places[this.place].territory ?? table.places[this.place].to,
      ...(table.places[this.place].region ? { region: table.places[this.place].region } : {}),
      currency,
      ...(this.speed === undefined ? {} : { freight: table.shipping[this.speed][currency] }),
      ...(this.discount === '0' ? {} : { discount: this.discount }),
      seller: { registrations: scenario.registrations ?? [] },
      items: names.map((name) => {
        const { code, origin, weight_kg, price } = table.goods[name];
        return { ...(code ? { code } : {}), origin, weight_kg, quantity: this.goods.get(name), price: price[currency] };
      }),
    }));
  }
}

/** The sums of the quotes of all parcels: what is due under the terms, charge by charge. */
export async function expected(engine, model) {
  const quotes = await Promise.all(model.questions.map((question) => ask(engine, question)));
  const isAmount = quotes.every((quote) => quote.outcome === 'amount');
  const due = (terms) => {
    const sums = quotes.map((quote) => (terms === 'ddp' ? quote.terms.checkout_ddp : quote.terms.checkout_dap));
    return { least: sum(sums.map((one) => one.least_asked)), most: sums.some((one) => one.most_asked === undefined) ? undefined : sum(sums.map((one) => one.most_asked)) };
  };
  const charges = new Map();
  for (const quote of quotes) {
    for (const { key, sum: { least_asked } } of quote.charges) {
      charges.set(key, sum([charges.get(key) ?? '0', least_asked]));
    }
  }
  return {
    quotes, isAmount, due,
    outcome: quotes.map((quote) => quote.outcome).find((one) => one !== 'amount') ?? 'amount',
    charges: new Map([...charges].filter(([, amount]) => amount !== '0')),
    missing: quotes.flatMap((quote) => quote.missing ?? []),
    ratebook: quotes[0].ratebook,
  };
}

async function ask(engine, question) {
  const response = await fetch(`${engine}/v1/quotes`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(question), signal: AbortSignal.timeout(20_000),
  });
  const document = await response.json();
  if (response.status !== 200) throw new Error(`the engine refuses the question of the scenario: ${JSON.stringify(document)}`);
  return document;
}
