// The servers that the tests talk to: the portal itself, and a shop on another site.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import { createInterface } from 'node:readline';

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 10_000;

/**
 * Starts `tidewaiter serve --listen 127.0.0.1:0` and waits for its first line of output, which holds its address.
 * The program is the one that TIDEWAITER_BIN names, unless `program` is given. `stop()` asks it to end (SIGTERM) and
 * fails unless it ends well.
 */
export async function startPortal({ program = process.env.TIDEWAITER_BIN, options = [], env = {} } = {}) {
  if (!program) {
    throw new Error('TIDEWAITER_BIN is not set: it names the built program, as in target/debug/tidewaiter');
  }
  const child = spawn(program, ['serve', '--listen', '127.0.0.1:0', ...options], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (complaints = (complaints + text).slice(-4000)));
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  ended.then(() => process.off('exit', endWithUs));

  const lines = createInterface({ input: child.stdout });
  const timer = new AbortController();
  const said = await Promise.race([
    once(lines, 'line', { signal: timer.signal }).then(
      ([line]) => ({ line }),
      () => new Promise(() => {}),
    ),
    ended.then((how) => ({ problem: `it ended (${how})` })),
    later(START_LIMIT_MS, timer.signal).then(() => ({ problem: `it said nothing in ${START_LIMIT_MS / 1000} s` })),
  ]);
  timer.abort();
  const origin = said.line?.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
  if (!origin) {
    child.kill('SIGKILL');
    const problem = said.problem ?? `its first line has no http://127.0.0.1:PORT: ${said.line}`;
    throw new Error(`${program} serve did not start: ${problem}\n${complaints}`);
  }
  return {
    origin,
    pid: child.pid,
    /** What it wrote to standard error: the last 4,000 characters. */
    log: () => complaints,
    async stop() {
      child.kill('SIGTERM');
      const limit = new AbortController();
      const how = await Promise.race([ended, later(STOP_LIMIT_MS, limit.signal).then(() => 'late')]);
      limit.abort();
      if (how === 'late') {
        child.kill('SIGKILL');
        throw new Error(`${program} serve did not end ${STOP_LIMIT_MS / 1000} s after SIGTERM\n${complaints}`);
      }
      if (how !== 0) {
        throw new Error(`${program} serve ended with ${how}\n${complaints}`);
      }
    },
  };
}

/**
 * A static server. `pages` gives, for a path, a text (HTML) or `{ status, type, body, headers }`; it may be a function
 * of the path. `headers` go with every answer. The name `localhost` makes it another site than 127.0.0.1 for the browser,
 * not only another port.
 */
export async function startStatic(pages, { headers = {}, name = '127.0.0.1' } = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    let page = typeof pages === 'function' ? pages(pathname, request) : pages[pathname];
    if (page === undefined) page = { status: 404, body: '<!doctype html><title>Not found</title>' };
    if (typeof page === 'string') page = { body: page };
    const type = page.type ?? 'text/html; charset=utf-8';
    response.writeHead(page.status ?? 200, { 'content-type': type, ...headers, ...page.headers });
    response.end(page.body ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://${name}:${server.address().port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * Another server in pieces: its pages come `size` bytes at a time, `pause` ms apart, as over a line that stutters. All
 * else is passed on as it is.
 */
export async function startInPieces(origin, { size, pause }) {
  const server = createServer((request, response) => {
    const headers = { ...request.headers, 'accept-encoding': 'identity' };
    const passed = ask(origin + request.url, { method: request.method, headers }, async (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      const whole = !answer.headers['content-type']?.startsWith('text/html');
      if (whole) return answer.pipe(response);
      for await (const chunk of answer) {
        for (let at = 0; at < chunk.length; at += size) {
          response.write(chunk.subarray(at, at + size));
          await new Promise((done) => setTimeout(done, pause));
        }
      }
      response.end();
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * A shop on another site, with a product page that carries the widget as a careful shop would: its policy lets in
 * nothing but the portal's script and the portal's answers, so no style or script in the markup. `widget` is the markup
 * that the shop writes.
 */
export function startShop(portal, { widget, title = 'A product page' }) {
  const policy = [
    "default-src 'none'",
    `script-src ${portal}`,
    `connect-src ${portal}`,
    "style-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const product = `<!doctype html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><link rel="stylesheet" href="/shop.css"><link rel="icon" href="/shop.svg">
<script type="module" src="${portal}/widget/v1.js"></script></head>
<body><main><h1>${title}</h1>
${widget}
</main></body></html>`;
  const pages = {
    '/product': product,
    '/shop.css': { type: 'text/css', body: 'body { margin: 1rem; font-family: sans-serif }' },
    '/shop.svg': { type: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' },
  };
  return startStatic(pages, { name: 'localhost', headers: { 'content-security-policy': policy } });
}

function later(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
}
