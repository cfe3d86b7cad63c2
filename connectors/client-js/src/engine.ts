// What answers questions: an engine behind HTTP, or anything else with the same two fields.
import type { Consignment } from './basket';
import type { Problem } from './answer';
import type { Quote } from './quote';
import { EngineFailure } from './failure';

export interface Engine {
  /** For logs, and for the circuit breaker that each engine has. */
  readonly name: string;
  /** The quote, or a failure: an `EngineFailure` where it can say why. It gives up when the signal says so. */
  quote(consignment: Consignment, signal: AbortSignal): Promise<Quote>;
}

/** An engine in this process, whose data were taken some days ago. */
export interface OfflineEngine extends Engine {
  /** How old its data are, in days. */
  readonly data_age_days: number;
}

export interface HttpEngineOptions {
  /** Where the engine is: "https://duties.example". The path of the API is added. */
  url: string;
  /** Key of the API, `twk_…`. */
  key?: string;
  /** Default: the host of the address. */
  name?: string;
  /** Most bytes of an answer that are read. Default: 8 MiB. */
  max_answer_bytes?: number;
  /** Another `fetch`, for a proxy or a test. */
  fetch?: typeof globalThis.fetch;
}

const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** The engine behind `tidewaiter serve`. */
export function httpEngine(options: HttpEngineOptions): Engine {
  const base = new URL(options.url);
  if (base.protocol !== 'http:' && base.protocol !== 'https:') throw new TypeError(`url: ${options.url} is neither http nor https`);
  const address = `${base.origin}${base.pathname.replace(/\/+$/, '')}/v1/quotes`;
  const most = options.max_answer_bytes ?? MAX_ANSWER_BYTES;
  const send = options.fetch ?? globalThis.fetch;
  const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' };
  if (options.key !== undefined) headers['authorization'] = `Bearer ${options.key}`;

  return {
    name: options.name ?? base.host,
    async quote(consignment, signal) {
      const body = JSON.stringify(consignment);
      // A redirect is refused: the key and the basket go to nobody but the address that was configured.
      const ask = () => send(address, { method: 'POST', headers, body, signal, redirect: 'manual' });
      let response: Response;
      try {
        response = await ask().catch((error: unknown) => {
          if (signal.aborted || !isStale(error)) throw error;
          return ask();
        });
      } catch (error) {
        throw unreachable(error, signal);
      }
      if (response.status !== 200 && response.status !== 422) {
        await response.body?.cancel().catch(() => undefined);
        throw new EngineFailure(`http ${response.status}`);
      }
      const document = read(await bounded(response, most, signal));
      if (response.status === 422) throw new EngineFailure('question', 'the question is wrong', problemsOf(document));
      return document as Quote;
    },
  };
}

/**
 * Connections are kept, and the other side may have closed one since: it was idle, or the engine was restarted. That is found out only by using it,
 * and says nothing about the engine. A question changes nothing there, so it may be asked again.
 */
function isStale(error: unknown): boolean {
  const code = (error as { cause?: { code?: unknown } } | null)?.cause?.code;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

function unreachable(error: unknown, signal: AbortSignal): EngineFailure {
  if (signal.aborted) return new EngineFailure('timeout');
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return new EngineFailure('unreachable', cause instanceof Error ? cause.message : String(cause));
}

/** The body, of which no more is read than may come: an answer without end must not fill the memory of the shop. */
async function bounded(response: Response, most: number, signal: AbortSignal): Promise<Uint8Array> {
  const tooLong = () => new EngineFailure('bad answer', `the answer is longer than ${most} bytes`);
  if (Number(response.headers.get('content-length') ?? 0) > most) {
    await response.body?.cancel().catch(() => undefined);
    throw tooLong();
  }
  const reader = response.body?.getReader();
  if (reader === undefined) throw new EngineFailure('bad answer', 'the answer is empty');
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    let next;
    try {
      next = await reader.read();
    } catch (error) {
      throw unreachable(error, signal);
    }
    if (next.done) return Buffer.concat(chunks);
    length += next.value.byteLength;
    if (length > most) {
      await reader.cancel().catch(() => undefined);
      throw tooLong();
    }
    chunks.push(next.value);
  }
}

function read(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new EngineFailure('bad answer', 'the answer is no JSON');
  }
}

function problemsOf(document: unknown): Problem[] {
  const errors = (document as { errors?: unknown } | null)?.errors;
  if (!Array.isArray(errors)) return [];
  return errors.map((one) => ({ field: String(one?.field ?? ''), value: String(one?.value ?? ''), message: String(one?.message ?? '') }));
}
