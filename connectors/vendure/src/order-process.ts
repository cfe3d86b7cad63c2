// The last check before payment.
import type { Injector, OrderProcess } from '@vendure/core';
import { LandedCostService } from './landed-cost.service';

let landedCost: LandedCostService;

export const landedCostProcess: OrderProcess<string> = {
  init(injector: Injector) {
    landedCost = injector.get(LandedCostService);
  },
  async onTransitionStart(fromState, toState, { ctx, order }) {
    if (toState === 'ArrangingPayment' && fromState !== 'ArrangingAdditionalPayment') return landedCost.lastCheck(ctx, order);
    // Changed by staff before anybody paid.
    if (fromState === 'Modifying' && toState === 'ArrangingAdditionalPayment' && (await landedCost.follows(ctx, order))) return landedCost.lastCheck(ctx, order);
    return undefined;
  },
};
