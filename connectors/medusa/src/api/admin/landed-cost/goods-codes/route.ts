// Goods codes that a person confirmed.
import type { MedusaRequest, MedusaResponse } from '@medusajs/framework/http';
import { confirm } from '../../../../landed-cost/catalogue';
import type { CodesBody } from '../../../../landed-cost/bodies';

export async function POST(request: MedusaRequest<CodesBody>, response: MedusaResponse): Promise<void> {
  response.json({ assigned: await confirm(request.scope, request.validatedBody.codes) });
}
