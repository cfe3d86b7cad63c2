// What a shop tells the plugin.
import type { ClientOptions, Consignment, Engine, Policy } from '@tidewaiter/client';
import { examine } from '@tidewaiter/client/plugin';
import type { Cart } from './cart';

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
   * What is the same in all questions: `{ from: 'CN', channel: 'post', seller: { registrations: ['eu.ioss'] } }`. A function where it differs
   * by cart; there is no cart where the catalogue is looked at.
   */
  consignment: ShopFields | ((cart?: Cart) => ShopFields);
  /** Destinations where nothing is due at a border: your own country, and the members of your customs union. Default: `from`. */
  not_asked?: readonly string[];
  /** What happens when there is no answer. Default: `last-known`. */
  policy?: Policy;
  /** What the numbers in the field weight of your products mean. Default: `g`. */
  weight_unit?: 'g' | 'kg';
  /** More options of `@tidewaiter/client`: times, cache, circuit breaker. */
  client?: Partial<Omit<ClientOptions, 'engines' | 'policy'>>;
}

/**
 * Medusa locks a cart while it changes, and whoever wants to change it meanwhile waits for two seconds and then fails. The call happens inside; what
 * Medusa does besides must fit in too.
 */
export const TIMEOUT_MS = 1200;

/** Throws where an option cannot be right, with all that is wrong. */
export const examineOptions = (options: unknown): void => examine(options, '@tidewaiter/medusa-plugin', { weight_unit: ['g', 'kg'] });
