// What the engine tells besides quotes: goods codes, and what an economy asks of sellers.
import { UserInputError } from '@vendure/core';
import type { TidewaiterOptions } from './options';

const TIMEOUT_MS = 10_000;

export async function readFromEngine<Document>({ url, key }: TidewaiterOptions, path: string, words: Record<string, string> = {}): Promise<Document> {
  if (!url) throw new UserInputError('This needs the option url of the plugin');
  const address = new URL(path, url.endsWith('/') ? url : `${url}/`);
  address.search = new URLSearchParams(words).toString();
  let response: Response;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const ask = () => fetch(address, { headers: { accept: 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) }, signal, redirect: 'error' });
  try {
    // A kept connection may have been closed meanwhile, which is found out only by using it.
    response = await ask().catch(ask);
  } catch {
    throw new UserInputError('The engine does not answer. Try again later.');
  }
  if (!response.ok) throw new UserInputError(`The engine answered ${response.status}`);
  return (await response.json()) as Document;
}
