// Orders into the seller's ledger, against a house that misbehaves in each way there is.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import test, { after, before, beforeEach, describe } from 'node:test';
import { Books, Client, DocumentError, isAllBack, orderDocument, snapshot } from '../dist/index.js';
import { basket, exactQuote, plainQuote } from './quotes.mjs';

const JSON_TYPE = { 'content-type': 'application/json' };
const TOKEN = 'twc_0123456789';
let server, origin, behave, seen;

before(async () => {
  server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
      seen.push({ method: request.method, path: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() });
      behave(response, request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${server.address().port}`;
});
beforeEach(() => { seen = []; });
after(() => { server.closeAllConnections(); server.close(); });

/** The snapshot of a basket that was quoted. */
async function taken(changes = {}, quote = plainQuote()) {
  const engine = { name: 'one', quote: async () => { if (quote === null) throw new Error('away'); return quote; } };
  return snapshot(await new Client({ engines: [engine] }).quote(basket(changes)));
}
const books = (options = {}) => new Books({ url: origin, seller: 'mug-shop', token: TOKEN, ...options });
const one = async () => [orderDocument('R-1001', '2026-11-21', [await taken()])];
const answer = (document) => (response) => response.writeHead(200, JSON_TYPE).end(JSON.stringify(document));
const problem = (status, document, headers = {}) => (response) => response.writeHead(status, { 'content-type': 'application/problem+json', ...headers }).end(JSON.stringify(document));

describe('the document of an order', () => {
  test('holds the question of each parcel, the law of its quote and what was charged', async () => {
    const { consignment } = basket();
    assert.deepEqual(orderDocument('R-1001', '2026-11-21', [await taken(), await taken()]), {
      document: 'R-1001', date: '2026-11-21', terms: 'ddp', parcels: [consignment, consignment], charged: '66',
    });
    assert.equal(orderDocument('R-1002', '2026-11-21', [await taken({ terms: 'dap' })]).charged, '21');
  });

  test('an order that was quoted before midnight and paid after it keeps the law of the quote', async () => {
    const { date: _, ...consignment } = basket().consignment;
    for (const one of [consignment, { ...consignment, date: null }]) {
      assert.deepEqual(orderDocument('R-1', '2026-11-21', [await taken({ consignment: one })]).parcels, [{ ...consignment, date: '2026-11-20' }]);
    }
    const asked = { ...consignment, date: '2026-11-19' };
    assert.equal(orderDocument('R-1', '2026-11-21', [await taken({ consignment: asked })]).parcels[0].date, '2026-11-19');
  });

  test('says nothing of what was charged where that is no exact amount', async () => {
    const range = exactQuote([{ key: 'q.duty', parts: [1200] }]);
    for (const sum of [range.total, range.charges[0].sum, ...Object.values(range.terms)]) Object.assign(sum, { most: '20', most_asked: '20' });
    const { charged, parcels } = orderDocument('R-1', '2026-11-21', [await taken({}, { ...range, outcome: 'range' }), await taken()]);
    assert.deepEqual([charged, parcels.length], [undefined, 2]);
  });

  test('what cannot be recorded is told with the reason', async () => {
    const good = await taken();
    const away = await taken({}, null);
    const { consignment } = basket();
    const noBorder = await taken({ consignment: { ...consignment, to: null } });
    const WRONG = [
      ['2026-11-21', [], /order R-1: no quote stands on it/],
      ['2026-11-21', [away], /no quote stands on it/],
      ['2026-11-21', [noBorder], /no quote stands on it/],
      ['2026-11-21', [good, away], /1 of its 2 parcels have no quote/],
      ['2026-11-21', [{ ...good, terms: null }], /no delivery terms/],
      ['2026-11-21', [good, await taken({ terms: 'dap' })], /different terms/],
      ['2026-11-21', [good, { ...good, currency: 'USD' }], /different currencies/],
      ['2026-02-30', [good], /"2026-02-30" is no day/],
      ['2026-11-21T10:00:00Z', [good], /is no day/],
      ['21/11/2026', [good], /is no day/],
    ];
    for (const [date, snapshots, message] of WRONG) assert.throws(() => orderDocument('R-1', date, snapshots), (error) => error instanceof DocumentError && message.test(error.message), String(message));
    for (const document of ['', ' ', undefined, 7]) assert.throws(() => orderDocument(document, '2026-11-21', [good]), /give the number of the order/);
  });

  test('everything is back when every piece of every line is', async () => {
    const sold = await taken();
    assert.equal(isAllBack(sold, []), false);
    assert.equal(isAllBack(sold, [{ line: 'a', quantity: 3 }]), false);
    assert.equal(isAllBack(sold, [{ line: 'a', quantity: 3 }, { line: 'a', quantity: '1' }]), true);
  });
});

describe('sending', () => {
  test('orders go to the seller, with the token', async () => {
    behave = answer({ recorded: 1, known: 0 });
    const orders = await one();
    assert.deepEqual(await books({ url: `${origin}/house/` }).record(orders), { state: 'recorded', recorded: 1, known: 0 });
    const [{ method, path, headers, body }] = seen;
    assert.deepEqual([method, path, headers.authorization, headers['content-type']], ['POST', '/house/v1/collect/sellers/mug-shop/orders', `Bearer ${TOKEN}`, 'application/json']);
    assert.deepEqual(JSON.parse(body), orders);
  });

  test('a return of everything is an event', async () => {
    behave = answer({ recorded: 0, known: 1 });
    assert.deepEqual(await books().refundAll([{ document: 'R-1001-R', date: '2026-11-28', of: 'R-1001' }]), { state: 'recorded', recorded: 0, known: 1 });
    assert.equal(seen[0].path, '/v1/collect/sellers/mug-shop/events');
    assert.deepEqual(JSON.parse(seen[0].body), [{ kind: 'refund', document: 'R-1001-R', date: '2026-11-28', of: 'R-1001', all: true }]);
  });

  test('none, and more than go at once, are not sent', async () => {
    const [order] = await one();
    await assert.rejects(books().record([]), /0 documents: send 1 to 1000/);
    await assert.rejects(books().record(Array(1001).fill(order)), /1001 documents/);
    assert.equal(seen.length, 0);
  });

  test('a refusal is for good, and names the fields', async () => {
    behave = problem(422, { title: 'Wrong', detail: 'order R-1001\nis wrong', errors: [{ field: '[0].charged', message: 'is 33, the quote says 27.78' }, null] });
    assert.deepEqual(await books().record(await one()), {
      state: 'refused', status: 422, message: 'order R-1001 is wrong',
      problems: [{ field: '[0].charged', value: '', message: 'is 33, the quote says 27.78' }, { field: '', value: '', message: '' }],
    });
    for (const status of [400, 401, 403, 404, 413]) {
      behave = problem(status, { title: `of ${status}` });
      assert.deepEqual(await books().record(await one()), { state: 'refused', status, message: `of ${status}`, problems: [] });
    }
  });

  test('who is busy or broken is asked again, and not before it wants', async () => {
    for (const status of [408, 429, 500, 502, 503, 504]) {
      behave = problem(status, { title: 'busy' }, { 'retry-after': '17' });
      assert.deepEqual(await books().record(await one()), { state: 'later', message: `http ${status}`, retry_after_s: 17 });
    }
    behave = problem(503, {}, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() });
    const { retry_after_s } = await books().record(await one());
    assert.ok(retry_after_s > 50 && retry_after_s <= 60, retry_after_s);
    for (const header of ['soon', '-5', '99999999999999999999', '']) {
      behave = problem(503, {}, { 'retry-after': header });
      const got = await books().record(await one());
      assert.equal(got.state, 'later', header);
      assert.ok(got.retry_after_s === undefined || got.retry_after_s === 0, header);
    }
  });

  test('nobody listens, nobody answers in time: later', async () => {
    behave = () => {};
    assert.deepEqual(await books({ timeout_ms: 200 }).record(await one()), { state: 'later', message: 'timeout' });
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address();
    await new Promise((done) => free.close(done));
    assert.equal((await books({ url: `http://127.0.0.1:${port}` }).record(await one())).state, 'later');
  });

  test('a kept connection that was closed meanwhile is used once more', async () => {
    behave = (response, request) => (seen.length === 1 ? request.socket.destroy() : answer({ recorded: 1, known: 0 })(response));
    assert.equal((await books().record(await one())).state, 'recorded');
    assert.equal(seen.length, 2);
  });
});

