// Orders into the seller's ledger: what was sold, as its snapshots say it, and what came back. The service quotes each parcel anew by the law of the sale.
import type { Problem } from './answer';
import type { Consignment, Terms } from './basket';
import { DocumentError } from './canonical';
import * as decimal from './decimal';
import { EngineFailure } from './failure';
import { documentOf, poster, problemsOf, type Post } from './http';
import type { Snapshot } from './snapshot';

/** An order as the ledger takes it. */
export interface OrderDocument {
  /** The shop's number of the order. */
  document: string;
  /** The day of the order: "2026-10-05". */
  date: string;
  terms: Terms;
  /** The question of each parcel. */
  parcels: Consignment[];
  /** Duty, tax and fees that the buyer was charged for at checkout, in the currency of the order; absent where they are not known exactly. */
  charged?: string;
}

/** All of an order came back. */
export interface WholeRefund {
  /** A number of its own. */
  document: string;
  /** The day the money went back. */
  date: string;
  /** The number of the order. */
  of: string;
}

/**
 * What the ledger said. `recorded`: it has them all; those it had before are `known`. `refused`: for good, sending the same again changes nothing.
 * `later`: send the same again, not before `retry_after_s` where that is told.
 */
export type Entered =
  | { state: 'recorded'; recorded: number; known: number }
  | { state: 'refused'; status: number; message: string; problems: Problem[] }
  | { state: 'later'; message: string; retry_after_s?: number };

export interface BooksOptions {
  /** Where the house of sellers is: "https://duties.example". The path of the API is added. */
  url: string;
  /** The seller's short name there: "mug-shop". */
  seller: string;
  /** A token of the seller, `twc_…`. */
  token: string;
  /** Another `fetch`, for a proxy or a test. */
  fetch?: typeof globalThis.fetch;
  /** For one call, in milliseconds. Default: 30 seconds, for many orders may be sent at once. */
  timeout_ms?: number;
}

const MOST_ORDERS = 1000;
const MOST_ANSWER_BYTES = 1024 * 1024;
const MOST_PROBLEMS = 100;
const LONGEST_MESSAGE = 500;
const TIMEOUT_MS = 30_000;
/** What a quote stands behind, and not only a question. */
const ANSWERED = ['quoted', 'stale', 'offline'];

/** The document of an order from the snapshots of all its parcels. Throws a `DocumentError` where the order cannot be recorded, with the reason. */
export function orderDocument(document: string, date: string, snapshots: readonly Snapshot[]): OrderDocument {
  const wrong = (reason: string) => new DocumentError(`order ${document}: ${reason}`);
  if (typeof document !== 'string' || document.trim() === '') throw new DocumentError('document: give the number of the order');
  if (!isDay(date)) throw wrong(`${JSON.stringify(date)} is no day; write it as in "2026-10-05"`);
  const [first] = snapshots;
  const unanswered = snapshots.filter(({ state }) => !ANSWERED.includes(state));
  if (first === undefined || unanswered.length === snapshots.length) throw wrong('no quote stands on it, so it cannot be recorded');
  if (unanswered.length > 0) throw wrong(`${unanswered.length} of its ${snapshots.length} parcels have no quote, so it cannot be recorded`);
  const { terms, currency } = first;
  if (terms !== 'ddp' && terms !== 'dap') throw wrong('it has no delivery terms, so it cannot be recorded');
  if (snapshots.some((one) => one.terms !== terms)) throw wrong('its parcels go under different terms');
  if (snapshots.some((one) => one.currency !== currency)) throw wrong('its parcels are in different currencies');
  const totals = snapshots.flatMap(({ total }) => total ?? []);
  return {
    document, date, terms,
    // The law of the quote: an order that was quoted before midnight may be paid after it.
    parcels: snapshots.map(({ consignment, date: law }) => ({ ...(law === undefined ? {} : { date: law }), ...without(consignment, 'date') })),
    ...(totals.length === snapshots.length ? { charged: decimal.sum(totals) } : {}),
  };
}

/** Without a field that holds nothing. */
function without(consignment: Consignment, field: string): Consignment {
  if (consignment[field] != null) return consignment;
  const { [field]: _, ...rest } = consignment;
  return rest as Consignment;
}

