// Delivery options: which terms can be had, and what a shop that sells on without an amount does with duty-paid delivery.
import { listShippingOptionsForCartWithPricingWorkflow } from '@medusajs/medusa/core-flows';
import { MathBN, Modules } from '@medusajs/framework/utils';
import type { BigNumberInput, MedusaContainer } from '@medusajs/framework/types';
import type { Terms } from '@tidewaiter/client';
import { readOptions, termsOf, type Cart } from './cart';
import type { TidewaiterService } from '../modules/tidewaiter/service';

/** Whether a delivery under these terms may be chosen for the cart as it stands. However many options there are, they live of one call. */
export async function isOffered(service: TidewaiterService, cart: Cart, terms: Terms | null): Promise<boolean> {
  if (terms === null) return true;
  // Of nothing, no amount can be said.
  if (cart.items.length === 0) return terms === 'dap';
  const { together: answer } = await service.ask(cart, terms);
  // Nothing was asked: at home duty-paid is no option; before there is an address, all are.
  if (answer.proceed === 'none') return terms === 'dap' || !cart.shipping_address?.country_code;
  return answer.proceed === terms;
}

interface Priced { id: string; name: string; shipping_profile_id: string; amount?: BigNumberInput | null; is_tax_inclusive?: boolean }

/** Each duty-paid delivery becomes the cheapest unpaid one for the same goods. Gives whether all could. */
export async function deliverUnpaid(container: MedusaContainer, cart: Cart): Promise<boolean> {
  const { result } = await listShippingOptionsForCartWithPricingWorkflow(container).run({ input: { cart_id: cart.id } });
  const listed = result as unknown as Priced[];
  const unpaid = new Set((await readOptions(container, listed.map(({ id }) => id))).filter((option) => termsOf(option) === 'dap').map(({ id }) => id));
  const options = listed.filter(({ id, amount }) => unpaid.has(id) && amount != null)
    .sort((one, other) => MathBN.sub(one.amount as BigNumberInput, other.amount as BigNumberInput).toNumber());
  const paid = cart.shipping_methods.filter((method) => termsOf(method.shipping_option) === 'ddp');
  const changes = paid.map((method) => ({ method, option: options.find((one) => one.shipping_profile_id === method.shipping_option?.shipping_profile_id) }));
  if (changes.some(({ option }) => option === undefined)) return false;
  const module = container.resolve(Modules.CART);
  await module.deleteShippingMethods(paid.map(({ id }) => id));
  await module.addShippingMethods(cart.id, changes.map(({ option }) => {
    const { id, name, amount, is_tax_inclusive } = option as Priced;
    return { cart_id: cart.id, shipping_option_id: id, name, amount: amount as BigNumberInput, is_tax_inclusive: is_tax_inclusive ?? false, data: {} };
  }));
  return true;
}
