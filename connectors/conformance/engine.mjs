// The scripted engine: the real one, behind a door that can be told to misbehave. Shops talk to `origin`; tests say over
// `control` what happens there. Alone: node engine.mjs --bin target/debug/tidewaiter
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { sum } from './money.mjs';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;

/** Starts `tidewaiter serve` on a free port and waits until it says where it is. It ends with us. */
export async function startReal(bin) {
  const child = spawn(bin, ['serve', '--listen', '127.0.0.1:0', '--rate', '2000', '--burst', '4000', '--drain', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (some) => (complaints = (complaints + some).slice(-4000)));
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`ended with ${code ?? signal}`));
  });
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  ended.then(() => process.off('exit', endWithUs));
  let said = false;
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([first]) => { said = true; return first; }),
    ended.then((how) => { throw new Error(`${bin} serve: ${how}\n${complaints}`); }),
    // Only a program that said nothing: one that did has work to do for longer.
    later(START_LIMIT_MS).then(() => { if (said) return; child.kill('SIGKILL'); throw new Error(`${bin} serve said nothing in ${START_LIMIT_MS} ms`); }),
  ]);
  const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
  if (!origin) { child.kill('SIGKILL'); throw new Error(`${bin} serve: no address in ${line}`); }
  return {
    origin,
    async stop() {
      child.kill('SIGTERM');
      await Promise.race([ended, later(STOP_LIMIT_MS).then(() => child.kill('SIGKILL'))]);
      await ended;
    },
  };
}

function later(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/**
 * The proxy before the real engine at `upstream`. `set({ mode, … })` says what it does with questions:
 *   pass              hands them through
 *   status, status    answers with this status
 *   hang              takes the question and says nothing
 *   delay, delay_ms   hands through after so long
 *   cut               cuts the connection in the middle of the answer
 *   garbage           answers 200 with what is no quote
 *   changed, by       adds so much to what is due at the border, as when the law changed meanwhile
 *   down              does not listen at all
 */
export async function startScripted({ upstream, port = 0, control_port = 0 }) {
  let state = { mode: 'pass' };
  let calls = 0;
  let listening;
  const questions = [];
  const server = createServer(async (request, response) => {
    const body = await bytesOf(request);
    const isQuestion = request.method === 'POST' && request.url.startsWith('/v1/quotes');
    if (isQuestion) {
      calls += 1;
      questions.push(body.toString());
      if (questions.length > 100) questions.shift();
    }
    await misbehave(isQuestion ? state : { mode: 'pass' }, { upstream, request, body, response }).catch(() => response.destroy());
  });
  await listen(server, port);
  const own = server.address().port;
  listening = true;

  async function set(wanted) {
    check(wanted);
    state = wanted;
    if (wanted.mode === 'down' && listening) {
      listening = false;
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    } else if (wanted.mode !== 'down' && !listening) {
      await listen(server, own);
      listening = true;
    }
  }

  const door = createServer(async (request, response) => {
    const reply = (status, document) => response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(document)}\n`);
    if (request.method === 'GET') return reply(200, { ...state, calls, questions });
    try {
      const wanted = JSON.parse((await bytesOf(request)).toString());
      if (wanted.calls === 0) { calls = 0; questions.length = 0; }
      if (wanted.mode !== undefined) await set(wanted);
      return reply(200, { ...state, calls });
    } catch (error) {
      return reply(400, { error: error.message });
    }
  });
  await listen(door, control_port);

  return {
    origin: `http://127.0.0.1:${own}`,
    control: `http://127.0.0.1:${door.address().port}`,
    set,
    calls: () => calls,
    reset: () => { calls = 0; questions.length = 0; },
    questions: () => [...questions],
    async stop() {
      for (const one of [server, door]) {
        one.closeAllConnections();
        await new Promise((done) => one.close(done));
      }
    },
  };
}

const MODES = ['pass', 'status', 'hang', 'delay', 'cut', 'garbage', 'changed', 'down'];
function check({ mode, status, delay_ms, by }) {
  if (!MODES.includes(mode)) throw new Error(`mode: ${mode} is none of ${MODES.join(', ')}`);
  if (mode === 'status' && !(status >= 300 && status <= 599)) throw new Error('status: give one from 300 to 599');
  if (mode === 'delay' && !(delay_ms >= 0)) throw new Error('delay_ms: give milliseconds');
  if (mode === 'changed' && !/^\d+(\.\d+)?$/.test(by ?? '')) throw new Error('by: give a decimal string');
}

async function misbehave(state, { upstream, request, body, response }) {
  const { mode } = state;
  if (mode === 'hang') return;
  if (mode === 'status') return void response.writeHead(state.status, { 'content-type': 'application/problem+json' }).end('{}');
  if (mode === 'garbage') return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"version":1,"outcome":"amount","total":{}}');
  if (mode === 'delay') await new Promise((resolve) => setTimeout(resolve, state.delay_ms));
  const answer = await handOn(upstream, request, body);
  if (mode === 'cut') {
    response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
    return void response.write(answer.body.subarray(0, answer.body.length >> 1), () => response.destroy());
  }
  const text = mode === 'changed' && answer.status === 200 ? Buffer.from(JSON.stringify(dearer(JSON.parse(answer.body), state.by))) : answer.body;
  response.writeHead(answer.status, { ...answer.headers, 'content-length': text.length }).end(text);
}