function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** A seller's short name. */
export const isSeller = (name: unknown): name is string => typeof name === 'string' && /^[a-z0-9-]{1,64}$/.test(name);
/** What a seller's token looks like. */
export const isToken = (text: unknown): text is string => typeof text === 'string' && /^twc_[\x21-\x7e]+$/.test(text);

/** The ledger of a seller, in a house of sellers and authorities (`tidewaiter serve --collect`). */
export class Books {
  private readonly orders: Post;
  private readonly events: Post;
  private readonly timeout_ms: number;

  constructor({ url, seller, token, fetch, timeout_ms = TIMEOUT_MS }: BooksOptions) {
    if (!isSeller(seller)) throw new TypeError(`seller: ${JSON.stringify(seller)} is no short name of a seller; it has small letters, digits and hyphens`);
    // It is not told what was given: it goes into logs.
    if (!isToken(token)) throw new TypeError('token: it is no token of a seller; give the text that begins with twc_');
    if (!(timeout_ms > 0)) throw new TypeError(`timeout_ms: ${timeout_ms} is not above 0`);
    const path = `/v1/collect/sellers/${seller}`;
    this.orders = poster(url, `${path}/orders`, token, fetch);
    this.events = poster(url, `${path}/events`, token, fetch);
    this.timeout_ms = timeout_ms;
  }

  /** Records orders, 1 to 1000 at once: all of them or none. One that is there already is known, so sending again is harmless. */
  async record(orders: readonly OrderDocument[]): Promise<Entered> {
    return this.enter(this.orders, orders);
  }

  /** Takes back all that is left of orders. They must be recorded. */
  async refundAll(refunds: readonly WholeRefund[]): Promise<Entered> {
    return this.enter(this.events, refunds.map(({ document, date, of }) => ({ kind: 'refund', document, date, of, all: true })));
  }

  private async enter(post: Post, documents: readonly unknown[]): Promise<Entered> {
    if (documents.length === 0 || documents.length > MOST_ORDERS) throw new DocumentError(`${documents.length} documents: send 1 to ${MOST_ORDERS} at once`);
    const signal = AbortSignal.timeout(this.timeout_ms);
    try {
      const response = await post(documents, signal);
      const { status } = response;
      if (status === 200) return counted(await documentOf(response, MOST_ANSWER_BYTES, signal), documents.length);
      if (status < 400 || status >= 500 || status === 408 || status === 429) {
        await response.body?.cancel().catch(() => undefined);
        return { state: 'later', message: `http ${status}`, ...waitOf(response.headers.get('retry-after')) };
      }
      // Also without a document that can be read: the status alone says it.
      return refused(status, await documentOf(response, MOST_ANSWER_BYTES, signal).catch(() => undefined));
    } catch (error) {
      if (error instanceof EngineFailure) return { state: 'later', message: error.detail };
      throw error;
    }
  }
}

/** What does not count every document is no answer of a ledger. Whether they are recorded is then not known, so they are sent again. */
function counted(answer: unknown, sent: number): Entered {
  const { recorded, known } = (answer ?? {}) as { recorded?: unknown; known?: unknown };
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (isCount(recorded) && isCount(known) && recorded + known === sent) return { state: 'recorded', recorded, known };
  return { state: 'later', message: `the answer does not tell of ${sent} documents what was recorded and what was known` };
}

function refused(status: number, document: unknown): Entered {
  const { title, detail } = (document ?? {}) as { title?: unknown; detail?: unknown };
  const said = [detail, title].find((text) => typeof text === 'string' && text !== '');
  const problems = problemsOf(document).slice(0, MOST_PROBLEMS);
  return {
    state: 'refused', status, message: said === undefined ? `http ${status}` : short(said as string),
    problems: problems.map(({ field, value, message }) => ({ field: short(field), value: short(value), message: short(message) })),
  };
}

/** One line for a log, whoever wrote it. */
const short = (text: string): string => text.replace(/[\s\p{C}]+/gu, ' ').slice(0, LONGEST_MESSAGE);

/** Seconds, or a moment. */
function waitOf(header: string | null): { retry_after_s?: number } {
  if (header === null) return {};
  const wait_s = /^\d+$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - Date.now()) / 1000);
  return Number.isSafeInteger(wait_s) ? { retry_after_s: Math.max(wait_s, 0) } : {};
}
