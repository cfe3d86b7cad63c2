// What a strict TypeScript shop writes; it is compiled, not run.
import { Books, Client, EngineFailure, httpEngine, orderDocument, refund, snapshot, type Answer, type Basket, type Engine, type Entered, type OfflineEngine, type Quote } from '@tidewaiter/client';

declare const slice: (question: unknown) => Quote;
const offline: OfflineEngine = { name: 'slice', data_age_days: 3, quote: async (consignment) => slice(consignment) };
const engine: Engine = httpEngine({ url: 'https://duties.example' });
const client = new Client({ engines: [engine], offline, policy: 'closed', on_failure: (name: string, failure: EngineFailure) => void [name, failure.why] });
const basket: Basket = { terms: 'ddp', lines: ['a'], consignment: { to: 'NL', currency: 'EUR', items: [{ price: '1.00' }] } };
export const answer: Promise<Answer> = client.quote(basket);
export const total = async (): Promise<string> => refund(snapshot(await answer), [{ line: 'a', quantity: 1 }]).total;
// @ts-expect-error a total may be absent
export const wrong = async (): Promise<string> => (await answer).total;
const books = new Books({ url: 'https://duties.example', seller: 'mug-shop', token: 'twc_0' });
export const enter = async (): Promise<number | string | undefined> => {
  const said: Entered = await books.record([orderDocument('R-1', '2026-10-05', [snapshot(await answer)])]);
  return said.state === 'recorded' ? said.known : said.state === 'refused' ? said.problems[0]?.field : said.retry_after_s;
};
