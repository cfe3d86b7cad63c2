// What is due, for the page before payment. GET tells what was computed at the last change; POST computes it again.
import { MedusaError } from '@medusajs/framework/utils';
import type { MedusaRequest, MedusaResponse } from '@medusajs/framework/http';
import { serviceOf } from '../../../../../landed-cost/price';
import { viewOf } from '../../../../../landed-cost/view';
import { refreshLandedCostWorkflow } from '../../../../../workflows/refresh-landed-cost';

export async function GET(request: MedusaRequest, response: MedusaResponse): Promise<void> {
  const stored = await serviceOf(request.scope).read(request.params['id'] as string);
  response.json({ landed_cost: stored ? viewOf(stored) : null });
}

export async function POST(request: MedusaRequest, response: MedusaResponse): Promise<void> {
  const cart_id = request.params['id'] as string;
  const { result } = await refreshLandedCostWorkflow(request.scope).run({ input: { cart_id } });
  if (!result) throw new MedusaError(MedusaError.Types.NOT_FOUND, `There is no open cart ${cart_id}`);
  response.json({ landed_cost: viewOf(result.stored) });
}
