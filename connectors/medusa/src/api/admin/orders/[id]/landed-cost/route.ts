// What was charged with an order, and why.
import type { MedusaRequest, MedusaResponse } from '@medusajs/framework/http';
import { soldOrder } from '../../../../../landed-cost/order';
import { wholeViewOf } from '../../../../../landed-cost/view';

export async function GET(request: MedusaRequest, response: MedusaResponse): Promise<void> {
  const { stored } = await soldOrder(request.scope, request.params['id'] as string);
  response.json({ landed_cost: wholeViewOf(stored) });
}
