// What the catalogue lacks: which products have no goods code, origin or weight, what not knowing costs, and which codes the finder suggests.
import { Injectable } from '@nestjs/common';
import { ProductVariant, ProductVariantService, TransactionalConnection, translateDeep, UserInputError, type ID, type RequestContext } from '@vendure/core';
import type { Answer, Bounds, Missing, Sum } from '@tidewaiter/client';
import { CodeBook, problemText, type CheckedCode } from '@tidewaiter/client/plugin';
import { goodsOf } from './basket';
import type { VariantFields } from './custom-fields';
import { readFromEngine } from './engine-door';
import { LandedCostService } from './landed-cost.service';
import { decimalOf } from './money';
import { amountOf } from './setup.service';

const MOST_IN_ONE_CALL = 100;

export interface Suggestion {
  code: string;
  title: string;
  /** How likely it is right, in percent. */
  percent: number;
}

/** What customs want to know of a variant; what is absent stays as it is. */
export interface CustomsData {
  variantId: ID;
  goodsCode?: string | null;
  originCountry?: string | null;
  weightGrams?: number | null;
  notShipped?: boolean | null;
}

export interface Lacking {
  variantId: ID;
  sku: string;
  name: string;
  lacks: string[];
  /** What is known. */
  goodsCode?: string | null | undefined;
  originCountry?: string | null | undefined;
  weightGrams?: number | null | undefined;
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
    private connection: TransactionalConnection,
    private variants: ProductVariantService,
    private landedCost: LandedCostService,
  ) {}

  /** Variants that lack something, with the price of not knowing it for one piece to this destination. */
  async lacking(ctx: RequestContext, to: string, page: { skip: number; take: number }): Promise<{ items: Lacking[]; totalItems: number }> {
    const [found, totalItems] = await this.query(ctx, "(variant.customFields.goodsCode IS NULL OR variant.customFields.goodsCode = '' OR variant.customFields.originCountry IS NULL OR variant.customFields.originCountry = '' OR variant.customFields.weightGrams IS NULL)", page);
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
    const wrongDestination = answer.problems?.find(({ field }) => field === 'to');
    if (wrongDestination) throw new UserInputError(problemText(wrongDestination));
    const due = answer.total === undefined ? answer.bounds : { least: answer.total, most: answer.total };
    const fields = variant.customFields as VariantFields;
    return {
      variantId: variant.id, sku: variant.sku, name: translateDeep(variant, ctx.languageCode).name, currency, due,
      lacks: [...(fields.goodsCode ? [] : ['goodsCode']), ...(fields.originCountry ? [] : ['originCountry']), ...(fields.weightGrams == null ? ['weightGrams'] : [])],
      goodsCode: fields.goodsCode, originCountry: fields.originCountry, weightGrams: fields.weightGrams,
      missing: answer.missing,
      says: saying(due, answer),
      suggestions: suggestionsOf(variant),
    };
  }

  /** Asks the finder for variants without a code and without a suggestion, and keeps what it says. No code is assigned. */
  async suggest(ctx: RequestContext, take: number): Promise<Lacking['suggestions'][number][][]> {
    const [found] = await this.query(ctx, "(variant.customFields.goodsCode IS NULL OR variant.customFields.goodsCode = '') AND variant.customFields.goodsCodeSuggestion IS NULL", { skip: 0, take });
    const all: Suggestion[][] = [];
    for (const variant of found) {
      const suggestions = await this.find(translateDeep(variant, ctx.languageCode).name);
      await this.write(ctx, variant.id, { goodsCodeSuggestion: JSON.stringify(suggestions) });
      all.push(suggestions);
    }
    return all;
  }

  /** What the engine says of codes, before anybody writes them. */
  check(codes: readonly string[]): Promise<CheckedCode[]> {
    return new CodeBook(this.landedCost.settings).check(codes);
  }

  /** Writes codes that a person confirmed. */
  confirm(ctx: RequestContext, codes: { variantId: ID; goodsCode: string }[]): Promise<number> {
    return this.set(ctx, codes);
  }

  /** Writes what a person entered; what is absent stays. With a code, what was suggested has served. */
  async set(ctx: RequestContext, input: CustomsData[]): Promise<number> {
    for (const { goodsCode, originCountry, weightGrams } of input) {
      if (goodsCode != null && !/^[0-9][0-9. ]{1,16}$/.test(goodsCode)) throw new UserInputError(`${goodsCode} is no goods code: write 2 to 12 digits`);
      if (originCountry != null && !/^[A-Z]{2}$/.test(originCountry)) throw new UserInputError(`${originCountry} is no country: write two capital letters`);
      if (weightGrams != null && weightGrams < 0) throw new UserInputError('A weight is not below 0');
    }
    const wrong = (await this.check(input.flatMap(({ goodsCode }) => goodsCode ?? []))).find(({ isKnown }) => isKnown === false);
    if (wrong) throw new UserInputError(wrong.says);
    for (const { variantId } of input) await this.connection.getEntityOrThrow(ctx, ProductVariant, variantId, { channelId: ctx.channelId });
    await this.variants.update(ctx, input.map(({ variantId, ...fields }) => {
      const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null));
      return { id: variantId, customFields: { ...given, ...(fields.goodsCode == null ? {} : { goodsCodeSuggestion: null }) } };
    }));
    return input.length;
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
      .where('variant.deletedAt IS NULL').andWhere('(variant.customFields.notShipped IS NULL OR variant.customFields.notShipped = :no)', { no: false }).andWhere(where)
      .orderBy('variant.id', 'ASC').skip(skip).take(Math.min(take, MOST_IN_ONE_CALL)).getManyAndCount();
  }

  private async find(words: string): Promise<Suggestion[]> {
    const { codes } = await readFromEngine<{ codes?: { code: string; title: string; probability: number }[] }>(this.landedCost.settings, 'v1/goods-codes', { q: words.slice(0, 500), most: '3' });
    return (codes ?? []).map(({ code, title, probability }) => ({ code, title, percent: Math.round(probability * 100) }));
  }
}

function suggestionsOf(variant: ProductVariant): Suggestion[] {
  const text = (variant.customFields as VariantFields).goodsCodeSuggestion;
  return text ? (JSON.parse(text) as Suggestion[]) : [];
}

function saying(due: Bounds | undefined, { currency, quote, problems = [], why }: Answer): string {
  if (due === undefined) {
    const reason = problems.length > 0 ? problems.map(problemText).join('; ') : why && `no answer came from the engine (${why})`;
    return `nothing can be said about what is due${reason ? `: ${reason}` : ''}`;
  }
  // What a missing fact would narrow is told in the currency of the destination, so what is due is told in it too.
  const own = quote && quote.currency !== currency ? ` (${amountOf(boundsOf(quote.terms.checkout_ddp), quote.currency)})` : '';
  return `${amountOf(due, currency)}${own} is due${due.most === undefined ? '; no upper limit is known' : ''}`;
}

const boundsOf = ({ least, most }: Sum): Bounds => ({ least, ...(most === undefined ? {} : { most }) });
