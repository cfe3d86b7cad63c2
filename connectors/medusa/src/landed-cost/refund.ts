// What goes back with goods that come back: parts of what was charged at the sale, whatever the law says today.
import { refundPaymentWorkflow } from '@medusajs/medusa/core-flows';
import { ContainerRegistrationKeys, MathBN, MedusaError, Modules } from '@medusajs/framework/utils';
import type { BigNumberInput, MedusaContainer } from '@medusajs/framework/types';
import { joined, refund, type Refund, type Returned } from '@tidewaiter/client';
import { add } from './money';
import { soldOrder, type Sold } from './order';
import { serviceOf } from './price';

export interface ReturnInput {
  order_id: string;
  lines: { item_id: string; quantity: number }[];
  /** Keys or classes of charges that do not go back, such as "fee". */
  keep?: string[] | undefined;
}

const wrong = (message: string) => new MedusaError(MedusaError.Types.INVALID_DATA, message);

/** What would go back. Nothing is done. */
export async function previewRefund(container: MedusaContainer, input: ReturnInput): Promise<Refund> {
  return computed(await soldOrder(container, input.order_id), input).back;
}

/** Pays it back by the payment of the order, and remembers it. One at a time for an order. */
export async function refundLandedCost(container: MedusaContainer, input: ReturnInput & { note?: string | undefined; created_by?: string | undefined }): Promise<Refund> {
  const { cart_id } = await soldOrder(container, input.order_id);
  return container.resolve(Modules.LOCKING).execute(`tidewaiter-refund:${cart_id}`, async () => {
    const sold = await soldOrder(container, input.order_id);
    const { back, returned } = computed(sold, input);
    if (MathBN.gt(back.total, 0)) {
      const payment_id = await paymentOf(container, input.order_id, back.total);
      await refundPaymentWorkflow(container).run({
        input: { payment_id, amount: MathBN.convert(back.total), note: input.note ?? 'Duty, tax and fees of returned goods', ...(input.created_by ? { created_by: input.created_by } : {}) },
      });
    }
    await serviceOf(container).keep(cart_id, { ...sold.stored, returned: [...sold.stored.returned, ...returned] });
    return back;
  }, { timeout: 10 });
}

function computed({ stored }: Sold, input: ReturnInput): { back: Refund; returned: Returned[] } {
  if (stored.snapshots.length === 0) throw wrong('Nothing was charged with this order');
  const returned = input.lines.map(({ item_id, quantity }) => {
    const line = stored.order_lines[item_id];
    if (line === undefined) throw wrong(`${item_id} is no line of this order that anything was charged for`);
    return { line, quantity };
  });
  try {
    const parts = stored.snapshots.map((taken) => {
      const ours = (list: readonly Returned[]) => list.filter(({ line }) => taken.lines.includes(line));
      return refund(taken, ours(returned), { already: ours(stored.returned), ...(input.keep ? { keep: input.keep } : {}) });
    });
    const back = parts.reduce((all, one) => ({
      ...all, charges: joined([...all.charges, ...one.charges]), total: add(all.total, one.total), left: add(all.left, one.left),
    }));
    return { back, returned };
  } catch (error) {
    if (error instanceof RangeError) throw wrong(error.message);
    throw error;
  }
}

interface Payment { id: string; canceled_at: unknown; captures?: { amount: BigNumberInput }[]; refunds?: { amount: BigNumberInput }[] }

/** The first payment of which enough was captured and is left. */
async function paymentOf(container: MedusaContainer, order_id: string, amount: string): Promise<string> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({
    entity: 'order', filters: { id: order_id },
    fields: ['payment_collections.payments.id', 'payment_collections.payments.canceled_at', 'payment_collections.payments.captures.amount', 'payment_collections.payments.refunds.amount'],
  });
  const { payment_collections = [] } = data[0] as unknown as { payment_collections?: { payments?: Payment[] }[] };
  const sumOf = (list: { amount: BigNumberInput }[] = []) => MathBN.sum(...list.map((one) => one.amount));
  const found = payment_collections.flatMap(({ payments = [] }) => payments)
    .find((payment) => !payment.canceled_at && MathBN.gte(MathBN.sub(sumOf(payment.captures), sumOf(payment.refunds)), amount));
  if (!found) throw new MedusaError(MedusaError.Types.NOT_ALLOWED, 'No captured payment of this order has enough left to pay back from');
  return found.id;
}
