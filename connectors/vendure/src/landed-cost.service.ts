// What is due for an order: asks, puts the charges on the order, and checks them a last time before payment.
import { Inject, Injectable } from '@nestjs/common';
import {
  ConfigService, Logger, Order, OrderCalculator, Payment, ProductVariant, ShippingMethodService, Surcharge, TransactionalConnection, UserInputError,
  type RequestContext,
} from '@vendure/core';
import { check, Client, httpEngine, together, type Answer, type Basket, type Charge, type Terms } from '@tidewaiter/client';
import { failuresTo } from '@tidewaiter/client/plugin';
import { basketsOf } from './basket';
import { LOGGER, OPTIONS, TERMS_CHECKER } from './constants';
import type { OrderFields } from './custom-fields';
import { decimalOf, minorOf } from './money';
import { examineOptions, type ShopFields, type TidewaiterOptions } from './options';
import type { Asked } from './parcels';
import { readStored, storedOf, type Stored } from './stored';
import { isOurs, rowsOf } from './surcharges';

/** `mixed`: parts of the order go under different terms, which is no order that can be charged as one. */
export type Chosen = Terms | 'mixed' | null;

/** Before these states are left, prices follow the basket. Afterwards what was quoted is frozen. */
const OPEN_STATES = ['Created', 'Draft', 'AddingItems', 'ArrangingPayment'];
/** In these an order is changed by staff: one that nobody paid yet, too. */
const STATES_OF_STAFF = ['Modifying', 'ArrangingAdditionalPayment'];

@Injectable()
export class LandedCostService {
  private client!: Client;
  private options!: TidewaiterOptions;

  constructor(
    @Inject(OPTIONS) options: TidewaiterOptions,
    private connection: TransactionalConnection,
    private config: ConfigService,
    private methods: ShippingMethodService,
    private calculator: OrderCalculator,
  ) {
    this.configure(options);
  }

  /** New options, with an empty cache and closed circuit breakers. */
  configure(options: TidewaiterOptions): void {
    examineOptions(options);
    const engines = options.engines ?? (options.url ? [httpEngine({ url: options.url, ...(options.key ? { key: options.key } : {}) })] : []);
    this.client = new Client({
      on_failure: failuresTo((text) => Logger.warn(text, LOGGER)),
      ...options.client,
      engines,
      ...(options.policy ? { policy: options.policy } : {}),
    });
    this.options = options;
  }

  get settings(): TidewaiterOptions {
    return this.options;
  }

  get precision(): number {
    return this.config.entityOptions.moneyStrategy.precision ?? 2;
  }

  isOpen(order: Order): boolean {
    return OPEN_STATES.includes(order.state);
  }

  /** Whether prices follow the basket: until the order is paid. */
  async follows(ctx: RequestContext, order: Order): Promise<boolean> {
    if (this.isOpen(order)) return true;
    if (!STATES_OF_STAFF.includes(order.state)) return false;
    const paid = await this.connection.getRepository(ctx, Payment).count({ where: ['Authorized', 'Settled'].map((state) => ({ order: { id: order.id }, state: state as Payment['state'] })) });
    return paid === 0;
  }

  fields(ctx: RequestContext, order?: Order): ShopFields {
    const { consignment } = this.options;
    return typeof consignment === 'function' ? consignment(ctx, order) : consignment;
  }

  /** Whether a border is on the way at all. */
  isAsked(ctx: RequestContext, order: Order): boolean {
    const to = order.shippingAddress?.countryCode;
    const fields = this.fields(ctx, order);
    return !to || !(this.options.not_asked ?? [fields['from']]).includes(to);
  }

  /** The terms of the delivery options that are chosen. */
  async chosen(ctx: RequestContext, order: Order): Promise<Chosen> {
    return (await this.delivery(ctx, order)).chosen;
  }

  /** A delivery that does not say its terms is duty unpaid: nobody undertook to pay at the border. Staff is told. */
  private async delivery(ctx: RequestContext, order: Order): Promise<{ chosen: Chosen; untold: string[] }> {
    const found = new Set<Terms>();
    const untold: string[] = [];
    for (const line of order.shippingLines ?? []) {
      const method = line.shippingMethodId ? await this.methods.findOne(ctx, line.shippingMethodId, true) : undefined;
      const terms = method?.checker.code === TERMS_CHECKER ? method.checker.args.find(({ name }) => name === 'terms')?.value : undefined;
      if (terms !== 'ddp' && terms !== 'dap') untold.push(method?.code ?? String(line.shippingMethodId));
      found.add(terms === 'ddp' ? 'ddp' : 'dap');
    }
    return { chosen: found.size > 1 ? 'mixed' : [...found][0] ?? null, untold };
  }

