// What the catalogue lacks: which products have no goods code, origin or weight, what not knowing costs, and which codes the finder suggests.
import { Inject, Injectable } from '@nestjs/common';
import { ProductVariant, ProductVariantService, TransactionalConnection, translateDeep, UserInputError, type ID, type RequestContext } from '@vendure/core';
import type { Bounds, Missing } from '@tidewaiter/client';
import { goodsOf } from './basket';
import { OPTIONS } from './constants';
import type { VariantFields } from './custom-fields';
import { LandedCostService } from './landed-cost.service';
import { decimalOf } from './money';
import type { TidewaiterOptions } from './options';

const FINDER_TIMEOUT_MS = 10_000;
const MOST_IN_ONE_CALL = 100;

export interface Suggestion {
  code: string;
  title: string;
  /** How likely it is right, in percent. */
  percent: number;
}

export interface Lacking {
  variantId: ID;
  sku: string;
  name: string;
  lacks: string[];
  /** What is due for one piece, as far as it can be said. */
  due?: Bounds | undefined;
  currency: string;
  missing: Missing[];
  says: string;
  suggestions: Suggestion[];
}

@Injectable()
export class CatalogueService {
  constructor(
    @Inject(OPTIONS) private options: TidewaiterOptions,
    private connection: TransactionalConnection,
    private variants: ProductVariantService,
    private landedCost: LandedCostService,
  ) {}

  /** Variants that lack something, with the price of not knowing it for one piece to this destination. */
  async lacking(ctx: RequestContext, to: string, page: { skip: number; take: number }): Promise<{ items: Lacking[]; totalItems: number }> {
    const [found, totalItems] = await this.query(ctx, '(variant.customFields.goodsCode IS NULL OR variant.customFields.originCountry IS NULL OR variant.customFields.weightGrams IS NULL)', page);
    const items: Lacking[] = [];
    for (const variant of found) items.push(await this.lack(ctx, variant, to));
    return { items, totalItems };
  }

  private async lack(ctx: RequestContext, variant: ProductVariant, to: string): Promise<Lacking> {
    // Before it is translated: the translation is a copy that keeps the price of before.
    const priced = await this.variants.applyChannelPriceAndTax(variant, ctx);
    const currency = priced.currencyCode;
    const item = { ...goodsOf(variant), quantity: 1, price: decimalOf(priced.price, this.landedCost.precision) };
    const answer = await this.landedCost.quote({ terms: 'ddp', lines: [String(variant.id)], consignment: { ...this.landedCost.fields(ctx), to, currency, items: [item] } });
    const due = answer.total === undefined ? answer.bounds : { least: answer.total, most: answer.total };
    const fields = variant.customFields as VariantFields;
    return {
      variantId: variant.id, sku: variant.sku, name: translateDeep(variant, ctx.languageCode).name, currency, due,
      lacks: [...(fields.goodsCode ? [] : ['goodsCode']), ...(fields.originCountry ? [] : ['originCountry']), ...(fields.weightGrams == null ? ['weightGrams'] : [])],
      missing: answer.missing,
      says: saying(due, currency),
      suggestions: suggestionsOf(variant),
    };
  }

  /** Asks the finder for variants without a code and without a suggestion, and keeps what it says. No code is assigned. */
  async suggest(ctx: RequestContext, take: number): Promise<Lacking['suggestions'][number][][]> {
    const [found] = await this.query(ctx, 'variant.customFields.goodsCode IS NULL AND variant.customFields.goodsCodeSuggestion IS NULL', { skip: 0, take });
    const all: Suggestion[][] = [];
    for (const variant of found) {
      const suggestions = await this.find(translateDeep(variant, ctx.languageCode).name);
      await this.write(ctx, variant.id, { goodsCodeSuggestion: JSON.stringify(suggestions) });
      all.push(suggestions);
    }
    return all;
  }

  /** Writes codes that a person confirmed. */
  async confirm(ctx: RequestContext, codes: { variantId: ID; goodsCode: string }[]): Promise<number> {
    for (const { goodsCode } of codes) {
      if (!/^[0-9][0-9. ]{1,16}$/.test(goodsCode)) throw new UserInputError(`${goodsCode} is no goods code: write 2 to 12 digits`);
    }
    for (const { variantId, goodsCode } of codes) {
      await this.connection.getEntityOrThrow(ctx, ProductVariant, variantId, { channelId: ctx.channelId });
      await this.write(ctx, variantId, { goodsCode, goodsCodeSuggestion: null });
    }
    return codes.length;
  }

  private write(ctx: RequestContext, id: ID, fields: VariantFields): Promise<unknown> {
    return this.connection.getRepository(ctx, ProductVariant).update(id, { customFields: fields } as object);
  }

  private async query(ctx: RequestContext, where: string, { skip, take }: { skip: number; take: number }): Promise<[ProductVariant[], number]> {
    return this.connection.getRepository(ctx, ProductVariant).createQueryBuilder('variant')
      .innerJoin('variant.channels', 'channel', 'channel.id = :channelId', { channelId: ctx.channelId })
      .leftJoinAndSelect('variant.translations', 'translation')
      .leftJoinAndSelect('variant.productVariantPrices', 'price')
      .leftJoinAndSelect('variant.taxCategory', 'taxCategory')
      .where('variant.deletedAt IS NULL').andWhere(where)
      .orderBy('variant.id', 'ASC').skip(skip).take(Math.min(take, MOST_IN_ONE_CALL)).getManyAndCount();
  }

  private async find(words: string): Promise<Suggestion[]> {
    const { url, key } = this.options;
    if (!url) throw new UserInputError('The finder needs the option url of the plugin');
    const address = new URL('v1/goods-codes', url.endsWith('/') ? url : `${url}/`);
    address.search = new URLSearchParams({ q: words.slice(0, 500), most: '3' }).toString();
    const response = await fetch(address, {
      headers: { accept: 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
      signal: AbortSignal.timeout(FINDER_TIMEOUT_MS), redirect: 'error',
    });
    if (!response.ok) throw new UserInputError(`The finder answered ${response.status} to ${JSON.stringify(words)}`);
    const { codes } = (await response.json()) as { codes?: { code: string; title: string; probability: number }[] };
    return (codes ?? []).map(({ code, title, probability }) => ({ code, title, percent: Math.round(probability * 100) }));
  }
}

function suggestionsOf(variant: ProductVariant): Suggestion[] {
  const text = (variant.customFields as VariantFields).goodsCodeSuggestion;
  return text ? (JSON.parse(text) as Suggestion[]) : [];
}

function saying(due: Bounds | undefined, currency: string): string {
  if (due === undefined) return 'nothing can be said about what is due';
  if (due.most === undefined) return `at least ${due.least} ${currency} is due; no upper limit is known`;
  return due.least === due.most ? `${due.least} ${currency} is due` : `between ${due.least} and ${due.most} ${currency} is due`;
}
