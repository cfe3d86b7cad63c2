// The landed cost of an order: that of the cart that it was.
import { ContainerRegistrationKeys, MedusaError } from '@medusajs/framework/utils';
import type { BigNumberInput, MedusaContainer } from '@medusajs/framework/types';
import { serviceOf } from './price';
import { isOurs, type Cart } from './cart';
import { text } from './money';
import type { Stored } from './stored';

interface Line { id: string; variant_id: string | null; variant_sku: string | null; quantity: BigNumberInput; unit_price: BigNumberInput }

/** Lines of a cart and of its order that are alike in this are alike in all that was quoted. */
const likeness = (line: Line): string => [line.variant_id, text(line.quantity), text(line.unit_price)].join(' ');

export interface Sold {
  cart_id: string;
  stored: Stored & { order_lines: Record<string, string> };
}

/** What was quoted for an order, with its own lines; noted at the sale, and by the first who asks where that failed. */
export async function linesOfOrder(container: MedusaContainer, order_id: string): Promise<Sold | undefined> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data: links } = await query.graph({ entity: 'order_cart', fields: ['cart_id'], filters: { order_id } });
  const cart_id = (links[0] as { cart_id?: string } | undefined)?.cart_id;
  const service = serviceOf(container);
  const stored = cart_id ? await service.read(cart_id) : undefined;
  if (!cart_id || !stored) return undefined;
  if (stored.order_lines) return { cart_id, stored: { ...stored, order_lines: stored.order_lines } };

  const [{ data: carts }, { data: orders }] = await Promise.all([
    query.graph({ entity: 'cart', fields: ['id', 'items.*'], filters: { id: cart_id } }),
    // Medusa keeps quantities of an order apart from its lines.
    query.graph({ entity: 'order', fields: ['id', 'items.*', 'items.detail.*'], filters: { id: order_id } }),
  ]);
  const quoted = new Set(stored.snapshots.flatMap(({ lines }) => lines));
  const left = ((carts[0] as unknown as Cart | undefined)?.items ?? []).filter(({ id }) => quoted.has(id));
  const order_lines: Record<string, string> = {};
  for (const line of ((orders[0] as unknown as { items?: Line[] } | undefined)?.items ?? []).filter((item) => !isOurs(item))) {
    const at = left.findIndex((one) => likeness(one as Line) === likeness(line));
    if (at >= 0) order_lines[line.id] = left.splice(at, 1)[0]?.id as string;
  }
  const whole = { ...stored, order_lines };
  // Lines that were not found would be lost for good.
  if (left.length === 0) await service.keep(cart_id, whole);
  return { cart_id, stored: whole };
}

export async function soldOrder(container: MedusaContainer, order_id: string): Promise<Sold> {
  const sold = await linesOfOrder(container, order_id);
  if (!sold) throw new MedusaError(MedusaError.Types.NOT_FOUND, `Nothing was quoted for the order ${order_id}`);
  return sold;
}
