// What answers questions: an engine behind HTTP, or anything else with the same two fields.
import type { Consignment } from './basket';
import type { Quote } from './quote';
import { EngineFailure } from './failure';
import { documentOf, poster, problemsOf } from './http';

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
  const post = poster(options.url, '/v1/quotes', options.key, options.fetch);
  const most = options.max_answer_bytes ?? MAX_ANSWER_BYTES;
  return {
    name: options.name ?? new URL(options.url).host,
    async quote(consignment, signal) {
      const response = await post(consignment, signal);
      if (response.status !== 200 && response.status !== 422) {
        await response.body?.cancel().catch(() => undefined);
        throw new EngineFailure(`http ${response.status}`);
      }
      const document = await documentOf(response, most, signal);
      if (response.status === 422) throw new EngineFailure('question', 'the question is wrong', problemsOf(document));
      return document as Quote;
    },
  };
}
