// Goods came back, and duty, tax and fees went back with them.
import { VendureEvent, type Order, type RequestContext } from '@vendure/core';
import type { Refund } from '@tidewaiter/client';

export class LandedCostReturnedEvent extends VendureEvent {
  constructor(
    readonly ctx: RequestContext,
    readonly order: Order,
    /** What went back this time. */
    readonly back: Refund,
    /** Whether every piece of the order is back now, and nothing was kept of this return. */
    readonly isWhole: boolean,
  ) {
    super();
  }
}
