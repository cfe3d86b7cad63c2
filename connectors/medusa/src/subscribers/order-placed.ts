// Medusa reads subscribers after all workflows of the shop, in servers and workers alike: the place to take the hooks that the shop has left free.
import { ContainerRegistrationKeys } from '@medusajs/framework/utils';
import type { SubscriberArgs, SubscriberConfig } from '@medusajs/framework';
import { linesOfOrder } from '../landed-cost/order';
import { takeHooks } from '../workflows/hooks';

for (const [hook, call] of takeHooks()) {
  console.warn(`tidewaiter: the shop has its own handler of ${hook}; call ${call} of @tidewaiter/medusa-plugin/workflows from it`);
}

/** Notes which line of the order was which of the cart, while both are as they were sold. */
export default async function orderPlaced({ event, container }: SubscriberArgs<{ id: string }>): Promise<void> {
  try {
    await linesOfOrder(container, event.data.id);
  } catch (error) {
    container.resolve(ContainerRegistrationKeys.LOGGER).error(`tidewaiter: order ${event.data.id}: ${(error as Error).message}`);
  }
}

export const config: SubscriberConfig = { event: 'order.placed' };
