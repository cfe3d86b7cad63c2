// Everything that a shop needs of this package.
export { Client, type ClientOptions } from './client';
export { httpEngine, type Engine, type HttpEngineOptions, type OfflineEngine } from './engine';
export { EngineFailure, type Why } from './failure';
export { fingerprint } from './fingerprint';
export { canonical, DocumentError } from './canonical';
export { snapshot, check, type Check, type Snapshot } from './snapshot';
export { refund, isAllBack, type Refund, type RefundOptions, type Returned } from './refund';
export { together, joined } from './parcels';
export { Books, orderDocument, type BooksOptions, type Entered, type OrderDocument, type WholeRefund } from './books';
export { decimals, shown } from './currency';
export type { Basket, Consignment, Item, Terms } from './basket';
export type { Answer, Bounds, Charge, ChargeClass, Missing, Policy, Problem, State } from './answer';
export type { Outcome, Quote, QuoteCharge, QuoteItem, Sum, Treatment } from './quote';
