// The harness of django-oscar for the conformance suite: a real shop in a Python process, driven through its pages.
//
//   node connectors/conformance/run.mjs --harness connectors/oscar/tests/harness.mjs
//
// OSCAR_PYTHON names the Python that has the packages.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const START_LIMIT_MS = 120_000;
let shop;

export async function start() {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const child = spawn(process.env.OSCAR_PYTHON ?? 'python3', ['-m', 'shop.serve'], { cwd: here, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (some) => (complaints = (complaints + some).slice(-8000)));
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, 'exit').then(([code, signal]) => { process.off('exit', endWithUs); return `the shop ended with ${code ?? signal}\n${complaints}`; });
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(await ended);
    return JSON.parse(value);
  };
  let limit;
  await Promise.race([next(), new Promise((_, reject) => { limit = setTimeout(() => { endWithUs(); reject(new Error(`the shop did not start\n${complaints}`)); }, START_LIMIT_MS); })]).finally(() => clearTimeout(limit));
  // One command after another, also where a step was given up.
  let last = Promise.resolve();
  const ask = (verb, ...given) => {
    const now = last.then(async () => {
      child.stdin.write(`${JSON.stringify({ verb, given })}\n`);
      const answer = await next();
      if (answer.error) throw new Error(answer.error);
      return answer.said;
    });
    last = now.catch(() => {});
    return now;
  };
  shop = { ask, async stop() { child.stdin.end(); await ended; } };
}

/** What Oscar cannot do: the models of its orders have one address and one method, and its checkout asks for one of each. */
export const without = { split: 'an order of Oscar has one shipping address, one shipping method and one shipping charge, so it cannot be quoted as two parcels' };

export const stop = () => shop?.stop();

export async function open({ engine, currency, registrations, client }) {
  await shop.ask('open', { engine, currency, registrations, client });
  const verbs = ['add', 'quantity', 'remove', 'address', 'delivery', 'coupon', 'review', 'pay', 'order', 'refund'];
  return { cart: async () => {}, ...Object.fromEntries(verbs.map((verb) => [verb, (...given) => shop.ask(verb, ...given)])) };
}
