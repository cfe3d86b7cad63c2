// What a shop tells the plugin.
import type { Order, RequestContext } from '@vendure/core';
import type { ClientOptions, Consignment, Engine, Policy } from '@tidewaiter/client';
import { examine, faultsOfBooks } from '@tidewaiter/client/plugin';

/** Fields of every question that the shop knows for itself: where goods are sent from, who carries them, where it is registered. */
export type ShopFields = Omit<Partial<Consignment>, 'items' | 'to' | 'currency' | 'freight'>;

export interface TidewaiterOptions {
  /** Address of the engine: "https://duties.example". */
  url?: string;
  /** Key of its API, `twk_…`. */
  key?: string;
  /** Engines of your own, in place of `url` and `key`. */
  engines?: readonly Engine[];
  /**
   * What is the same in all questions: `{ from: 'CN', channel: 'post', seller: { registrations: ['eu.ioss'] } }`. A function where it
   * differs by channel or order.
   */
  consignment: ShopFields | ((ctx: RequestContext, order?: Order) => ShopFields);
  /** Destinations where nothing is due at a border: your own country, and the members of your customs union. Default: `from`. */
  not_asked?: readonly string[];
  /** What happens when there is no answer. Default: `last-known`. */
  policy?: Policy;
  /**
   * What happens when what is due turns out to be another amount at the transition to payment than the order shows: `refuse` lets the buyer
   * look again, `charge` goes on with the new amount. Default: `refuse`.
   */
  on_change?: 'refuse' | 'charge';
  /**
   * The seller's ledger, in a house of sellers (`tidewaiter serve --collect`): orders are recorded there when they are paid. Without it nothing is
   * sent. Its address is that of the engine where it names none.
   */
  books?: { url?: string; seller: string; token: string };
  /** More options of `@tidewaiter/client`: times, cache, circuit breaker. */
  client?: Partial<Omit<ClientOptions, 'engines' | 'policy'>>;
}

/** Throws where an option cannot be right, with all that is wrong. */
export const examineOptions = (options: unknown): void => examine(options, 'TidewaiterPlugin', { on_change: ['refuse', 'charge'], books: faultsOfBooks });
