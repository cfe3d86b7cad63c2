// The command of a shop's plugin that gives its catalogue goods codes: suggestions of the finder as a table, and a table that a person has confirmed.
import { readFileSync } from 'node:fs';
import type { CheckedCode } from './goods-codes';
import { cell, confirmed, counted, textOf, type ConfirmedRow } from './table';

const PAGE = 50;
const NAME = 'tidewaiter-goods-codes';

/** A product or variant without a goods code. */
export interface Uncoded {
  id: string;
  sku?: string | null | undefined;
  name: string;
  /** What not knowing costs. */
  says: string;
  suggestions: { code: string; title: string; percent: number }[];
}

/** A shop, as it is reached from a terminal. */
export interface ShopDoor {
  /** What the command needs to be told, for one who called it wrongly. */
  needs: string;
  isReady: boolean;
  /** Name of the column of ids. */
  id: string;
  open?(): Promise<void>;
  /** Asks the finder about so many products that have no suggestions yet; how many were asked about. */
  suggest(most: number): Promise<number>;
  /** Goods that lack something, of which only those without a code are given back; `total` counts all. */
  lacking(to: string, offset: number, most: number): Promise<{ total: number; uncoded: Uncoded[] }>;
  check(codes: string[]): Promise<Pick<CheckedCode, 'isKnown' | 'says'>[]>;
  assign(rows: ConfirmedRow[]): Promise<unknown>;
}

/** Does what the command line says, and leaves its result in `process.exitCode`: 1 where something failed or a row was refused, 2 for a wrong call. */
export async function goodsCodesCommand(shop: ShopDoor): Promise<void> {
  const [verb, ...rest] = process.argv.slice(2);
  const to = rest.includes('--to') ? rest[rest.indexOf('--to') + 1] : undefined;
  const [file] = rest;
  try {
    if (shop.isReady && verb === 'suggest' && to) return await suggest(shop, to);
    if (shop.isReady && verb === 'confirm' && file) return await confirm(shop, file);
    console.error(`usage: ${NAME} suggest --to COUNTRY | confirm FILE.csv\nSet ${shop.needs}.`);
    process.exitCode = 2;
  } catch (error) {
    console.error(`${NAME}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

async function suggest(shop: ShopDoor, to: string): Promise<void> {
  await shop.open?.();
  // A destination that is none is told before the finder is asked.
  await shop.lacking(to, 0, 1);
  while ((await shop.suggest(PAGE)) === PAGE);
  console.log([shop.id, 'sku', 'name', 'goods_code', 'percent', 'title', 'others', 'says', 'confirmed'].join(','));
  const seen = new Set<string>();
  for (let offset = 0, all = 1; offset < all; offset += PAGE) {
    const { total, uncoded } = await shop.lacking(to, offset, PAGE);
    all = total;
    for (const { id, sku, name, says, suggestions: [first, ...others] } of uncoded) {
      // Where a code is the product's, its variants have one row together.
      if (seen.has(id)) continue;
      seen.add(id);
      const list = others.map((one) => `${one.code} ${one.percent} % ${one.title}`).join('; ');
      console.log([id, sku, name, first?.code, first?.percent, first?.title, list, says, ''].map(cell).join(','));
    }
  }
}

async function confirm(shop: ShopDoor, file: string): Promise<void> {
  const { rows, faults } = confirmed(textOf(readFileSync(file)), shop.id);
  await shop.open?.();
  const good: ConfirmedRow[] = [];
  for (const some of pagesOf(rows)) {
    const found = await shop.check(some.map(({ code }) => code));
    some.forEach((row, index) => {
      const { isKnown, says } = found[index] ?? { isKnown: null, says: `${row.code} could not be checked` };
      if (isKnown === false) faults.push(`row ${row.number}: ${says}`);
      else good.push(row);
      // A person confirmed it all the same.
      if (isKnown === null) console.error(`row ${row.number}: ${says}. It is assigned as it stands.`);
    });
  }
  for (const fault of faults) console.error(`${fault}. Not assigned.`);
  for (const some of pagesOf(good)) await shop.assign(some);
  console.log(`${counted(good.length, 'goods code')} assigned${faults.length === 0 ? '' : `, ${counted(faults.length, 'row')} refused`}`);
  if (faults.length > 0) process.exitCode = 1;
}

function* pagesOf<Row>(rows: Row[]): Generator<Row[]> {
  for (let at = 0; at < rows.length; at += PAGE) yield rows.slice(at, at + PAGE);
}