  async baskets(ctx: RequestContext, order: Order, terms: Terms | null): Promise<Basket[]> {
    const ids = (order.lines ?? []).map((line) => line.productVariantId);
    const variants = ids.length === 0 ? [] : await this.connection.getRepository(ctx, ProductVariant).createQueryBuilder('variant').whereInIds(ids).getMany();
    const asked = this.isAsked(ctx, order) ? terms : null;
    return basketsOf(order, asked, this.fields(ctx, order), new Map(variants.map((one) => [String(one.id), one])), this.precision);
  }

  /** What is due for the order as it stands, if it went under these terms. */
  async ask(ctx: RequestContext, order: Order, terms: Terms): Promise<Asked> {
    const baskets = await this.baskets(ctx, order, terms);
    const parts = await Promise.all(baskets.map((basket) => this.quote(basket)));
    return { together: together(parts), parts, baskets };
  }

  async quote(basket: Basket): Promise<Answer> {
    return this.holdable(await this.client.quote(basket));
  }

  /** An amount that the shop's money cannot hold cannot be charged, and is not rounded. */
  private holdable(answer: Answer): Answer {
    if (answer.charges.every(({ amount }) => minorOf(amount, this.precision) !== undefined)) return answer;
    const warning = `The shop keeps ${this.precision} decimals of ${answer.currency}; what is due has more, so it cannot be charged here.`;
    const { total: _, ...rest } = answer;
    const proceed = answer.terms === 'ddp' && this.options.policy === 'open' && answer.may_sell_dap ? 'dap' : 'refuse';
    return { ...rest, charges: [], may_sell_ddp: false, proceed, warnings: [warning, ...answer.warnings] };
  }

  /**
   * Puts what is due on the order, in memory and in the database; `there` are the rows of the last time, which are not on the order now.
   * The caller computes the totals anew.
   */
  async price(ctx: RequestContext, order: Order, there: Surcharge[]): Promise<void> {
    const { chosen, untold } = await this.delivery(ctx, order);
    const asked = told(await this.ask(ctx, order, chosen === 'dap' ? 'dap' : 'ddp'), untold);
    const { proceed } = asked.together;
    if (order.state === 'ArrangingPayment' && chosen !== null && chosen !== 'mixed' && proceed !== chosen && proceed !== 'none') {
      throw new UserInputError('What is due for this change cannot be said while the order is being paid. Go back to the cart first.');
    }
    await this.place(ctx, order, there, asked, chosen);
  }

  private async place(ctx: RequestContext, order: Order, there: Surcharge[], asked: Asked, chosen: Chosen): Promise<void> {
    const terms = chosen === 'mixed' ? null : chosen;
    const answer = asked.together;
    const charges = this.charged(answer, chosen);
    const rows = rowsOf(charges, there, this.precision);
    const rowsInDatabase = this.connection.getRepository(ctx, Surcharge);
    for (const row of rows) row.order = new Order({ id: order.id });
    // With its id: an order that is saved with rows that have none lets go of those in the database.
    for (const row of rows) row.id = (await rowsInDatabase.save(row)).id;
    const gone = there.filter((row) => !rows.includes(row));
    for (const { id } of gone) await rowsInDatabase.delete(id);
    order.surcharges = [...(order.surcharges ?? []).filter((row) => !isOurs(row)), ...rows];
    const stored = answer.state === 'none_due_here' ? undefined : storedOf({ ...asked, together: this.warned(order, answer) }, terms);
    await this.store(ctx, order, terms, stored);
  }

  /** The rows that are charged: under the terms that were chosen, and only where the sale may go on under them. */
  private charged(answer: Answer, chosen: Chosen): Charge[] {
    return chosen !== null && answer.proceed === chosen ? answer.charges : [];
  }

