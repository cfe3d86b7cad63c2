// Charges as rows of the cart: one line item of an exact amount for each charge, without variant, discount or tax.
import { Modules } from '@medusajs/framework/utils';
import type { MedusaContainer } from '@medusajs/framework/types';
import type { Charge } from '@tidewaiter/client';
import { isOurs, skuOf, type Cart, type CartItem } from './cart';
import { isSame } from './money';

const rowOf = (charge: Charge) => ({
  title: charge.name,
  quantity: 1,
  unit_price: charge.amount,
  variant_sku: skuOf(charge),
  is_custom_price: true,
  is_tax_inclusive: false,
  // Duty is no turnover: a discount of ten percent must not take ten percent of it.
  is_discountable: false,
  requires_shipping: false,
  metadata: { landed_cost: { key: charge.key, class: charge.class, collected_by: charge.collected_by } },
});

/** Makes the rows of the cart those of the charges. Gives whether anything was not so before. */
export async function place(container: MedusaContainer, cart: Cart, charges: readonly Charge[]): Promise<boolean> {
  const module = container.resolve(Modules.CART);
  const wanted = new Map(charges.map((charge) => [skuOf(charge), rowOf(charge)]));
  const there = new Map<string, CartItem>();
  const gone: string[] = [];
  for (const item of cart.items.filter(isOurs)) {
    const sku = item.variant_sku as string;
    if (wanted.has(sku) && !there.has(sku)) there.set(sku, item);
    else gone.push(item.id);
  }
  const fresh = [...wanted].filter(([sku]) => !there.has(sku)).map(([, row]) => row);
  const changed = [...there].filter(([sku, item]) => !isLike(item, wanted.get(sku) as ReturnType<typeof rowOf>));
  // A tax provider is asked about all lines, ours too. Tax on duty is in the quote already.
  const taxed = [...there.values()].flatMap((item) => (item.tax_lines ?? []).map(({ id }) => id));
  const discounted = [...there.values()].flatMap((item) => (item.adjustments ?? []).map(({ id }) => id));
  if (gone.length > 0) await module.deleteLineItems(gone);
  if (taxed.length > 0) await module.deleteLineItemTaxLines(taxed);
  if (discounted.length > 0) await module.deleteLineItemAdjustments(discounted);
  for (const [sku, item] of changed) await module.updateLineItems(item.id, wanted.get(sku) as never);
  if (fresh.length > 0) await module.addLineItems(cart.id, fresh);
  return gone.length + fresh.length + changed.length + taxed.length + discounted.length > 0;
}

/** Whether the rows are those of the charges, to the last field that money depends on. */
export function isPlaced(cart: Cart, charges: readonly Charge[]): boolean {
  const rows = cart.items.filter(isOurs);
  return rows.length === charges.length && charges.every((charge) => {
    const row = rows.find((item) => item.variant_sku === skuOf(charge));
    return row !== undefined && isLike(row, rowOf(charge)) && isSame(row.total, charge.amount);
  });
}

function isLike(item: CartItem, row: ReturnType<typeof rowOf>): boolean {
  return isSame(item.unit_price, row.unit_price) && isSame(item.quantity, 1) && item.title === row.title
    && item.is_custom_price && !item.is_discountable && !item.requires_shipping
    && JSON.stringify(sorted(item.metadata?.['landed_cost'])) === JSON.stringify(sorted(row.metadata.landed_cost));
}

/** The database gives the keys of an object in an order of its own. */
const sorted = (value: unknown) => (typeof value === 'object' && value !== null ? Object.entries(value).sort() : value);
