// The Admin API of the shop that shows this page.
import Medusa from '@medusajs/js-sdk';

export const sdk = new Medusa({ baseUrl: __BACKEND_URL__ || '/', auth: { type: __AUTH_TYPE__ ?? 'session', ...(__JWT_TOKEN_STORAGE_KEY__ ? { jwtTokenStorageKey: __JWT_TOKEN_STORAGE_KEY__ } : {}) } });

declare const __BACKEND_URL__: string | undefined;
declare const __AUTH_TYPE__: 'session' | 'jwt' | undefined;
declare const __JWT_TOKEN_STORAGE_KEY__: string | undefined;

export interface Charge { key: string; name: string; class: 'duty' | 'tax' | 'fee'; amount: string; collected_by: 'seller' | 'border'; per_line: Record<string, string> }

export interface LandedCost {
  terms: 'ddp' | 'dap' | null;
  state: string;
  outcome: string | null;
  charges: Charge[];
  total: string | null;
  currency_code: string;
  on_delivery: { least: string; most?: string } | null;
  notice: string | null;
  messages: string[];
  warnings: string[];
  assumptions: string[];
  why: string | null;
  date: string | null;
  asked_at: string | null;
  editions: { authority: string; number: number; sha256: string }[];
  ratebook: string | null;
  quote_sha256: string[];
  fingerprints: string[];
  returned: { item_id: string; quantity: number }[];
}

export interface Suggestion { code: string; title: string; percent: number }

export interface Lacking {
  product_id: string;
  variant_id: string;
  sku: string | null;
  name: string;
  lacks: ('hs_code' | 'origin_country' | 'weight')[];
  says: string;
  /** `null`: the finder was not asked. */
  suggestions: Suggestion[] | null;
}
