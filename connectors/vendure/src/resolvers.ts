// The two APIs.
import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import {
  ActiveOrderService, Allow, Ctx, EntityNotFoundError, Order, OrderService, Permission, Transaction, type ID,
  RequestContext,
} from '@vendure/core';
import type { Refund } from '@tidewaiter/client';
import { CatalogueService, type CustomsData } from './catalogue.service';
import { LandedCostService } from './landed-cost.service';
import { LandedCostRefundService, type ReturnInput } from './refund.service';
import { readStored } from './stored';
import { SetupService } from './setup.service';
import { chargeOf, missingOf, setupView, viewOf } from './view';

@Resolver('Order')
export class OrderResolver {
  constructor(private landedCost: LandedCostService, private orders: OrderService) {}

  @ResolveField('landedCost')
  async landedCostOf(@Ctx() ctx: RequestContext, @Parent() order: Order) {
    // Some callers hold a part of the order only.
    const whole = order.customFields === undefined ? await this.orders.findOne(ctx, order.id) : order;
    const stored = whole && readStored(whole);
    return stored && viewOf(stored, this.landedCost.precision);
  }
}

@Resolver()
export class ShopResolver {
  constructor(private active: ActiveOrderService, private orders: OrderService, private landedCost: LandedCostService) {}

  @Transaction()
  @Mutation()
  @Allow(Permission.UpdateOrder, Permission.Owner)
  async refreshLandedCost(@Ctx() ctx: RequestContext) {
    const found = await this.active.getActiveOrder(ctx, undefined);
    const order = found && (await this.orders.findOne(ctx, found.id));
    if (!order) return undefined;
    // While it is being paid, what was shown stays.
    if (order.state === 'ArrangingPayment' || !this.landedCost.isOpen(order)) return order;
    return this.orders.applyPriceAdjustments(ctx, order);
  }
}

@Resolver()
export class AdminResolver {
  constructor(
    private orders: OrderService,
    private landedCostService: LandedCostService,
    private refunds: LandedCostRefundService,
    private catalogue: CatalogueService,
    private setups: SetupService,
  ) {}

  @Query()
  @Allow(Permission.ReadOrder)
  async landedCost(@Ctx() ctx: RequestContext, @Args() { orderId }: { orderId: ID }) {
    const order = await this.orders.findOne(ctx, orderId);
    if (!order) throw new EntityNotFoundError('Order', orderId);
    const stored = readStored(order);
    return stored && viewOf(stored, this.landedCostService.precision);
  }

  @Query()
  @Allow(Permission.ReadOrder)
  async landedCostRefund(@Ctx() ctx: RequestContext, @Args() { input }: { input: ReturnInput }) {
    return this.refundView(await this.refunds.preview(ctx, input));
  }

  @Transaction()
  @Mutation()
  @Allow(Permission.UpdateOrder)
  async refundLandedCost(@Ctx() ctx: RequestContext, @Args() { input }: { input: ReturnInput & { paymentId?: ID; reason?: string } }) {
    return this.refundView(await this.refunds.refund(ctx, input));
  }

  @Query()
  @Allow(Permission.ReadCatalog, Permission.ReadProduct)
  async variantsLackingCustomsData(@Ctx() ctx: RequestContext, @Args() { to, skip, take }: { to: string; skip?: number; take?: number }) {
    const { items, totalItems } = await this.catalogue.lacking(ctx, to, { skip: skip ?? 0, take: take ?? 20 });
    return { items: items.map((item) => ({ ...item, currencyCode: item.currency, missing: item.missing.map(missingOf) })), totalItems };
  }

  @Query()
  @Allow(Permission.ReadCatalog, Permission.ReadProduct)
  async checkGoodsCodes(@Args() { codes }: { codes: string[] }) {
    return this.catalogue.check(codes);
  }

  @Query()
  @Allow(Permission.ReadCatalog, Permission.ReadProduct)
  async landedCostSetup(@Ctx() ctx: RequestContext, @Args() { to, variantId, quantity }: { to: string; variantId?: ID; quantity?: number }) {
    return setupView(await this.setups.setup(ctx, { to, variantId, quantity }));
  }

  @Transaction()
  @Mutation()
  @Allow(Permission.UpdateCatalog, Permission.UpdateProduct)
  async suggestGoodsCodes(@Ctx() ctx: RequestContext, @Args() { take }: { take?: number }) {
    return (await this.catalogue.suggest(ctx, take ?? 50)).length;
  }

  @Transaction()
  @Mutation()
  @Allow(Permission.UpdateCatalog, Permission.UpdateProduct)
  async confirmGoodsCodes(@Ctx() ctx: RequestContext, @Args() { input }: { input: { variantId: ID; goodsCode: string }[] }) {
    return this.catalogue.confirm(ctx, input);
  }

  @Transaction()
  @Mutation()
  @Allow(Permission.UpdateCatalog, Permission.UpdateProduct)
  async setCustomsData(@Ctx() ctx: RequestContext, @Args() { input }: { input: CustomsData[] }) {
    return this.catalogue.set(ctx, input);
  }

  private refundView(back: Refund) {
    const precision = this.landedCostService.precision;
    return { charges: back.charges.map((charge) => chargeOf(charge, precision)), total: back.total, currencyCode: back.currency, left: back.left, date: back.date };
  }
}
