// Delivery options: a shipping method says by its checker under which terms it delivers, duty paid or duty unpaid.
import { LanguageCode, Logger, ShippingCalculator, ShippingEligibilityChecker, type Injector, type ShippingMethod } from '@vendure/core';
import type { Terms } from '@tidewaiter/client';
import { once } from '@tidewaiter/client/plugin';
import { LOGGER, RATE_CALCULATOR, TERMS_CHECKER } from './constants';
import { LandedCostService } from './landed-cost.service';
import { minorOf } from './money';
import { Pricing } from './pricing';

const text = (value: string) => [{ languageCode: LanguageCode.en, value }];

let landedCost: LandedCostService;
/** One wrong shipping method must not take all the others from the buyers: it is left out, and staff reads why. */
const leaveOut = once((text) => Logger.error(text, LOGGER));

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
    const fault = faultOfTerms(terms);
    if (fault !== undefined) {
      leaveOut(`The shipping method ${method.code} is left out: ${fault}`);
      return false;
    }
    if (order.subTotalWithTax < orderMinimum) return false;
    if (order.state !== undefined && !(await landedCost.follows(ctx, order))) return true;
    const isChosen = order.shippingLines?.some((line) => String(line.shippingMethodId) === String(method.id));
    // Of nothing, no amount can be said. What is chosen already stays, for the goods that come next.
    if (order.lines.length === 0) return terms === 'dap' || Boolean(isChosen);
    // The basket as it stands, with the freight that is chosen: however many options there are, they live of one call.
    const { together: answer } = await landedCost.ask(ctx, order, terms as Terms);
    if (answer.proceed === 'none') return terms === 'dap' || !order.shippingAddress?.countryCode;
    // Vendure replaces a chosen method that is no longer eligible by the cheapest other one. Only a shop that chose to sell on without
    // duty paid wants that; else the choice stays, is not charged, and cannot be paid.
    if (isChosen && Pricing.isUnderWay(order)) return answer.proceed === terms || answer.proceed === 'refuse';
    return answer.proceed === terms;
  },
});

/** What is wrong with the arguments of a shipping method that has our checker or our calculator. */
export function faultsOf({ checker, calculator }: Pick<ShippingMethod, 'checker' | 'calculator'>, precision: number): string[] {
  const valueOf = (args: { name: string; value: string }[], name: string) => args.find((one) => one.name === name)?.value;
  const faults = [
    checker?.code === TERMS_CHECKER ? faultOfTerms(valueOf(checker.args, 'terms')) : undefined,
    calculator?.code === RATE_CALCULATOR ? faultOfRates(valueOf(calculator.args, 'rates'), precision) : undefined,
  ];
  return faults.filter((fault) => fault !== undefined);
}

function faultOfTerms(terms: unknown): string | undefined {
  return terms === 'ddp' || terms === 'dap' ? undefined : `terms: ${JSON.stringify(terms)} is neither ddp nor dap`;
}

function faultOfRates(rates: string | undefined, precision: number): string | undefined {
  try {
    const found = ratesOf(rates ?? '');
    if (found.size === 0) return 'rates: none is given; write them as "EUR 7.00, JPY 700"';
    const fine = [...found].find(([, amount]) => minorOf(amount, precision) === undefined);
    return fine && `rates: ${fine.join(' ')} has more decimals than the shop's money, which has ${precision}`;
  } catch (error) {
    return `rates: ${(error as Error).message}`;
  }
}

/** "EUR 7.00, JPY 700" */
export function ratesOf(rates: string): Map<string, string> {
  return new Map(
    rates.split(',').filter((one) => one.trim() !== '').map((one) => {
      const [, currency, amount] = /^\s*([A-Z]{3})\s+(\d+(?:\.\d+)?)\s*$/.exec(one) ?? [];
      if (!currency || !amount) throw new Error(`${JSON.stringify(rates)} cannot be read at "${one.trim()}"; write rates with a point, as "EUR 7.00, JPY 700"`);
      return [currency, amount];
    }),
  );
}

export const rateCalculator = new ShippingCalculator({
  code: RATE_CALCULATOR,
  description: text('One price for each currency, without tax'),
  args: { rates: { type: 'string', required: true, label: text('Rates'), description: text('"EUR 7.00, JPY 700"') } },
  calculate(_ctx, order, { rates }, method) {
    const fault = faultOfRates(rates, landedCost.precision);
    if (fault !== undefined) {
      leaveOut(`The shipping method ${method?.code ?? ''} is left out: ${fault}`);
      return undefined;
    }
    const amount = ratesOf(rates).get(order.currencyCode);
    const price = amount === undefined ? undefined : minorOf(amount, landedCost.precision);
    if (price === undefined) return undefined;
    return { price, priceIncludesTax: false, taxRate: 0, metadata: { terms: method?.checker?.args.find(({ name }) => name === 'terms')?.value } };
  },
});
