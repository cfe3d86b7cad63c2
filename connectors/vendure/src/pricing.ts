// Recalculation at every change. Vendure recomputes promotions, tax and shipping after each change of an order, and keeps surcharges as they
// are; it tells nobody when an address changes. All of these paths go through its OrderCalculator, so what is due is computed there.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Order, OrderCalculator } from '@vendure/core';
import { LandedCostService } from './landed-cost.service';
import { isOurs } from './surcharges';

@Injectable()
export class Pricing implements OnModuleInit {
  private static readonly underWay = new WeakSet<Order>();

  constructor(private calculator: OrderCalculator, private landedCost: LandedCostService) {}

  /** Whether the order is being recalculated now, and not only looked at. */
  static isUnderWay(order: Order): boolean {
    return Pricing.underWay.has(order);
  }

  onModuleInit(): void {
    const { calculator, landedCost } = this;
    const original = calculator.applyPriceAdjustments;
    if (typeof original !== 'function') throw new Error('This version of Vendure computes orders in another way: use a version that the plugin names');
    calculator.applyPriceAdjustments = async function (ctx, order, ...rest) {
      // Not an order: a trial of a shipping method in the admin. Or a part of one, which a seller fulfils.
      if (order.id === undefined || order.surcharges === undefined || order.type === 'Seller') return original.call(calculator, ctx, order, ...rest);
      // Duty is no turnover: a discount of ten percent must not take ten percent of it, nor may it reach a minimum order value.
      const all = order.surcharges;
      order.surcharges = all.filter((row) => !isOurs(row));
      Pricing.underWay.add(order);
      try {
        await original.call(calculator, ctx, order, ...rest);
        if (await landedCost.follows(ctx, order)) await landedCost.price(ctx, order, all.filter(isOurs));
        else order.surcharges = all;
      } catch (error) {
        order.surcharges = all;
        throw error;
      } finally {
        Pricing.underWay.delete(order);
      }
      calculator.calculateOrderTotals(order);
      return order;
    };
  }
}
