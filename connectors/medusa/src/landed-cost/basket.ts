// From a cart to the question: what is sent where, at what price after discounts, with what freight.
import { decimals, type Basket, type Consignment, type Item, type Terms } from '@tidewaiter/client';
import { MathBN } from '@medusajs/framework/utils';
import { linesOf, methodsOf, type Cart, type CartItem, type Goods, type ShippingMethod } from './cart';
import { divided, rounded, sum, text } from './money';
import type { ShopFields, TidewaiterOptions } from './options';

export type WeightUnit = NonNullable<TidewaiterOptions['weight_unit']>;

/** The baskets of a cart: one, or one for each shipping method where goods of several shipping profiles go in parcels of their own. */
export function basketsOf(cart: Cart, terms: Terms | null, fields: ShopFields, unit: WeightUnit): Basket[] {
  const currency = cart.currency_code.toUpperCase();
  const places = decimals(currency);
  const { country_code, province, postal_code } = cart.shipping_address ?? {};
  const basketOf = (lines: CartItem[], methods: readonly ShippingMethod[]): Basket => {
    // Free shipping and no shipping yet are the same question.
    const freight = sum(methods.map((method) => rounded(MathBN.sub(method.total, method.tax_total), places)));
    const consignment: Consignment = {
      ...fields,
      ...(country_code ? { to: country_code.toUpperCase() } : {}),
      ...regionOf(province, country_code),
      // Some places have rules of their own and yet the address of a state.
      ...(postal_code ? { postcode: postal_code } : {}),
      currency,
      ...(freight === '0' ? {} : { freight }),
      items: lines.map((line) => itemOf(line, unit, places)),
    };
    return { consignment, terms, lines: lines.map((line) => line.id) };
  };
  const all = linesOf(cart);
  const methods = methodsOf(cart);
  if (methods.length < 2) return [basketOf(all, methods)];
  const profileOf = (line: CartItem) => line.variant?.product?.shipping_profile?.id;
  const goesWith = (line: CartItem) => methods.find((method) => method.shipping_option?.shipping_profile_id === profileOf(line)) ?? methods[0];
  const parcels = methods.map((method) => basketOf(all.filter((line) => goesWith(line) === method), [method]));
  const full = parcels.filter(({ lines }) => lines.length > 0);
  return full.length > 0 ? full : [basketOf(all, methods)];
}

/** "NY" and "us-ny" are codes of a region; "New York" is not, and the engine then asks where it matters. */
function regionOf(province: string | null | undefined, country: string | null | undefined): { region?: string } {
  const code = (province ?? '').replace(new RegExp(`^${country ?? ''}-`, 'i'), '');
  return /^[A-Za-z0-9]{1,3}$/.test(code) ? { region: code.toUpperCase() } : {};
}

function itemOf(line: CartItem, unit: WeightUnit, places: number): Item {
  // The price without taxes, and all discounts apart.
  const total = rounded(MathBN.sub(line.total, line.tax_total), places);
  const least = line.tax_lines?.length ? '0' : rounded(line.unit_price, places);
  return {
    ...goodsOf(line.variant, unit),
    ...(line.variant_sku ? { description: line.variant_sku } : {}),
    quantity: text(line.quantity),
    ...divided(total, least, line.quantity, places),
  };
}

/** What the shop knows about the goods themselves: the variant's own, or else its product's. What it does not know is left out, and asked for. */
export function goodsOf(variant: (Goods & { product?: Goods }) | null | undefined, unit: WeightUnit): Partial<Item> {
  const known = <Key extends keyof Goods>(key: Key): Goods[Key] => variant?.[key] || variant?.product?.[key];
  const [code, origin, weight] = [known('hs_code'), known('origin_country'), known('weight')];
  return {
    ...(code ? { code } : {}),
    ...(origin ? { origin: origin.toUpperCase() } : {}),
    ...(weight ? { weight_kg: text(unit === 'kg' ? weight : MathBN.div(weight, 1000)) } : {}),
  };
}
