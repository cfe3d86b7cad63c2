// Runs every scenario against a shop and prints a table.
//
//   node run.mjs --harness ./reference-shop.mjs [--bin PROGRAM | --engine URL] [--only WORDS] [--json]
//
// TIDEWAITER_BIN names the program where --bin does not. Exit code: 0 if all passed, 1 if not, 2 for a wrong call.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startReal, startScripted } from './engine.mjs';
import { Model } from './expected.mjs';
import { DONE, STEPS, Wrong } from './steps.mjs';

export const table = JSON.parse(readFileSync(new URL('scenarios.json', import.meta.url), 'utf8'));

/** No step takes longer than this, or than its own `within_ms`: a shop that hangs with its engine does not stop the suite. */
const STEP_LIMIT_MS = 30_000;

/**
 * All scenarios, or those whose name holds `only`, against the shop that `harness` opens. `bin` starts the real engine, `real` is one
 * that was started, `engine` the address of one that is not ours: what kills it is skipped.
 * Results: `{ name, status: 'passed' | 'failed' | 'skipped', why, step, calls, ms }`.
 */
export async function run({ harness, bin, real, engine, only, told = () => {} }) {
  const own = engine || real ? undefined : await startReal(bin);
  const upstream = engine ?? (real ?? own).origin;
  const results = [];
  try {
    const scripted = await startScripted({ upstream, real: engine ? undefined : real ?? own });
    try {
      await harness.start?.({ table, engine: scripted.origin });
      for (const scenario of table.scenarios) {
        if (only && !scenario.name.includes(only)) continue;
        const result = await one(scenario, { harness, scripted, real: upstream });
        results.push(result);
        told(result);
      }
    } finally {
      await Promise.allSettled([harness.stop?.(), scripted.stop()]);
    }
  } finally {
    await own?.stop();
  }
  return results;
}

async function one(scenario, { harness, scripted, real }) {
  const start = performance.now();
  await scripted.set({ mode: 'pass' });
  scripted.reset();
  const result = (status, rest = {}) => ({ name: scenario.name, status, calls: scripted.calls(), ms: Math.round(performance.now() - start), ...rest });
  const kills = scenario.steps.some(([verb, wanted]) => verb === 'engine' && wanted.mode === 'killed');
  if (kills && !scripted.canKill) return result('skipped', { why: 'the engine is not ours to kill' });
  let shop;
  let at;
  try {
    shop = await harness.open({ table, engine: scripted.origin, ...optionsOf(scenario) });
    const lacks = (scenario.needs ?? []).filter((verb) => typeof shop[verb] !== 'function');
    if (lacks.length > 0) return result('skipped', { why: lacks.map((verb) => harness.without?.[verb] ?? `the shop has no ${verb}`).join('; ') });
    const context = { shop, engine: scripted, real, table, model: new Model(table, scenario) };
    await shop.cart();
    for (const step of scenario.steps) {
      at = step;
      const [verb, ...words] = step;
      if (!STEPS[verb]) throw new Error(`no such step: ${verb}`);
      const { within_ms } = words.find((word) => word?.within_ms) ?? { within_ms: STEP_LIMIT_MS };
      if ((await limited(STEPS[verb](context, ...words), within_ms)) === DONE) break;
    }
    return result('passed');
  } catch (error) {
    return result('failed', { step: JSON.stringify(at), why: error instanceof Wrong ? error.message : error.stack ?? String(error) });
  } finally {
    await scripted.set({ mode: 'pass' });
    await shop?.close?.();
  }
}

/** The options of the connector for a scenario; figures and steps are none of them. */
function optionsOf({ currency, registrations = [], policy = 'closed', cache_ms, breaker_open_ms }) {
  return {
    currency,
    registrations,
    client: { policy, ...(cache_ms === undefined ? {} : { cache_ms }), ...(breaker_open_ms === undefined ? {} : { breaker: { open_ms: breaker_open_ms } }) },
  };
}

async function limited(work, limit_ms) {
  let timer;
  const over = new Promise((_, reject) => { timer = setTimeout(() => reject(new Wrong(`no end in ${limit_ms} ms`)), limit_ms); });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

export function row({ name, status, calls, ms, why, step }, width) {
  const line = `${status.padEnd(7)}  ${name.padEnd(width)}  ${String(calls).padStart(5)} calls  ${String(ms).padStart(6)} ms`;
  return why ? `${line}\n         ${step ? `${step}: ` : ''}${why.replaceAll('\n', '\n         ')}` : line;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const value = (name) => { const at = process.argv.indexOf(name); return at < 0 ? undefined : process.argv[at + 1]; };
  const path = value('--harness');
  const bin = value('--bin') ?? process.env.TIDEWAITER_BIN;
  const engine = value('--engine');
  if (!path || (!bin && !engine)) {
    console.error('run.mjs: give --harness MODULE and --bin PROGRAM or --engine URL (or set TIDEWAITER_BIN)');
    process.exit(2);
  }
  const module = await import(pathToFileURL(resolve(path)));
  const width = Math.max(...table.scenarios.map(({ name }) => name.length));
  const isJson = process.argv.includes('--json');
  const results = await run({ harness: module.default ?? module, bin, engine, only: value('--only'), told: (result) => isJson || console.log(row(result, width)) });
  if (isJson) console.log(JSON.stringify(results, null, 2));
  const count = (status) => results.filter((result) => result.status === status).length;
  if (!isJson) console.log(`test result: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
  process.exit(count('failed') > 0 || results.length === 0 ? 1 : 0);
}
