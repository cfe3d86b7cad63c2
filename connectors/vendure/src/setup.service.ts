// What the shop itself lacks: registrations, and facts about how it sends. Told with what each would change, for goods of the shop and a
// destination; all figures are those of quotes.
import { Injectable } from '@nestjs/common';
import { EntityNotFoundError, ProductVariant, ProductVariantService, TransactionalConnection, translateDeep, UserInputError, type ID, type RequestContext } from '@vendure/core';
import type { Answer, Bounds, Consignment, Missing, Sum } from '@tidewaiter/client';
import { goodsOf } from './basket';
import { readFromEngine } from './engine-door';
import { LandedCostService } from './landed-cost.service';
import { decimalOf, printed } from './money';

/** What a buyer pays where, under the two terms. */
export interface Sale {
  checkoutDdp: Bounds;
  checkoutDap: Bounds;
  onDelivery: Bounds;
}

export interface Registration {
  key: string;
  name: string;
  /** Who must register. */
  rule: string;
  isHeld: boolean;
  with?: Sale | undefined;
  without?: Sale | undefined;
  says: string;
}

export interface Setup {
  to: string;
  toName: string;
  currency: string;
  variantId: ID;
  sku: string;
  name: string;
  quantity: number;
  from?: string | undefined;
  registrations: Registration[];
  outcome?: string | undefined;
  sale?: Sale | undefined;
  missing: Missing[];
  problems: string[];
  messages: string[];
  warnings: string[];
  assumptions: string[];
}

interface Economy {
  schemes?: { key: string; name: string; registration?: string }[];
}

@Injectable()
export class SetupService {
  constructor(private connection: TransactionalConnection, private variants: ProductVariantService, private landedCost: LandedCostService) {}

  async setup(ctx: RequestContext, { to, variantId, quantity = 1 }: { to: string; variantId?: ID | undefined; quantity?: number | undefined }): Promise<Setup> {
    if (!(Number.isInteger(quantity) && quantity > 0)) throw new UserInputError('The number of pieces must be a whole number above 0');
    const variant = await this.sample(ctx, variantId);
    const priced = await this.variants.applyChannelPriceAndTax(variant, ctx);
    const currency = priced.currencyCode;
    const fields = this.landedCost.fields(ctx);
    const held = registrationsOf(fields.seller);
    const item = { ...goodsOf(variant), quantity, price: decimalOf(priced.price, this.landedCost.precision) };
    const ask = (registrations: readonly string[]): Promise<Answer> => this.landedCost.quote({
      terms: 'ddp', lines: [String(variant.id)],
      consignment: { ...fields, to, currency, seller: { ...(fields.seller as object | undefined), registrations: [...registrations] }, items: [item] } as Consignment,
    });
    const { schemes = [] } = await readFromEngine<Economy>(this.landedCost.settings, `v1/economies/${encodeURIComponent(to)}`);
    const now = await ask(held);
    const registrations: Registration[] = [];
    for (const { key, name, registration = '' } of schemes) {
      const isHeld = held.includes(key);
      const other = await ask(isHeld ? held.filter((one) => one !== key) : [...held, key]);
      const [having, lacking] = (isHeld ? [now, other] : [other, now]).map(saleOf) as [Sale | undefined, Sale | undefined];
      registrations.push({ key, name, rule: registration, isHeld, with: having, without: lacking, says: difference(key, currency, having, lacking) });
    }
    return {
      to, toName: String(now.quote?.['to_name'] ?? to), currency, variantId: variant.id, sku: variant.sku, quantity,
      name: translateDeep(variant, ctx.languageCode).name, from: fields['from'] as string | undefined, registrations,
      outcome: now.outcome, sale: saleOf(now), missing: now.missing,
      problems: (now.problems ?? []).map(({ field, message }) => `${field}: ${message}`),
      messages: now.messages, warnings: now.warnings, assumptions: now.assumptions,
    };
  }

  /** The variant that was named, or the first that lacks nothing, or the first. */
  private async sample(ctx: RequestContext, id: ID | undefined): Promise<ProductVariant> {
    const query = this.connection.getRepository(ctx, ProductVariant).createQueryBuilder('variant')
      .innerJoin('variant.channels', 'channel', 'channel.id = :channelId', { channelId: ctx.channelId })
      .leftJoinAndSelect('variant.translations', 'translation')
      .leftJoinAndSelect('variant.productVariantPrices', 'price')
      .leftJoinAndSelect('variant.taxCategory', 'taxCategory')
      .where('variant.deletedAt IS NULL').andWhere('(variant.customFields.notShipped IS NULL OR variant.customFields.notShipped = :no)', { no: false });
    if (id !== undefined) {
      const named = await query.andWhere('variant.id = :id', { id }).getOne();
      if (!named) throw new EntityNotFoundError('ProductVariant', id);
      return named;
    }
    const whole = query.clone().andWhere("variant.customFields.goodsCode <> '' AND variant.customFields.originCountry <> '' AND variant.customFields.weightGrams IS NOT NULL");
    const found = (await whole.orderBy('variant.id', 'ASC').take(1).getMany())[0] ?? (await query.orderBy('variant.id', 'ASC').take(1).getMany())[0];
    if (!found) throw new UserInputError('There is no product yet');
    return found;
  }
}

function registrationsOf(seller: unknown): string[] {
  const list = (seller as { registrations?: unknown } | undefined)?.registrations;
  return Array.isArray(list) ? list.map(String) : [];
}

const boundsOf = ({ least_asked, most_asked }: Sum): Bounds => ({ least: least_asked, ...(most_asked === undefined ? {} : { most: most_asked }) });

function saleOf({ quote }: Answer): Sale | undefined {
  if (!quote) return undefined;
  const { checkout_ddp, checkout_dap, on_delivery_dap } = quote.terms;
  return { checkoutDdp: boundsOf(checkout_ddp), checkoutDap: boundsOf(checkout_dap), onDelivery: boundsOf(on_delivery_dap) };
}

/** "26.10 EUR", "between 3.00 and 26.10 EUR" */
export function amountOf({ least, most }: Bounds, currency: string): string {
  if (most === undefined) return `at least ${printed(least, currency)} ${currency}`;
  if (least === most) return `${printed(least, currency)} ${currency}`;
  return `between ${printed(least, currency)} and ${printed(most, currency)} ${currency}`;
}

function difference(key: string, currency: string, having: Sale | undefined, lacking: Sale | undefined): string {
  if (!having || !lacking) return `What ${key} changes could not be computed now.`;
  if (JSON.stringify(having) === JSON.stringify(lacking)) return `For these goods ${key} changes nothing.`;
  const told = ({ checkoutDap, onDelivery, checkoutDdp }: Sale) =>
    `duty unpaid, the buyer pays ${amountOf(checkoutDap, currency)} of duty, tax and fees at checkout and ${amountOf(onDelivery, currency)} at the door; duty paid, ${amountOf(checkoutDdp, currency)} at checkout`;
  return `Without ${key}: ${told(lacking)}. With ${key}: ${told(having)}.`;
}
