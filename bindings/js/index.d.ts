// The question and the answer are documents of docs/formats/documents.md; here are the fields that most programs read.

/** An exact decimal as text, such as "12.50". A whole number may be a JSON number in a question. */
export type Amount = string;
/** A day as text: "2026-11-22". */
export type Day = string;

export interface Item {
  description?: string;
  code?: string;
  origin?: string;
  quantity?: Amount | number;
  price: Amount | number;
  discount?: Amount | number;
  weight_kg?: Amount | number;
  quantities?: Record<string, Amount | number>;
  tax_class?: string;
  duty_rate?: Amount | number;
  claims?: { program: string; proof?: string }[];
  documents?: string[];
}

export interface Consignment {
  from?: string;
  to: string;
  region?: string;
  date?: Day;
  known_at?: Day;
  currency: string;
  items: Item[];
  freight?: Amount | number;
  insurance?: Amount | number;
  discount?: Amount | number;
  channel?: 'post' | 'express' | 'freight';
  sale?: 'b2c' | 'b2b' | 'c2c';
  seller?: { territory?: string; registrations?: string[] };
  buyer?: { registered?: boolean };
  facts?: Record<string, boolean>;
  rates?: { from: string; to: string; rate: Amount | number }[];
  [field: string]: unknown;
}

/** A sum in the currency of the economy and of the question. Without `most` no upper limit is known. */
export interface Sum {
  least: Amount;
  most?: Amount;
  least_asked: Amount;
  most_asked?: Amount;
}

export interface Quote {
  version: number;
  outcome: 'amount' | 'range' | 'unknown' | 'formal-entry' | 'not-allowed' | 'prohibited';
  to: string;
  date: Day;
  currency: string;
  asked_currency: string;
  total: Sum;
  terms: { seller: Sum; border: Sum; checkout_ddp: Sum; checkout_dap: Sum; on_delivery_dap: Sum };
  charges?: { key: string; name: string; kind: string; sum: Sum; [field: string]: unknown }[];
  missing?: { fact: string; item?: number; question: string; narrows_by?: Amount }[];
  messages?: string[];
  warnings?: string[];
  assumptions?: string[];
  ratebook: string;
  [field: string]: unknown;
}

export interface Problem {
  field: string;
  value: string;
  message: string;
}

export declare class QuestionError extends Error {
  readonly problems: Problem[];
}

export interface Slice {
  of: string;
  destinations: string[];
  rates_since: Day;
}

export declare class Book {
  private constructor();
  static open(bytes: Uint8Array | ArrayBuffer, module: WebAssembly.Module): Promise<Book>;
  readonly fingerprint: string;
  readonly slice: Slice | null;
  readonly data_days: { edition: Day | null; rate: Day | null };
  readonly data_day: Day | null;
  data_age_days(on?: Day): number | null;
  /** @throws QuestionError */
  quote(consignment: Consignment | string, options?: { steps?: boolean; today?: Day }): Quote;
  /** @throws QuestionError */
  quote_text(consignment: Consignment | string, options?: { steps?: boolean; today?: Day }): string;
  /** @throws QuestionError */
  plan(consignment: Consignment | string, options?: { today?: Day }): Record<string, unknown>;
  economies(on?: Day): { code: string; name: string; currency: string; [field: string]: unknown }[];
  economy(code: string): Record<string, unknown> | null;
}

export interface Engine {
  name: 'offline';
  quote(consignment: Consignment, signal?: AbortSignal): Promise<Quote>;
  readonly data_age_days: number | null;
}

export declare const Tidewaiter: {
  open(
    bytes: Uint8Array | ArrayBuffer,
    options?: { wasm?: WebAssembly.Module | Uint8Array | ArrayBuffer },
  ): Promise<Book>;
};

export declare function engine(book: Book): Engine;
/** ESM only. */
export declare function today(): Day;
