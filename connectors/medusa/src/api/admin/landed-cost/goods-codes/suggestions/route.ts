// Asks the finder about products without a goods code. Nothing is assigned.
import type { MedusaRequest, MedusaResponse } from '@medusajs/framework/http';
import { suggest } from '../../../../../landed-cost/catalogue';
import type { SuggestBody } from '../../../../../landed-cost/bodies';

export async function POST(request: MedusaRequest<SuggestBody>, response: MedusaResponse): Promise<void> {
  response.json({ asked: await suggest(request.scope, request.validatedBody.limit) });
}
