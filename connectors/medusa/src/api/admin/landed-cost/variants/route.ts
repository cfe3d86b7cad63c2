// Variants that lack a goods code, an origin or a weight, with the price of not knowing.
import { MedusaError } from '@medusajs/framework/utils';
import type { MedusaRequest, MedusaResponse } from '@medusajs/framework/http';
import { lacking } from '../../../../landed-cost/catalogue';

const MOST = 100;

export async function GET(request: MedusaRequest, response: MedusaResponse): Promise<void> {
  const { to, offset, limit } = request.query as Record<string, string | undefined>;
  if (!to || !/^[A-Za-z]{2}$/.test(to)) throw new MedusaError(MedusaError.Types.INVALID_DATA, 'to: name the destination by its code of two letters, as to=NL');
  const skip = wholeNumber('offset', offset, 0);
  const take = Math.min(wholeNumber('limit', limit, 20), MOST);
  const { variants, count } = await lacking(request.scope, { to, skip, take });
  response.json({ variants, count, offset: skip, limit: take });
}

function wholeNumber(name: string, value: string | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(value)) throw new MedusaError(MedusaError.Types.INVALID_DATA, `${name}: ${value} is no whole number`);
  return Number(value);
}
