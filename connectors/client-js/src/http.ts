// Documents that go to a service of Tidewaiter over HTTP: to the one address that was configured, and no more of an answer is read than may come.
import type { Problem } from './answer';
import { EngineFailure } from './failure';

export type Post = (document: unknown, signal: AbortSignal) => Promise<Response>;

/** Sends documents as JSON to a path below an address. Throws at once where the address cannot be right. */
export function poster(url: string, path: string, secret: string | undefined, send: typeof globalThis.fetch = globalThis.fetch): Post {
  const base = new URL(url);
  if (base.protocol !== 'http:' && base.protocol !== 'https:') throw new TypeError(`url: ${url} is neither http nor https`);
  const address = `${base.origin}${base.pathname.replace(/\/+$/, '')}${path}`;
  const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' };
  if (secret !== undefined) headers['authorization'] = `Bearer ${secret}`;
  return async (document, signal) => {
    const body = JSON.stringify(document);
    // A redirect is refused: the secret and the document go to nobody but the address that was configured.
    const ask = () => send(address, { method: 'POST', headers, body, signal, redirect: 'manual' });
    try {
      return await ask().catch((error: unknown) => {
        if (signal.aborted || !isStale(error)) throw error;
        return ask();
      });
    } catch (error) {
      throw unreachable(error, signal);
    }
  };
}

/**
 * Connections are kept, and the other side may have closed one since: it was idle, or the engine was restarted. That is found out only by using it,
 * and says nothing about the engine. A question changes nothing there, and what was recorded once is known the next time, so both may be sent again.
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

/** What is answered, as a document. Of no more than `most` bytes: an answer without end must not fill the memory of the shop. */
export async function documentOf(response: Response, most: number, signal: AbortSignal): Promise<unknown> {
  return read(await bounded(response, most, signal));
}

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

/** The fields that a problem document names. */
export function problemsOf(document: unknown): Problem[] {
  const errors = (document as { errors?: unknown } | null)?.errors;
  if (!Array.isArray(errors)) return [];
  return errors.map((one) => ({ field: String(one?.field ?? ''), value: String(one?.value ?? ''), message: String(one?.message ?? '') }));
}
