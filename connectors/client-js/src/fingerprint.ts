// What tells one basket from another: a hash of everything that can change what is due.
import { createHash } from 'node:crypto';
import { canonical } from './canonical';
import type { Basket } from './basket';

/** SHA-256 in hexadecimal of a text. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/**
 * The fingerprint of a basket: SHA-256 of the canonical JSON of its terms and its question. The shop's own ids of the lines do
 * not count, for they change nothing that is due.
 */
export function fingerprint(basket: Pick<Basket, 'terms' | 'consignment'>): string {
  return sha256(canonical({ consignment: basket.consignment, terms: basket.terms ?? null, version: 1 }));
}
