// Orders on their way into the seller's ledger. The house of the seller is one that a test tells how to behave; the engine that quotes is the real one.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { optionsOf } from './harness.mjs';
import { logged, same, scene, table } from './scene.mjs';
import { plugin } from './shop.mjs';

const TOKEN = 'twc_0123456789';
const today = () => new Date().toISOString().slice(0, 10);

/** The house: what it was sent, and how it answers the next. */
const house = {
  async start() {
    this.server = createServer((request, response) => {
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
        const documents = JSON.parse(Buffer.concat(chunks).toString());
        this.seen.push({ door: request.url.split('/').pop(), path: request.url, token: request.headers.authorization, documents });
        (this.next.shift() ?? this.records)(response, documents);
      });
    });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.origin = `http://127.0.0.1:${this.server.address().port}`;
  },
  records: (response, documents) => json(response, 200, { recorded: documents.length, known: 0 }),
  reset() { Object.assign(this, { seen: [], next: [] }); },
  orders() { return this.seen.filter(({ door }) => door === 'orders').map(({ documents: [order] }) => order); },
};
const json = (response, status, document, headers = {}) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(document));

async function until(is, what) {
  for (const end = Date.now() + 15_000; Date.now() < end; await sleep(50)) if (is()) return;
  assert.fail(`${what} did not come: ${JSON.stringify(house.seen)}`);
}
/** Longer than the queue waits before it tries a second time. */
const aWhile = () => sleep(3_000);

let books, options;
const at = scene(async () => {
  await house.start();
  books = { url: house.origin, seller: 'mug-shop', token: TOKEN };
  options = { ...optionsOf({ table, engine: house.origin, registrations: [], client: {} }), books };
  return { options, hasWorker: true };
});
beforeEach(() => house.reset());
after(() => { house.server.closeAllConnections(); house.server.close(); });
const buyer = (about = {}) => at.buyer({ ...about, options: { books, ...about.options } });

async function sold(about) {
  const { one } = await buyer(about);
  const { paid, refused } = await one.pay();
  assert.equal(refused, undefined);
  return { one, paid, ...(await one.order()) };
}

test('a paid order is in the ledger, with what was asked and what was charged', async () => {
  const { one, charges } = await sold();
  await until(() => house.seen.length === 1, 'the order');
  const [{ path, token, documents: [order] }] = house.seen;
  assert.deepEqual([path, token], ['/v1/collect/sellers/mug-shop/orders', `Bearer ${TOKEN}`]);
  const { snapshots: [taken] } = one.sold.stored;
  assert.deepEqual(order, {
    document: one.code, date: today(), terms: 'ddp', parcels: [{ date: taken.date, ...taken.consignment }], charged: taken.total,
  });
  assert.ok(charges.length > 0);
  // What the house will do: the engine says of this parcel what the buyer was charged.
  const response = await fetch(`${at.real.origin}/v1/quotes`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(order.parcels[0]) });
  same((await response.json()).terms.checkout_ddp.least_asked, order.charged);
});

test('each parcel of an order is there', async () => {
  const { one } = await buyer({ goods: { tshirt: 4, book: 1 } });
  await one.split([['tshirt'], ['book']]);
  assert.equal((await one.pay()).refused, undefined);
  await until(() => house.seen.length === 1, 'the order');
  const [order] = house.orders();
  assert.deepEqual(order.parcels.map(({ items }) => items.length), [1, 1]);
});

test('a house that is away stops no checkout, and has the order when it is back', async () => {
  house.next = [(response) => response.destroy(), (response) => response.destroy(), (response) => json(response, 503, {}, { 'retry-after': '1' })];
  let one;
  const said = await logged('warn', async () => {
    ({ one } = await sold());
    await until(() => house.seen.length >= 4, 'the order');
    await aWhile();
  });
  assert.equal(said.filter((text) => text.includes(one.code)).length, 1, said.join('\n'));
  assert.deepEqual(house.orders().map(({ document }) => document), Array(4).fill(one.code));
});

test('what could not be sent in all the time there is, is told', async () => {
  const { one } = await sold();
  await until(() => house.seen.length === 1, 'the order');
  house.next = [(response) => json(response, 500, {})];
  const job = { data: { orderId: one.sold.id }, attempts: 21, retries: 20 };
  const said = await logged('error', () => assert.rejects(at.shop.app.get(plugin.BooksService).process(job), /http 500/));
  assert.match(said.join(), new RegExp(`Order ${one.code} is not in the ledger, and will not be sent again: http 500`));
});

