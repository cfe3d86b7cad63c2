// From an order to the question: what is sent where, at what price after discounts, with what freight.
import type { ID, Order, OrderLine, ProductVariant, ShippingLine } from '@vendure/core';
import type { Basket, Consignment, Item, Terms } from '@tidewaiter/client';
import type { VariantFields } from './custom-fields';
import { decimalOf } from './money';
import type { ShopFields } from './options';

/**
 * Lines that go: cancelled ones stay on the order with no pieces, and what is not sent crosses no border. In an order that does not depend on
 * how they were loaded.
 */
function linesOf(order: Order, variants: ReadonlyMap<string, ProductVariant>): OrderLine[] {
  const isSent = (line: OrderLine) => !(variants.get(String(line.productVariantId))?.customFields as VariantFields | undefined)?.notShipped;
  return order.lines.filter((line) => line.quantity > 0 && isSent(line)).sort(byId);
}

const byId = (one: { id: ID }, other: { id: ID }): number => String(one.id).localeCompare(String(other.id), 'en', { numeric: true });

/** The baskets of an order: one, or one for each shipping line where the shop divides orders among several. */
export function basketsOf(
  order: Order,
  terms: Terms | null,
  fields: ShopFields,
  variants: ReadonlyMap<string, ProductVariant>,
  precision: number,
): Basket[] {
  const shippingLines = [...(order.shippingLines ?? [])].sort(byId);
  const { countryCode, province, postalCode } = order.shippingAddress ?? {};
  const basketOf = (lines: OrderLine[], shipping: readonly ShippingLine[]): Basket => {
    // Free shipping and no shipping yet are the same question.
    const freight = shipping.reduce((sum, line) => sum + line.discountedPrice, 0);
    const consignment: Consignment = {
      ...fields,
      ...(countryCode ? { to: countryCode } : {}),
      ...(isCode(province) ? { region: province } : {}),
      // Some places have rules of their own and yet the address of a state.
      ...(postalCode ? { postcode: postalCode } : {}),
      currency: order.currencyCode,
      ...(freight === 0 ? {} : { freight: decimalOf(freight, precision) }),
      items: lines.map((line) => itemOf(line, variants.get(String(line.productVariantId)), precision)),
    };
    return { consignment, terms, lines: lines.map((line) => String(line.id)) };
  };
  const all = linesOf(order, variants);
  if (shippingLines.length < 2) return [basketOf(all, shippingLines)];
  const parcels = shippingLines.map((shipping) => basketOf(all.filter((line) => String(line.shippingLineId) === String(shipping.id)), [shipping]));
  const rest = all.filter((line) => !shippingLines.some((shipping) => String(line.shippingLineId) === String(shipping.id)));
  const found = [...parcels.filter(({ lines }) => lines.length > 0), ...(rest.length > 0 ? [basketOf(rest, [])] : [])];
  return found.length > 0 ? found : [basketOf([], shippingLines)];
}

/** "NY" is a code of a region; "New York" is not, and the engine then asks where it matters. */
function isCode(province: string | null | undefined): province is string {
  return typeof province === 'string' && /^[A-Za-z0-9]{1,3}$/.test(province);
}

function itemOf(line: OrderLine, variant: ProductVariant | undefined, precision: number): Item {
  // The price without taxes, and all discounts apart, so that no fraction of a unit is lost in dividing.
  const each = Math.max(line.unitPrice, Math.ceil(line.proratedLinePrice / line.quantity));
  const discount = each * line.quantity - line.proratedLinePrice;
  return {
    ...goodsOf(variant),
    quantity: line.quantity,
    price: decimalOf(each, precision),
    ...(discount === 0 ? {} : { discount: decimalOf(discount, precision) }),
  };
}

/** What the shop knows about the goods themselves. What it does not know is left out, and asked for. */
export function goodsOf(variant: ProductVariant | undefined): Partial<Item> {
  const { goodsCode, originCountry, weightGrams } = (variant?.customFields ?? {}) as VariantFields;
  return {
    ...(variant?.sku ? { description: variant.sku } : {}),
    ...(goodsCode ? { code: goodsCode } : {}),
    ...(originCountry ? { origin: originCountry } : {}),
    ...(weightGrams == null ? {} : { weight_kg: decimalOf(weightGrams, 3) }),
  };
}