  /** A shop that also taxes the destination itself would take tax twice; its staff must see it. */
  private warned(order: Order, answer: Answer): Answer {
    const taxed = order.lines.find((line) => line.taxRate > 0);
    if (!taxed || answer.charges.every((charge) => charge.class !== 'tax')) return answer;
    return { ...answer, warnings: [...answer.warnings, `The shop's own tax of ${taxed.taxRate} % is charged on top: put this destination in a tax zone of its own without tax.`] };
  }

  async store(ctx: RequestContext, order: Order, terms: Terms | null, stored: Stored | undefined): Promise<void> {
    const fields: OrderFields = { deliveryTerms: terms, landedCost: stored === undefined ? null : JSON.stringify(stored) };
    // On the order at hand too: whoever saves it afterwards must not write the old ones back.
    Object.assign((order.customFields ??= {} as Order['customFields']), fields);
    await this.connection.getRepository(ctx, Order).update(order.id, { customFields: fields } as object);
  }

  /**
   * The last check, at the transition to payment: why the order may not be paid, or nothing. The order at hand is changed in place,
   * for whoever called saves that very object; what is only written to the database would be overwritten with what it was.
   */
  async lastCheck(ctx: RequestContext, order: Order): Promise<string | undefined> {
    const { chosen, untold } = await this.delivery(ctx, order);
    const there = order.surcharges.filter(isOurs);
    if (chosen === 'mixed') return 'All parcels of an order must go under the same delivery terms.';
    if (chosen !== null) {
      const asked = told(await this.ask(ctx, order, chosen), untold);
      const { together: answer, baskets } = asked;
      if (answer.proceed === 'none') return this.withdraw(ctx, order, there, asked, chosen);
      const charges = this.charged(answer, chosen);
      if (answer.proceed !== chosen) {
        await this.replace(ctx, order, there, asked, chosen);
        return chosen === 'ddp'
          ? 'Duty-paid delivery cannot be had now, because what is due cannot be said. Choose another delivery.'
          : 'These goods cannot be delivered there.';
      }
      const stored = readStored(order);
      const isSameBasket = stored?.snapshots.length === baskets.length && stored.snapshots.every((taken, at) => check(taken, baskets[at] as Basket).same);
      const before = totalOf(there);
      const now = charges.reduce((sum, one) => sum + (minorOf(one.amount, this.precision) as number), 0);
      await this.replace(ctx, order, there, asked, chosen);
      if ((isSameBasket && before === now) || this.options.on_change === 'charge') return undefined;
      const [was, is] = [before, now].map((minor) => decimalOf(minor, this.precision));
      return before === now
        ? 'The order has changed since what is due was shown: look at it again.'
        : `Duty, tax and fees have changed from ${was} to ${is} ${order.currencyCode}: look at the order again.`;
    }
    if (there.length > 0) return this.withdraw(ctx, order, there, await this.ask(ctx, order, 'dap'), null);
    return undefined;
  }

  /** Nothing is due here any more: rows that are left from before go, and the buyer sees the new total before paying. */
  private async withdraw(ctx: RequestContext, order: Order, there: Surcharge[], asked: Asked, chosen: Terms | null): Promise<string | undefined> {
    await this.replace(ctx, order, there, asked, chosen);
    return there.length === 0 || this.options.on_change === 'charge' ? undefined : 'Duty, tax and fees are no longer due: look at the order again.';
  }

  private async replace(ctx: RequestContext, order: Order, there: Surcharge[], asked: Asked, chosen: Chosen): Promise<void> {
    await this.place(ctx, order, there, asked, chosen);
    this.calculator.calculateOrderTotals(order);
    // A refused transition is not saved by the caller; the buyer must see the new figures nevertheless.
    const { subTotal, subTotalWithTax, shipping, shippingWithTax } = order;
    await this.connection.getRepository(ctx, Order).update(order.id, { subTotal, subTotalWithTax, shipping, shippingWithTax });
  }
}

function told({ together: answer, ...rest }: Asked, untold: readonly string[]): Asked {
  const warnings = untold.map((code) => `The delivery ${code} does not say its terms, and is taken as duty unpaid: give this shipping method the checker of delivery terms.`);
  return { ...rest, together: { ...answer, warnings: [...warnings, ...answer.warnings] } };
}

const totalOf = (rows: readonly Surcharge[]): number => rows.reduce((sum, row) => sum + row.listPrice, 0);
