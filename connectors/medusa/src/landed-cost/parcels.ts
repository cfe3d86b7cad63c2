// What was asked about an order that may go in several parcels.
import type { Answer, Basket } from '@tidewaiter/client';

/** What was asked, and what came of it: together, and of each parcel. */
export interface Asked {
  together: Answer;
  parts: Answer[];
  baskets: Basket[];
}
