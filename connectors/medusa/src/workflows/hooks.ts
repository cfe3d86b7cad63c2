// Where Medusa lets others in. A hook takes one handler in the whole shop; a shop that has its own calls these functions from it.
import { completeCartWorkflow, refreshCartItemsWorkflow } from '@medusajs/medusa/core-flows';
import type { MedusaContainer } from '@medusajs/framework/types';
import { lastCheck, price } from '../landed-cost/price';

type With = { container: MedusaContainer };

/** For `refreshCartItemsWorkflow.hooks.beforeRefreshingPaymentCollection`: the end of each change of a cart, under its lock, before its payment follows. */
export async function priceCart({ input }: { input: { cart_id: string } }, { container }: With): Promise<void> {
  await price(container, input.cart_id);
}

/** For `completeCartWorkflow.hooks.validate`: throws where the cart is not what was quoted. */
export async function validateLandedCost({ cart }: { cart: { id: string } }, { container }: With): Promise<void> {
  await lastCheck(container, cart.id);
}

const HOOKS = [
  ['completeCartWorkflow.hooks.validate', 'validateLandedCost', () => completeCartWorkflow.hooks.validate(validateLandedCost as never)],
  ['refreshCartItemsWorkflow.hooks.beforeRefreshingPaymentCollection', 'priceCart', () => refreshCartItemsWorkflow.hooks.beforeRefreshingPaymentCollection(priceCart as never)],
] as const;

/** Takes the hooks that nobody has taken. Gives what to say about the others: `[hook, function of ours to call from it]`. */
export function takeHooks(): [hook: string, call: string][] {
  const taken: [string, string][] = [];
  for (const [hook, call, take] of HOOKS) {
    try {
      take();
    } catch (error) {
      if (!(error instanceof Error && /multiple hook handlers/.test(error.message))) throw error;
      taken.push([hook, call]);
    }
  }
  return taken;
}