function handOn(upstream, { method, url, headers }, body) {
  const { 'accept-encoding': _, host: __, connection: ___, 'content-length': ____, 'transfer-encoding': _____, ...rest } = headers;
  return new Promise((resolve, reject) => {
    const out = send(new URL(url, upstream), { method, headers: { ...rest, 'content-length': body.length } }, async (answer) => {
      const { connection, 'transfer-encoding': coding, 'keep-alive': alive, 'content-length': length, ...kept } = answer.headers;
      bytesOf(answer).then((text) => resolve({ status: answer.statusCode, headers: kept, body: text }), reject);
    });
    out.on('error', reject).end(body);
  });
}

/** The same quote with one more fee at the border; all its sums still add up. */
function dearer(quote, by) {
  const { total, terms, by_kind, landed } = quote;
  for (const one of [total, terms.border, terms.checkout_ddp, terms.on_delivery_dap, by_kind.fees, landed]) {
    for (const end of ['least', 'most', 'least_asked', 'most_asked']) if (one[end] !== undefined) one[end] = sum([one[end], by]);
  }
  quote.charges.push({
    key: 'scripted.change', name: 'A new fee', kind: 'fee', authority: 'government',
    sum: { least: by, most: by, least_asked: by, most_asked: by },
    treatments: [{ name: 'since this minute', base_rule: 'goods', amount: by, collect: 'border', cites: [] }],
  });
  quote.items[0].charges.push({ key: 'scripted.change', amount: by });
  return quote;
}

async function bytesOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function listen(server, port) {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const value = (name) => { const at = process.argv.indexOf(name); return at < 0 ? undefined : process.argv[at + 1]; };
  const bin = value('--bin') ?? process.env.TIDEWAITER_BIN;
  let upstream = value('--engine');
  if (!upstream && !bin) { console.error('engine.mjs: give --bin PROGRAM or --engine URL'); process.exit(2); }
  const real = upstream ? undefined : await startReal(bin);
  upstream ??= real.origin;
  const scripted = await startScripted({ upstream, port: Number(value('--port') ?? 0), control_port: Number(value('--control') ?? 0) });
  console.log(JSON.stringify({ engine: scripted.origin, control: scripted.control, real: upstream }));
  const end = async () => { await scripted.stop(); await real?.stop(); process.exit(0); };
  process.once('SIGTERM', end).once('SIGINT', end);
  // Who started us and is gone closed our input.
  if (process.argv.includes('--while-input')) process.stdin.resume().once('end', end);
}
