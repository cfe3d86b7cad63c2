// Puts what is due on a cart, from outside of the workflows that change it: where time has passed, and after changes that Medusa makes without them.
import { createStep, createWorkflow, StepResponse, WorkflowResponse } from '@medusajs/framework/workflows-sdk';
import { acquireLockStep, refreshPaymentCollectionForCartWorkflow, releaseLockStep } from '@medusajs/medusa/core-flows';
import { price } from '../landed-cost/price';

const priceCartStep = createStep('tidewaiter-price-cart', async ({ cart_id }: { cart_id: string }, { container }) =>
  new StepResponse(await price(container, cart_id)));

export const refreshLandedCostWorkflow = createWorkflow({ name: 'tidewaiter-refresh-landed-cost', idempotent: false }, (input: { cart_id: string }) => {
  acquireLockStep({ key: input.cart_id, timeout: 2, ttl: 10 });
  const priced = priceCartStep(input);
  refreshPaymentCollectionForCartWorkflow.runAsStep({ input: { cart_id: input.cart_id } });
  releaseLockStep({ key: input.cart_id });
  return new WorkflowResponse(priced);
});
