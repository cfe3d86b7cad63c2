// What a shop imports.
export { TidewaiterPlugin } from './plugin';
export type { ShopFields, TidewaiterOptions } from './options';
export { LandedCostService } from './landed-cost.service';
export { LandedCostRefundService, type ReturnInput } from './refund.service';
export { CatalogueService, type CustomsData, type Lacking, type Suggestion } from './catalogue.service';
export { SetupService, type Registration, type Sale, type Setup } from './setup.service';
export { BooksService } from './books.service';
export { LandedCostReturnedEvent } from './returned-event';
export { deliveryTermsChecker, rateCalculator } from './delivery';
export { readStored, type Stored } from './stored';
export { RATE_CALCULATOR, TERMS_CHECKER } from './constants';
