// What is stored on an order: what was charged and why, so that it can be shown, checked and refunded without asking again.
import type { Answer, Charge, State } from './answer';
import type { Basket, Consignment, Terms } from './basket';
import { examine } from './basket';
import { canonical } from './canonical';
import { fingerprint, sha256 } from './fingerprint';

export interface Snapshot {
  version: 1;
  fingerprint: string;
  terms: Terms | null;
  state: State;
  outcome?: string;
  charges: Charge[];
  total?: string;
  currency: string;
  editions: unknown[];
  ratebook?: string;
  asked_at: string;
  date?: string;
  data_age_days?: number;
  why?: string;
  consignment: Consignment;
  lines: string[];
  /** SHA-256 of the canonical JSON of the whole quote. */
  quote_sha256?: string;
}

/** What to store on the order of this answer. It is plain JSON. */
export function snapshot(answer: Answer): Snapshot {
  const kept = { ...pick(answer, ['outcome', 'total', 'ratebook', 'date', 'data_age_days', 'why']) };
  return structuredClone({
    version: 1 as const,
    fingerprint: answer.fingerprint,
    terms: answer.terms,
    state: answer.state,
    charges: answer.charges,
    currency: answer.currency,
    editions: answer.editions,
    asked_at: answer.asked_at,
    consignment: answer.basket.consignment,
    lines: [...answer.basket.lines],
    ...kept,
    ...(answer.quote === undefined ? {} : { quote_sha256: sha256(canonical(answer.quote)) }),
  });
}

function pick<Key extends keyof Answer>(answer: Answer, keys: readonly Key[]): Partial<Pick<Answer, Key>> {
  return Object.fromEntries(keys.filter((key) => answer[key] !== undefined).map((key) => [key, answer[key]])) as Partial<Pick<Answer, Key>>;
}

export interface Check {
  /** Whether the order about to be paid is the one that was quoted. */
  same: boolean;
  fingerprint: string;
  /** Fields of the basket that are not as they were: "consignment.items[0].quantity". */
  changed: string[];
}

/** The last check before payment: is this basket still the one that the snapshot was taken of? */
export function check(taken: Snapshot, basket: Basket): Check {
  examine(basket);
  const now = fingerprint(basket);
  const same = now === taken.fingerprint;
  if (same) return { same, fingerprint: now, changed: [] };
  const changed: string[] = [];
  compare(taken.terms, basket.terms ?? null, 'terms', changed);
  compare(taken.consignment, basket.consignment, 'consignment', changed);
  return { same, fingerprint: now, changed };
}

function compare(before: unknown, after: unknown, at: string, changed: string[]): void {
  const isHolder = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  if (isHolder(before) && isHolder(after) && Array.isArray(before) === Array.isArray(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[key], after[key], Array.isArray(before) ? `${at}[${key}]` : `${at}.${key}`, changed);
    }
  } else if (before !== after) {
    changed.push(at);
  }
}
