// Puts all of it together.
import { AddressBasedTaxZoneStrategy, DefaultTaxZoneStrategy, PluginCommonModule, VendurePlugin, type RuntimeVendureConfig, type Type } from '@vendure/core';
import { BooksService } from './books.service';
import { CatalogueService } from './catalogue.service';
import { OPTIONS } from './constants';
import { CUSTOM_FIELDS } from './custom-fields';
import { deliveryTermsChecker, rateCalculator } from './delivery';
import { DeliveryWatch } from './delivery-watch';
import { LandedCostService } from './landed-cost.service';
import { examineOptions, type TidewaiterOptions } from './options';
import { landedCostProcess } from './order-process';
import { Pricing } from './pricing';
import { LandedCostRefundService } from './refund.service';
import { AdminResolver, OrderResolver, ShopResolver } from './resolvers';
import { SetupService } from './setup.service';
import { ADMIN_SCHEMA, SHOP_SCHEMA } from './schema';

@VendurePlugin({
  compatibility: '^3.7.0',
  dashboard: '../dashboard/index.tsx',
  imports: [PluginCommonModule],
  providers: [
    { provide: OPTIONS, useFactory: () => TidewaiterPlugin.options },
    LandedCostService, Pricing, LandedCostRefundService, CatalogueService, SetupService, DeliveryWatch, BooksService,
  ],
  exports: [LandedCostService, LandedCostRefundService, CatalogueService, SetupService, BooksService],
  shopApiExtensions: { schema: SHOP_SCHEMA, resolvers: [OrderResolver, ShopResolver] },
  adminApiExtensions: { schema: ADMIN_SCHEMA, resolvers: [OrderResolver, AdminResolver] },
  configuration: configured,
})
export class TidewaiterPlugin {
  static options: TidewaiterOptions;

  static init(options: TidewaiterOptions): Type<TidewaiterPlugin> {
    examineOptions(options);
    this.options = options;
    return TidewaiterPlugin;
  }
}

function configured(config: RuntimeVendureConfig): RuntimeVendureConfig {
  // New lists, for the ones of Vendure's defaults are shared.
  const { customFields, shippingOptions, orderOptions } = config;
  for (const entity of ['ProductVariant', 'Order'] as const) customFields[entity] = [...(customFields[entity] ?? []), ...(CUSTOM_FIELDS[entity] ?? [])];
  shippingOptions.shippingEligibilityCheckers = [...(shippingOptions.shippingEligibilityCheckers ?? []), deliveryTermsChecker];
  shippingOptions.shippingCalculators = [...(shippingOptions.shippingCalculators ?? []), rateCalculator];
  orderOptions.process = [...orderOptions.process, landedCostProcess];
  // The default one taxes all the world like the shop's own country. One that the shop chose stays.
  if (config.taxOptions.taxZoneStrategy instanceof DefaultTaxZoneStrategy) config.taxOptions.taxZoneStrategy = new AddressBasedTaxZoneStrategy();
  return config;
}
