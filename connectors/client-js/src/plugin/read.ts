// What an engine tells besides quotes: goods codes, and what an economy asks of sellers.

const TIMEOUT_MS = 10_000;
/** One who asks much is told to wait; longer than so many seconds nobody waits. */
const MOST_WAITS = 3;
const LONGEST_WAIT_S = 5;

export interface EngineAddress {
  url?: string | undefined;
  key?: string | undefined;
}

/** An answer that is none. */
export class EngineRefusal extends Error {
  constructor(readonly status: number) {
    super(`The engine answered ${status}`);
  }
}

/** Throws an `EngineRefusal` for an answer that is none, and an `Error` for people where there is no answer at all. */
export async function readFromEngine<Document>({ url, key }: EngineAddress, path: string, words: Record<string, string> = {}): Promise<Document> {
  if (!url) throw new Error('This needs the option url of the plugin');
  const address = new URL(path, url.endsWith('/') ? url : `${url}/`);
  address.search = new URLSearchParams(words).toString();
  for (let waits = 0; ; waits += 1) {
    const response = await read(address, key);
    if (response.ok) return (await response.json()) as Document;
    const wait_s = Number(response.headers.get('retry-after'));
    if (response.status !== 429 || waits >= MOST_WAITS || !(wait_s <= LONGEST_WAIT_S)) throw new EngineRefusal(response.status);
    await response.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, Math.max(wait_s, 1) * 1000));
  }
}

async function read(address: URL, key: string | undefined): Promise<Response> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const ask = () => fetch(address, { headers: { accept: 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) }, signal, redirect: 'error' });
  try {
    // A kept connection may have been closed meanwhile, which is found out only by using it.
    return await ask().catch(ask);
  } catch {
    throw new Error('The engine does not answer. Try again later.');
  }
}
