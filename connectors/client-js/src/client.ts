// Asks for a basket: from the cache, from the engines in turn, and where all are away, as the shop chose.
import { answerOf, noAnswer, nothingAsked, type Answer, type Policy, type Problem } from './answer';
import { examine, isAsked, type Basket, type Consignment } from './basket';
import { Breaker, type BreakerOptions } from './breaker';
import { Cache } from './cache';
import { canonical } from './canonical';
import type { Engine, OfflineEngine } from './engine';
import { EngineFailure, type Why } from './failure';
import { fingerprint, sha256 } from './fingerprint';
import { faultOf, type Quote } from './quote';

export interface ClientOptions {
  /** Asked one after the other until one answers, most often one. */
  engines: readonly Engine[];
  /** Asked last, in this process. */
  offline?: OfflineEngine;
  /** What happens when there is no answer. Default: `last-known`. */
  policy?: Policy;
  /** For everything that goes over the network for one answer. Default: 1500. */
  timeout_ms?: number;
  /** For the offline engine. Default: 500. */
  offline_timeout_ms?: number;
  /** How long an answer counts as fresh. Default: 15 minutes. */
  cache_ms?: number;
  /** Most answers that are kept. Default: 1000. */
  cache_entries?: number;
  /** How old an answer for the very same basket may be under `last-known`. Default: 24 hours. */
  last_known_ms?: number;
  /** Default: opens after 2 failures in a row, for 5000 ms. */
  breaker?: Partial<BreakerOptions>;
  /** Told of each failure of an engine, for the log. */
  on_failure?: (engine: string, failure: EngineFailure) => void;
  /** The clock, in milliseconds since 1970. */
  now?: () => number;
}

interface Known {
  quote: Quote;
  engine: string;
  asked_at_ms: number;
}

type Found = { known: Known; offline: boolean } | { known?: undefined; why: Why; problems: Problem[] };

const MINUTE_MS = 60_000;
const BREAKER: BreakerOptions = { failures: 2, open_ms: 5000 };

export class Client {
  private readonly engines: { engine: Engine; breaker: Breaker }[];
  private readonly offline: OfflineEngine | undefined;
  private readonly policy: Policy;
  private readonly timeout_ms: number;
  private readonly offline_timeout_ms: number;
  private readonly cache_ms: number;
  private readonly last_known_ms: number;
  private readonly now: () => number;
  private readonly on_failure: NonNullable<ClientOptions['on_failure']>;
  private readonly kept: Cache<Known>;
  private readonly underWay = new Map<string, Promise<Found>>();

  constructor(options: ClientOptions) {
    if (options.engines.length === 0 && options.offline === undefined) throw new TypeError('engines: name at least one');
    const policy = options.policy ?? 'last-known';
    if (!['open', 'last-known', 'closed'].includes(policy)) throw new TypeError(`policy: ${policy} is not open, last-known or closed`);
    this.policy = policy;
    this.now = options.now ?? Date.now;
    this.offline = options.offline;
    this.timeout_ms = atLeast('timeout_ms', options.timeout_ms ?? 1500, 1);
    this.offline_timeout_ms = atLeast('offline_timeout_ms', options.offline_timeout_ms ?? 500, 1);
    this.cache_ms = atLeast('cache_ms', options.cache_ms ?? 15 * MINUTE_MS, 0);
    this.last_known_ms = atLeast('last_known_ms', options.last_known_ms ?? 24 * 60 * MINUTE_MS, 0);
    this.kept = new Cache(atLeast('cache_entries', options.cache_entries ?? 1000, 0));
    this.on_failure = options.on_failure ?? (() => undefined);
    const breaker = { ...BREAKER, ...options.breaker };
    // A pause is measured with a clock that nobody sets; only tests bring their own.
    const pause = options.now ?? (() => performance.now());
    this.engines = options.engines.map((engine) => ({ engine, breaker: new Breaker(breaker, pause) }));
  }

  /** The answer for a basket. It never throws for what an engine does; it throws where the basket itself is malformed. */
  async quote(given: Basket): Promise<Answer> {
    examine(given);
    // A copy: what the shop does to its basket while the engine thinks must not reach the answer.
    const basket: Basket = frozen({
      consignment: JSON.parse(canonical(given.consignment)) as Consignment,
      terms: given.terms ?? null,
      lines: [...given.lines],
    });
    const print = fingerprint(basket);
    const asked_at = iso(this.now());
    if (!isAsked(basket)) return nothingAsked(basket, { asked_at, fingerprint: print });

    // What is due does not depend on the terms, so both delivery options live of one call.
    const question = sha256(canonical(basket.consignment));
    const kept = this.kept.get(question);
    if (kept !== undefined && this.isYounger(kept, this.cache_ms)) return this.answer(kept, basket, print, 'quoted');

    const found = await this.once(question, basket.consignment);
    if (found.known !== undefined) return this.answer(found.known, basket, print, found.offline ? 'offline' : 'quoted');

    if (found.why !== 'question') {
      if (this.policy === 'last-known' && kept !== undefined && this.isYounger(kept, this.last_known_ms)) {
        return this.answer(kept, basket, print, 'stale', found.why);
      }
    }
    const { why, problems } = found;
    return noAnswer(basket, { asked_at, fingerprint: print, why, ...(problems.length === 0 ? {} : { problems }) }, this.policy);
  }

