// The engine behind HTTP, against a server that misbehaves in each way there is.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import test, { after, before, beforeEach } from 'node:test';
import { Client, httpEngine } from '../dist/index.js';
import { basket, plainQuote } from './quotes.mjs';

const JSON_TYPE = { 'content-type': 'application/json' };
let server, origin, behave, seen;

before(async () => {
  server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
      seen.push({ path: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() });
      behave(response, request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${server.address().port}`;
});
beforeEach(() => { seen = []; });
after(() => { server.closeAllConnections(); server.close(); });

const answer = (response) => response.writeHead(200, JSON_TYPE).end(JSON.stringify(plainQuote()));
const ask = (engine = {}, options = {}) =>
  new Client({ engines: [httpEngine({ url: origin, ...engine })], timeout_ms: 10_000, ...options }).quote(basket());

test('the question goes out as it is, with the key', async () => {
  behave = answer;
  const got = await ask({ key: 'twk_abc' });
  assert.equal(got.state, 'quoted');
  assert.equal(seen[0].path, '/v1/quotes');
  assert.deepEqual(JSON.parse(seen[0].body), basket().consignment);
  assert.equal(seen[0].headers.authorization, 'Bearer twk_abc');
});

test('an address with a path keeps it', async () => {
  behave = answer;
  await new Client({ engines: [httpEngine({ url: `${origin}/duties/` })], timeout_ms: 10_000 }).quote(basket());
  assert.equal(seen[0].path, '/duties/v1/quotes');
});

const failures = {
  'http 500': (response) => response.writeHead(500).end('oops'),
  'http 503': (response) => response.writeHead(503, { 'retry-after': '5' }).end(),
  'http 401': (response) => response.writeHead(401, JSON_TYPE).end('{}'),
  'bad answer': (response) => response.writeHead(200, JSON_TYPE).end('{"version":1,'),
  unreachable: (response) => response.destroy(),
  timeout: () => {},
};
for (const [why, does] of Object.entries(failures)) {
  test(`${why}: said so, and nothing is charged`, async () => {
    behave = does;
    const got = await ask({}, why === 'timeout' ? { timeout_ms: 300 } : {});
    assert.deepEqual([got.state, got.why, got.charges, got.may_sell_ddp], ['unavailable', why, [], false]);
  });
}

test('a page in place of a quote, an empty body, bytes that are no UTF-8 and null are bad answers', async () => {
  for (const body of ['<!doctype html>', '', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'null', '[]', '"quote"']) {
    behave = (response) => response.writeHead(200, JSON_TYPE).end(body);
    assert.equal((await ask()).why, 'bad answer', String(body));
  }
});

test('a name that is no UTF-8 makes the whole answer a bad one', async () => {
  const text = Buffer.from(JSON.stringify(plainQuote()));
  text[text.indexOf('Charge q.duty')] = 0xff;
  behave = (response) => response.writeHead(200, JSON_TYPE).end(text);
  assert.equal((await ask()).why, 'bad answer');
});

test('a redirect is not followed: the basket and the key go nowhere else', async () => {
  behave = (response, request) => (request.url === '/v1/quotes' ? response.writeHead(307, { location: `${origin}/elsewhere` }).end() : answer(response));
  const got = await ask({ key: 'twk_abc' });
  assert.equal(got.why, 'http 307');
  assert.deepEqual(seen.map((one) => one.path), ['/v1/quotes']);
});

test('an answer without end is cut off', async () => {
  let written = 0;
  behave = (response) => {
    response.writeHead(200, JSON_TYPE);
    const chunk = Buffer.alloc(64 * 1024, 0x20);
    const more = () => { while (!response.destroyed) { written += chunk.length; if (!response.write(chunk)) return; } };
    response.on('drain', more);
    more();
  };
  const got = await ask({ max_answer_bytes: 1_000_000 });
  assert.equal(got.why, 'bad answer');
  assert.ok(written < 8_000_000, `${written} bytes were taken`);
});

test('an answer that says it is too long is not read', async () => {
  behave = (response) => { response.writeHead(200, { ...JSON_TYPE, 'content-length': '99000000' }); response.write(' '); };
  assert.equal((await ask()).why, 'bad answer');
});

test('a body that is cut off in the middle is no answer', async () => {
  behave = (response) => {
    const text = JSON.stringify(plainQuote());
    response.writeHead(200, { ...JSON_TYPE, 'content-length': text.length });
    response.write(text.slice(0, 100), () => response.destroy());
  };
  assert.equal((await ask()).why, 'unreachable');
});

test('a body that drips is held to the same limit as the whole call', async () => {
  behave = (response) => {
    response.writeHead(200, JSON_TYPE);
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  };
  const start = performance.now();
  assert.equal((await ask({}, { timeout_ms: 300 })).why, 'timeout');
  assert.ok(performance.now() - start < 3000);
});

test('a wrong question comes back with its fields', async () => {
  behave = (response) => response.writeHead(422, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ type: 'urn:tidewaiter:problem:question', errors: [{ field: 'to', value: 'XQ', message: 'is not a territory' }] }));
  const got = await ask();
  assert.deepEqual([got.why, got.problems], ['question', [{ field: 'to', value: 'XQ', message: 'is not a territory' }]]);
});

test('a kept connection that was closed meanwhile is no failure: asked once more, and not for ever', async () => {
  behave = (response, request) => (seen.length === 1 ? request.socket.destroy() : answer(response));
  assert.equal((await ask()).state, 'quoted');
  assert.equal(seen.length, 2);
  seen = [];
  behave = (response, request) => request.socket.destroy();
  const got = await ask();
  assert.equal(got.state, 'unavailable');
  assert.equal(got.why, 'unreachable');
  assert.equal(seen.length, 2);
});

test('nobody listens', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address();
  await new Promise((done) => free.close(done));
  assert.equal((await ask({ url: `http://127.0.0.1:${port}` })).why, 'unreachable');
});

test('an address of another kind is refused at once', () => {
  assert.throws(() => httpEngine({ url: 'file:///etc/hosts' }), /neither http nor https/);
  assert.throws(() => httpEngine({ url: 'duties' }));
});
