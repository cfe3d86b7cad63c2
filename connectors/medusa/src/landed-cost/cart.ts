// A cart as far as duty depends on it: what goes where, for how much, and under which delivery terms.
import { ContainerRegistrationKeys } from '@medusajs/framework/utils';
import type { BigNumberInput, MedusaContainer } from '@medusajs/framework/types';
import type { Charge, Terms } from '@tidewaiter/client';

/** What customs want to know of goods; the variant's own, or else those of its product. */
export interface Goods {
  hs_code?: string | null;
  origin_country?: string | null;
  weight?: number | string | null;
}

export interface CartItem {
  id: string;
  title: string;
  variant_id: string | null;
  variant_sku: string | null;
  is_custom_price: boolean;
  is_discountable: boolean;
  requires_shipping: boolean;
  quantity: BigNumberInput;
  unit_price: BigNumberInput;
  total: BigNumberInput;
  tax_total: BigNumberInput;
  metadata: Record<string, unknown> | null;
  tax_lines?: { id: string; rate: number }[];
  adjustments?: { id: string }[];
  variant?: (Goods & { sku?: string | null; product?: Goods & { shipping_profile?: { id: string } } }) | null;
}

export interface ShippingMethod {
  id: string;
  name: string;
  shipping_option_id: string;
  total: BigNumberInput;
  tax_total: BigNumberInput;
  shipping_option?: ShippingOption | null;
}

export interface ShippingOption {
  id: string;
  shipping_profile_id: string;
  data?: Record<string, unknown> | null;
  type?: { code: string } | null;
  service_zone?: { fulfillment_set?: { type: string } | null } | null;
}

export interface Cart {
  id: string;
  currency_code: string;
  region_id: string;
  sales_channel_id: string;
  completed_at: string | Date | null;
  metadata: Record<string, unknown> | null;
  total: BigNumberInput;
  shipping_address?: { country_code?: string | null; province?: string | null; postal_code?: string | null } | null;
  items: CartItem[];
  shipping_methods: ShippingMethod[];
  payment_collection?: { id: string; amount: BigNumberInput; payment_sessions?: { id: string; status: string; amount: BigNumberInput }[] } | null;
}

const OPTION = ['id', 'shipping_profile_id', 'data', 'type.code', 'service_zone.fulfillment_set.type'];
const FIELDS = [
  'id', 'currency_code', 'region_id', 'sales_channel_id', 'completed_at', 'metadata', 'total',
  'shipping_address.country_code', 'shipping_address.province', 'shipping_address.postal_code',
  'items.*', 'items.total', 'items.tax_total', 'items.tax_lines.*', 'items.adjustments.*',
  'items.variant.id', 'items.variant.sku', 'items.variant.hs_code', 'items.variant.origin_country', 'items.variant.weight',
  'items.variant.product.id', 'items.variant.product.hs_code', 'items.variant.product.origin_country', 'items.variant.product.weight',
  'items.variant.product.shipping_profile.id',
  'shipping_methods.*', 'shipping_methods.total', 'shipping_methods.tax_total', 'shipping_methods.tax_lines.*', 'shipping_methods.adjustments.*',
  ...OPTION.map((field) => `shipping_methods.shipping_option.${field}`),
  'payment_collection.id', 'payment_collection.amount', 'payment_collection.payment_sessions.id', 'payment_collection.payment_sessions.status',
  'payment_collection.payment_sessions.amount',
];

export async function readCart(container: MedusaContainer, id: string): Promise<Cart | undefined> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({ entity: 'cart', fields: FIELDS, filters: { id } });
  const cart = data[0] as unknown as Cart | undefined;
  return cart && { ...cart, items: cart.items ?? [], shipping_methods: cart.shipping_methods ?? [] };
}

export async function readOptions(container: MedusaContainer, ids: readonly string[]): Promise<ShippingOption[]> {
  if (ids.length === 0) return [];
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data } = await query.graph({ entity: 'shipping_option', fields: OPTION, filters: { id: [...ids] } });
  return data as unknown as ShippingOption[];
}

const OURS = 'landed-cost:';

/** "landed-cost:duty:border:eu.duty" */
export const skuOf = (charge: Charge): string => `${OURS}${charge.class}:${charge.collected_by}:${charge.key}`;

/** Rows of charges are told by what a buyer cannot write: they have no variant, and a number of ours. Metadata, a buyer may write. */
export const isOurs = (item: { variant_id?: string | null; variant_sku?: string | null }): boolean =>
  !item.variant_id && (item.variant_sku ?? '').startsWith(OURS);

/** Lines that go over a border. Medusa says of gift cards and downloads that they need no shipping. */
export const linesOf = (cart: Cart): CartItem[] => cart.items.filter((item) => !isOurs(item) && item.requires_shipping).sort(byId);

const byId = (one: { id: string }, other: { id: string }): number => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
export const methodsOf = (cart: Cart): ShippingMethod[] => [...cart.shipping_methods].sort(byId);

/**
 * The terms that a shipping option delivers under: its type has the code `ddp` or `dap`, or one that begins so, as `ddp-express`; or its data say so in
 * `terms`. An option that says nothing leaves duty to the buyer. Nothing is delivered where the buyer collects it.
 */
export function termsOf(option: ShippingOption | null | undefined): Terms | null {
  const found = /^(ddp|dap)(?:$|[-_ ])/i.exec(option?.type?.code ?? '')?.[1] ?? option?.data?.['terms'];
  if (found !== undefined && /^(ddp|dap)$/i.test(String(found))) return String(found).toLowerCase() as Terms;
  return option?.service_zone?.fulfillment_set?.type === 'pickup' ? null : 'dap';
}

/** `mixed`: parts of the order go under different terms, which is no order that can be charged as one. */
export type Chosen = Terms | 'mixed' | null;

/** The terms of the deliveries that are chosen. */
export function chosenOf(cart: Cart): Chosen {
  const found = new Set(cart.shipping_methods.map((method) => termsOf(method.shipping_option)));
  return found.size > 1 ? 'mixed' : [...found][0] ?? null;
}