  /** Forgets all answers, so that each basket is asked about again. */
  forget(): void {
    this.kept.clear();
  }

  /** An answer of the future, after the clock was set back, is not young: nobody knows how old it is. */
  private isYounger(known: Known, than_ms: number): boolean {
    const age_ms = this.now() - known.asked_at_ms;
    return age_ms >= 0 && age_ms < than_ms;
  }

  private answer(known: Known, basket: Basket, print: string, state: 'quoted' | 'stale' | 'offline', why?: Why): Answer {
    return answerOf(
      known.quote,
      basket,
      {
        state,
        asked_at: iso(known.asked_at_ms),
        fingerprint: print,
        engine: known.engine,
        ...(state === 'offline' && this.offline ? { data_age_days: this.offline.data_age_days } : {}),
        ...(why === undefined ? {} : { why }),
      },
      this.policy,
    );
  }

  /** One call at a time for a question: who asks the same meanwhile waits for it. */
  private once(question: string, consignment: Consignment): Promise<Found> {
    const running = this.underWay.get(question);
    if (running !== undefined) return running;
    const call = this.ask(question, consignment).finally(() => this.underWay.delete(question));
    this.underWay.set(question, call);
    return call;
  }

  private async ask(question: string, consignment: Consignment): Promise<Found> {
    let why: Why | undefined;
    const before = this.now();
    const limit = limited(this.timeout_ms);
    try {
      for (const { engine, breaker } of this.engines) {
        if (limit.signal.aborted) break;
        if (!breaker.allows()) {
          why ??= 'refused';
          continue;
        }
        try {
          const known = await this.from(engine, consignment, limit, before);
          breaker.succeeded();
          this.kept.set(question, known);
          return { known, offline: false };
        } catch (error) {
          const failure = failureOf(error);
          if (failure.isOfEngine) breaker.failed();
          else breaker.succeeded();
          this.tell(engine, failure);
          // The engine is well and refuses the question: another one would too, and an older answer is none to it.
          if (failure.why === 'question') return { why: 'question', problems: failure.problems };
          why ??= failure.why;
        }
      }
    } finally {
      limit.end();
    }
    const last = this.kept.get(question);
    const hasLast = this.policy === 'last-known' && last !== undefined && this.isYounger(last, this.last_known_ms);
    if (this.offline !== undefined && !hasLast) {
      const own = limited(this.offline_timeout_ms);
      try {
        return { known: await this.from(this.offline, consignment, own, this.now()), offline: true };
      } catch (error) {
        const failure = failureOf(error);
        this.tell(this.offline, failure);
        why ??= failure.why;
      } finally {
        own.end();
      }
    }
    return { why: why ?? 'timeout', problems: [] };
  }

  private tell(engine: Engine, failure: EngineFailure): void {
    try {
      this.on_failure(engine.name, failure);
    } catch {
      // A log that fails must not stop a sale.
    }
  }

  private async from(engine: Engine, consignment: Consignment, limit: Limit, asked_at_ms: number): Promise<Known> {
    const call = Promise.resolve().then(() => engine.quote(consignment, limit.signal));
    // An engine that does not listen to the signal is left behind.
    call.catch(() => undefined);
    const quote = await Promise.race([call, limit.over]);
    const fault = faultOf(quote, consignment);
    if (fault !== undefined) throw new EngineFailure('bad answer', fault);
    return { quote: frozen(quote), engine: engine.name, asked_at_ms };
  }
}

interface Limit {
  signal: AbortSignal;
  over: Promise<never>;
  end(): void;
}

function limited(after_ms: number): Limit {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      reject(new EngineFailure('timeout', `no answer in ${after_ms} ms`));
    }, after_ms);
  });
  over.catch(() => undefined);
  return { signal: controller.signal, over, end: () => clearTimeout(timer) };
}

function failureOf(error: unknown): EngineFailure {
  if (error instanceof EngineFailure) return error;
  return new EngineFailure('unreachable', error instanceof Error ? error.message : String(error));
}

function atLeast(name: string, value: number, least: number): number {
  if (!Number.isFinite(value) || value < least) throw new TypeError(`${name}: ${value} is not a number of at least ${least}`);
  return value;
}

function iso(at_ms: number): string {
  return new Date(at_ms).toISOString();
}

/** Answers are shared among those who ask the same; nobody may change another's. */
function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const held of Object.values(value)) frozen(held);
  }
  return value;
}
