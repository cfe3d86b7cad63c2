// Whether goods codes exist, as far as the engine knows. Nothing is changed.
import type { MedusaRequest, MedusaResponse } from '@medusajs/framework/http';
import { checkCodes } from '../../../../../landed-cost/catalogue';
import type { CheckBody } from '../../../../../landed-cost/bodies';

export async function POST(request: MedusaRequest<CheckBody>, response: MedusaResponse): Promise<void> {
  const codes = await checkCodes(request.scope, request.validatedBody.codes);
  response.json({ codes: codes.map(({ code, isKnown, says }) => ({ code, is_known: isKnown, says })) });
}
