// Delivery options: a shipping method says by its checker under which terms it delivers, duty paid or duty unpaid.
import { LanguageCode, ShippingCalculator, ShippingEligibilityChecker, type Injector } from '@vendure/core';
import type { Terms } from '@tidewaiter/client';
import { RATE_CALCULATOR, TERMS_CHECKER } from './constants';
import { LandedCostService } from './landed-cost.service';
import { minorOf } from './money';
import { Pricing } from './pricing';

const text = (value: string) => [{ languageCode: LanguageCode.en, value }];

let landedCost: LandedCostService;

export const deliveryTermsChecker = new ShippingEligibilityChecker({
  code: TERMS_CHECKER,
  description: text('Delivers duty paid (DDP) or duty unpaid (DAP); duty paid only where the amount is known'),
  args: {
    terms: {
      type: 'string',
      required: true,
      label: text('Terms'),
      ui: { component: 'select-form-input', options: [{ value: 'ddp', label: text('DDP: duty paid') }, { value: 'dap', label: text('DAP: duty unpaid') }] },
    },
    orderMinimum: { type: 'int', defaultValue: 0, ui: { component: 'currency-form-input' }, label: text('Minimum order value') },
  },
  init(injector: Injector) {
    landedCost = injector.get(LandedCostService);
  },
  async check(ctx, order, { terms, orderMinimum }, method) {
    if (order.subTotalWithTax < orderMinimum) return false;
    if (order.state !== undefined && !(await landedCost.follows(ctx, order))) return true;
    if (order.lines.length === 0) return true;
    // The basket as it stands, with the freight that is chosen: however many options there are, they live of one call.
    const { together: answer } = await landedCost.ask(ctx, order, terms as Terms);
    if (answer.proceed === 'none') return terms === 'dap' || !order.shippingAddress?.countryCode;
    const isChosen = order.shippingLines?.some((line) => String(line.shippingMethodId) === String(method.id));
    // Vendure replaces a chosen method that is no longer eligible by the cheapest other one. Only a shop that chose to sell on without
    // duty paid wants that; else the choice stays, is not charged, and cannot be paid.
    if (isChosen && Pricing.isUnderWay(order)) return answer.proceed === terms || answer.proceed === 'refuse';
    return answer.proceed === terms;
  },
});

/** "EUR 7.00, JPY 700" */
export function ratesOf(rates: string): Map<string, string> {
  return new Map(
    rates.split(',').filter((one) => one.trim() !== '').map((one) => {
      const [, currency, amount] = /^\s*([A-Z]{3})\s+(\d+(?:\.\d+)?)\s*$/.exec(one) ?? [];
      if (!currency || !amount) throw new Error(`${one.trim()} is no rate; write them as "EUR 7.00, JPY 700"`);
      return [currency, amount];
    }),
  );
}

export const rateCalculator = new ShippingCalculator({
  code: RATE_CALCULATOR,
  description: text('One price for each currency, without tax'),
  args: { rates: { type: 'string', required: true, label: text('Rates'), description: text('"EUR 7.00, JPY 700"') } },
  calculate(_ctx, order, { rates }, method) {
    const amount = ratesOf(rates).get(order.currencyCode);
    if (amount === undefined) return undefined;
    const price = minorOf(amount, landedCost.precision);
    if (price === undefined) throw new Error(`${amount} ${order.currencyCode} has more decimals than the shop's money`);
    return { price, priceIncludesTax: false, taxRate: 0, metadata: { terms: method?.checker?.args.find(({ name }) => name === 'terms')?.value } };
  },
});
