// The client of the engine, of which a process has one, and what is kept in the database.
import { MedusaService } from '@medusajs/framework/utils';
import type { Logger } from '@medusajs/framework/types';
import { Client, httpEngine, together, type Answer, type Basket, type Terms } from '@tidewaiter/client';
import { failuresTo } from '@tidewaiter/client/plugin';
import { basketsOf, type WeightUnit } from '../../landed-cost/basket';
import type { Cart } from '../../landed-cost/cart';
import { examineOptions, TIMEOUT_MS, type ShopFields, type TidewaiterOptions } from '../../landed-cost/options';
import type { Asked } from '../../landed-cost/parcels';
import type { Stored } from '../../landed-cost/stored';
import { GoodsCodeSuggestion } from './models/goods-code-suggestion';
import { LandedCost } from './models/landed-cost';

export class TidewaiterService extends MedusaService({ LandedCost, GoodsCodeSuggestion }) {
  private client!: Client;
  options!: TidewaiterOptions;
  private readonly logger: Logger | undefined;

  constructor(container: { logger?: Logger }, options: TidewaiterOptions) {
    super(...arguments);
    this.logger = container.logger;
    this.configure(options);
  }

  /** New options, with an empty cache and closed circuit breakers. */
  configure(options: TidewaiterOptions): void {
    // Medusa puts the shop's database among the options of a module.
    const { database: _, ...own } = (options ?? {}) as TidewaiterOptions & { database?: unknown };
    examineOptions(own);
    const engines = options.engines ?? (options.url ? [httpEngine({ url: options.url, ...(options.key ? { key: options.key } : {}) })] : []);
    this.client = new Client({
      on_failure: failuresTo((text) => this.logger?.warn(`tidewaiter: ${text}`)),
      timeout_ms: TIMEOUT_MS,
      ...options.client,
      engines,
      ...(options.policy ? { policy: options.policy } : {}),
    });
    this.options = options;
  }

  get unit(): WeightUnit {
    return this.options.weight_unit ?? 'g';
  }

  fields(cart?: Cart): ShopFields {
    const { consignment } = this.options;
    return typeof consignment === 'function' ? consignment(cart) : consignment;
  }

  /** Whether a border is on the way at all. */
  isAsked(cart: Cart): boolean {
    const to = cart.shipping_address?.country_code?.toUpperCase();
    return !to || !(this.options.not_asked ?? [this.fields(cart)['from']]).includes(to);
  }

  baskets(cart: Cart, terms: Terms | null): Basket[] {
    return basketsOf(cart, this.isAsked(cart) ? terms : null, this.fields(cart), this.unit);
  }

  /** What is due for the cart as it stands, if it went under these terms. */
  async ask(cart: Cart, terms: Terms): Promise<Asked> {
    const baskets = this.baskets(cart, terms);
    const parts = await Promise.all(baskets.map((basket) => this.quote(basket)));
    return { together: together(parts), parts, baskets };
  }

  quote(basket: Basket): Promise<Answer> {
    return this.client.quote(basket);
  }

  async read(cart_id: string): Promise<Stored | undefined> {
    const [found] = await this.listLandedCosts({ cart_id });
    if (!found) return undefined;
    const stored = found.document as unknown as Stored;
    if (stored.version !== 1) throw new Error(`the landed cost of ${cart_id} is of version ${String(stored.version)}; this plugin reads version 1`);
    return stored;
  }

  async keep(cart_id: string, stored: Stored): Promise<void> {
    const document = stored as unknown as Record<string, unknown>;
    const [found] = await this.listLandedCosts({ cart_id }, { select: ['id'] });
    if (found) await this.updateLandedCosts({ id: found.id, document });
    else await this.createLandedCosts({ cart_id, document });
  }
}
