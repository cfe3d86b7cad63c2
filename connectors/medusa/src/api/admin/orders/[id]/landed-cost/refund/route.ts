// What goes back with returned goods; with `preview` it is only said.
import type { AuthenticatedMedusaRequest, MedusaResponse } from '@medusajs/framework/http';
import { previewRefund, refundLandedCost } from '../../../../../../landed-cost/refund';
import type { RefundBody } from '../../../../../../landed-cost/bodies';

export async function POST(request: AuthenticatedMedusaRequest<RefundBody>, response: MedusaResponse): Promise<void> {
  const { preview, note, ...body } = request.validatedBody;
  const input = { ...body, order_id: request.params['id'] as string };
  const refund = preview
    ? await previewRefund(request.scope, input)
    : await refundLandedCost(request.scope, { ...input, note, created_by: request.auth_context?.actor_id });
  response.json({ refund });
}