describe('hostile answers', () => {
  test('a success that counts other documents, or none, is no success', async () => {
    const BAD = [{}, null, [], 'ok', { recorded: 0, known: 0 }, { recorded: 2, known: 0 }, { recorded: '1', known: 0 }, { recorded: 1 }, { recorded: -1, known: 2 }, { recorded: 0.5, known: 0.5 }];
    for (const document of BAD) {
      behave = answer(document);
      assert.equal((await books().record(await one())).state, 'later', JSON.stringify(document));
    }
  });

  test('a page in place of an answer', async () => {
    const page = (status) => (response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<!doctype html><h1>Welcome</h1>');
    behave = page(200);
    assert.deepEqual(await books().record(await one()), { state: 'later', message: 'the answer is no JSON' });
    behave = page(404);
    assert.deepEqual(await books().record(await one()), { state: 'refused', status: 404, message: 'http 404', problems: [] });
  });

  test('an answer without end is cut off', async () => {
    for (const [status, state] of [[200, 'later'], [422, 'refused'], [503, 'later']]) {
      let written = 0;
      behave = (response) => {
        response.writeHead(status, JSON_TYPE);
        const chunk = Buffer.alloc(64 * 1024, 0x20);
        const more = () => { while (!response.destroyed) { written += chunk.length; if (!response.write(chunk)) return; } };
        response.on('drain', more);
        more();
      };
      assert.equal((await books().record(await one())).state, state, status);
      assert.ok(written < 8_000_000, `${written} bytes were taken`);
    }
  });

  test('an answer that is cut in the middle is not known', async () => {
    behave = (response) => {
      response.writeHead(200, { ...JSON_TYPE, 'content-length': 100 });
      response.write('{"recorded":1,', () => response.destroy());
    };
    assert.equal((await books().record(await one())).state, 'later');
  });

  test('a redirect is not followed: the orders and the token go nowhere else', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      seen = [];
      behave = (response, request) => (request.url.endsWith('/orders') ? response.writeHead(status, { location: `${origin}/elsewhere` }).end() : answer({ recorded: 1, known: 0 })(response));
      assert.deepEqual(await books().record(await one()), { state: 'later', message: `http ${status}` });
      assert.equal(seen.length, 1);
    }
  });

  test('what is told goes into logs: it is short, of one line, and not endless', async () => {
    behave = problem(422, { detail: 'x'.repeat(5000), errors: Array(500).fill({ field: 'a\u001b[2J\nb', message: 'y'.repeat(900) }) });
    const { message, problems } = await books().record(await one());
    assert.deepEqual([message.length, problems.length, problems[0].field, problems[0].message.length], [500, 100, 'a [2J b', 500]);
  });
});

test('an address, a seller and a token that cannot be right are refused at once, and the token is not told', () => {
  assert.throws(() => books({ url: 'file:///etc/hosts' }), /neither http nor https/);
  for (const seller of ['', '..', 'a/b', 'Mug Shop', undefined]) assert.throws(() => books({ seller }), /short name of a seller/);
  for (const token of ['', undefined, 'twk_secret', 'twc_', 'twc_secret\n', 'secret']) assert.throws(() => books({ token }), (error) => /token:/.test(error.message) && !error.message.includes('secret'));
});