test('a house that hangs is not waited for at checkout', async () => {
  let hanging;
  house.next = [(response) => { hanging = response; }];
  const start = performance.now();
  await sold();
  assert.ok(performance.now() - start < 10_000);
  await until(() => hanging !== undefined, 'the order');
  json(hanging, 200, { recorded: 1, known: 0 });
});

test('what is refused for good is logged once with the reason, and not sent again', async () => {
  house.next = [(response) => json(response, 422, { detail: 'The order is wrong', errors: [{ field: '[0].charged', message: 'is 27.78, the quote says 26.10' }] })];
  const said = await logged('error', async () => {
    await sold();
    await until(() => house.seen.length === 1, 'the order');
    await aWhile();
  });
  assert.equal(said.length, 1, said.join('\n'));
  assert.match(said[0], /^Order \w+ is not in the ledger, and will not be sent again: The order is wrong; \[0\]\.charged: is 27\.78, the quote says 26\.10$/);
  assert.equal(house.seen.length, 1);
});

test('a token that does not count is told with where to look, and not the token', async () => {
  house.next = [(response) => json(response, 401, { title: 'No token that counts' })];
  const said = await logged('error', async () => {
    await sold();
    await until(() => house.seen.length === 1, 'the order');
    await aWhile();
  });
  assert.match(said.join(), /No token that counts \(look at the option books/);
  assert.ok(!said.join().includes('0123456789'));
});

test('an order without a quote cannot be recorded, and that is said', async () => {
  const { one } = await buyer({ terms: null, client: { policy: 'open' } });
  await at.scripted.set({ mode: 'down' });
  assert.deepEqual(await one.delivery('dap', 'standard'), {});
  const said = await logged('error', async () => {
    assert.equal((await one.pay()).refused, undefined);
    await aWhile();
  });
  assert.match(said.join('\n'), new RegExp(`Order ${one.code} is not in the ledger, .*no quote stands on it`));
  assert.equal(house.seen.length, 0);
});

test('an order that crosses no border is none of the ledger', async () => {
  const said = await logged('error', async () => {
    const { one } = await buyer({ terms: 'dap', options: { not_asked: ['NL'] } });
    assert.equal((await one.pay()).refused, undefined);
    await aWhile();
  });
  assert.deepEqual([said, house.seen], [[], []]);
});

test('a queue that takes nothing fails no checkout', async () => {
  const service = at.shop.app.get(plugin.BooksService);
  const { queue } = service;
  service.queue = { add: () => Promise.reject(new Error('the queue is away')) };
  let one;
  const said = await logged('error', async () => { ({ one } = await sold()); }).finally(() => { service.queue = queue; });
  assert.match(said.join(), /was not handed to the queue for the ledger: Error: the queue is away/);
  // Afterwards it may be sent by hand.
  await service.send(one.sold.id);
  await until(() => house.seen.length === 1, 'the order');
  assert.equal(house.orders()[0].document, one.code);
});

test('when everything came back, the rest of the sale is taken back; parts are told and not sent', async () => {
  const { one } = await sold();
  await until(() => house.seen.length === 1, 'the order');
  house.records = (response, documents) => json(response, 200, { recorded: 0, known: documents.length });
  const said = await logged('warn', async () => {
    await one.refund([{ good: 'tshirt', quantity: 1 }]);
    await sleep(1_000);
  });
  assert.match(said.join('\n'), new RegExp(`Order ${one.code}: a part of it came back \\(.* EUR\\), and parts are not sent to the ledger`));
  assert.equal(house.seen.length, 1);
  await one.refund([{ good: 'tshirt', quantity: 3 }]);
  await until(() => house.seen.length === 3, 'the refund');
  assert.equal(house.seen[1].door, 'orders', 'a refund may overtake its order');
  const { path, documents } = house.seen[2];
  assert.equal(path, '/v1/collect/sellers/mug-shop/events');
  assert.deepEqual(documents, [{ kind: 'refund', document: `${one.code}-R`, date: today(), of: one.code, all: true }]);
});

test('a shop without the option sends nothing, and one that cannot be right stops the start', async () => {
  await sold({ options: { books: undefined } });
  await aWhile();
  assert.equal(house.seen.length, 0);
  const before = plugin.TidewaiterPlugin.options;
  try {
    assert.throws(() => plugin.TidewaiterPlugin.init({ ...options, books: { seller: 'mug-shop' } }), /TidewaiterPlugin: books\.token: it is no token/);
    plugin.TidewaiterPlugin.init({ ...options, books: { seller: 'mug-shop', token: TOKEN } });
  } finally {
    plugin.TidewaiterPlugin.options = before;
  }
});
