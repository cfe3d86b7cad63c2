// What goes back with goods that come back: parts of what was charged at the sale, whatever the law says today.
import { Injectable } from '@nestjs/common';
import { EventBus, isGraphQlErrorResult, OrderService, Payment, RefundStateTransitionError, TransactionalConnection, UserInputError, EntityNotFoundError, type ID, type RequestContext } from '@vendure/core';
import { isAllBack, joined, refund, type Refund, type Returned } from '@tidewaiter/client';
import { LandedCostService } from './landed-cost.service';
import { add, minorOf } from './money';
import { LandedCostReturnedEvent } from './returned-event';
import { readStored, type Stored } from './stored';

export interface ReturnInput {
  orderId: ID;
  lines: { orderLineId: ID; quantity: number }[];
  /** Keys or classes of charges that do not go back, such as "fee". */
  keep?: string[] | null;
}

@Injectable()
export class LandedCostRefundService {
  constructor(private connection: TransactionalConnection, private orders: OrderService, private landedCost: LandedCostService, private events: EventBus) {}

  /** What would go back. Nothing is done. */
  async preview(ctx: RequestContext, input: ReturnInput): Promise<Refund> {
    return (await this.computed(ctx, input)).back;
  }

  /** Pays it back by the payment of the order, and remembers what came back. */
  async refund(ctx: RequestContext, input: ReturnInput & { paymentId?: ID | null; reason?: string | null }): Promise<Refund> {
    const { back, order, stored, returned } = await this.computed(ctx, input);
    const amount = minorOf(back.total, this.landedCost.precision);
    if (amount === undefined) throw new UserInputError(`${back.total} has more decimals than the shop's money`);
    if (amount > 0) {
      const paymentId = input.paymentId ?? (await this.paymentOf(ctx, input.orderId, amount));
      const made = await this.orders.refundOrder(ctx, { lines: [], shipping: 0, adjustment: 0, amount, paymentId, reason: input.reason ?? 'Duty, tax and fees of returned goods' });
      if (isGraphQlErrorResult(made)) throw new UserInputError(made instanceof RefundStateTransitionError ? made.transitionError : made.message);
    }
    const all = [...stored.returned, ...returned];
    await this.landedCost.store(ctx, order, stored.chosen, { ...stored, returned: all });
    const isWhole = !input.keep?.length && stored.snapshots.every((taken) => isAllBack(taken, all.filter(({ line }) => taken.lines.includes(line))));
    await this.events.publish(new LandedCostReturnedEvent(ctx, order, back, isWhole));
    return back;
  }

  private async computed(ctx: RequestContext, input: ReturnInput) {
    const order = await this.orders.findOne(ctx, input.orderId);
    if (!order) throw new EntityNotFoundError('Order', input.orderId);
    const stored: Stored | undefined = readStored(order);
    if (!stored || (await this.landedCost.follows(ctx, order))) throw new UserInputError(`Order ${order.code} was not sold with duty, tax or fees`);
    const returned: Returned[] = input.lines.map(({ orderLineId, quantity }) => ({ line: String(orderLineId), quantity }));
    try {
      const [first, ...others] = stored.snapshots.map((taken) => {
        const ours = (list: readonly Returned[]) => list.filter(({ line }) => taken.lines.includes(line));
        return refund(taken, ours(returned), { already: ours(stored.returned), ...(input.keep ? { keep: input.keep } : {}) });
      }) as [Refund, ...Refund[]];
      // On goods that are not sent nothing was due, and nothing goes back.
      const unknown = returned.find(({ line }) => !order.lines.some(({ id }) => String(id) === line));
      if (unknown) throw new RangeError(`line ${unknown.line}: not in the order`);
      const back = others.reduce((sum, one) => ({
        ...sum, charges: joined([...sum.charges, ...one.charges]), total: add(sum.total, one.total), left: add(sum.left, one.left),
      }), first);
      return { back, order, stored, returned };
    } catch (error) {
      if (error instanceof RangeError) throw new UserInputError(error.message);
      throw error;
    }
  }

  /** The first payment of which enough is left. */
  private async paymentOf(ctx: RequestContext, orderId: ID, amount: number): Promise<ID> {
    const payments = await this.connection.getRepository(ctx, Payment).find({ where: { order: { id: orderId }, state: 'Settled' }, relations: ['refunds'] });
    const left = (payment: Payment) => payment.amount - payment.refunds.filter(({ state }) => state !== 'Failed').reduce((sum, { total }) => sum + total, 0);
    const found = payments.find((payment) => left(payment) >= amount);
    if (!found) throw new UserInputError('No payment of this order has enough left to pay back from');
    return found.id;
  }
}
