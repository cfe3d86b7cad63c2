// Products that lack what customs want to know: what not knowing costs, what the finder suggests, and fields to fill in, many at once.
import { api, Button, FullWidthPageBlock, Page, PageLayout, PageTitle } from '@vendure/dashboard';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { CONTROL, Destination, errorText, Questions, send, Status, useCountries, type Missing } from './parts';

interface Suggestion { code: string; title: string; percent: number }
interface Item {
  variantId: string; sku: string; name: string; lacks: string[]; says: string; due?: { most?: string | null } | null; currencyCode: string; missing: Missing[]; suggestions: Suggestion[];
  goodsCode?: string | null; originCountry?: string | null; weightGrams?: number | null;
}
interface Draft { goodsCode: string; originCountry: string; weightGrams: string; notShipped: boolean; isChosen: boolean }

const TAKE = 20;
const QUERY = `query ($to: String!, $skip: Int, $take: Int) {
  it: variantsLackingCustomsData(to: $to, skip: $skip, take: $take) {
    totalItems items { variantId sku name lacks says due { most } currencyCode goodsCode originCountry weightGrams missing { fact question narrowsBy narrowsCurrency } suggestions { code title percent } }
  }
}`;
const WORDS: Record<string, string> = { goodsCode: 'goods code', originCountry: 'origin', weightGrams: 'weight' };
const draftOf = (item: Item): Draft => ({ goodsCode: item.goodsCode ?? '', originCountry: item.originCountry ?? '', weightGrams: item.weightGrams == null ? '' : String(item.weightGrams), notShipped: false, isChosen: false });

export function CustomsDataPage() {
  const countries = useCountries();
  const [chosen, setTo] = useState('');
  const to = chosen || countries[0]?.code || '';
  const [skip, setSkip] = useState(0);
  const [drafts, setDrafts] = useState<Record<string, Draft>>({});
  const [told, setTold] = useState<{ text: string; isError?: boolean }>({ text: '' });
  const [isBusy, setBusy] = useState(false);
  const client = useQueryClient();
  const { data, error, isPending } = useQuery({
    queryKey: ['tidewaiter', 'lacking', to, skip], enabled: to !== '',
    queryFn: () => api.query<{ it: { totalItems: number; items: Item[] } }>(QUERY, { to, skip, take: TAKE }),
  });
  const items = data?.it.items ?? [];
  const total = data?.it.totalItems ?? 0;
  const of = (item: Item) => drafts[item.variantId] ?? draftOf(item);
  const edit = (item: Item, change: Partial<Draft>) => setDrafts({ ...drafts, [item.variantId]: { ...of(item), isChosen: true, ...change } });
  const ready = items.filter((item) => of(item).isChosen);

  const work = async (doing: () => Promise<string>) => {
    setBusy(true);
    try {
      const text = await doing();
      await client.invalidateQueries({ queryKey: ['tidewaiter'] });
      setTold({ text });
    } catch (problem) {
      setTold({ text: errorText(problem), isError: true });
    } finally {
      setBusy(false);
    }
  };
  const look = () => work(async () => {
    const { it } = await send<{ it: number }>('mutation { it: suggestGoodsCodes(take: 50) }', {});
    return it === 0 ? 'There is no product without a code that was not looked up before.' : `Codes were looked up for ${it} ${it === 1 ? 'product' : 'products'}. Nothing is assigned until you confirm it.`;
  });
  const useFirst = () => setDrafts({
    ...drafts,
    ...Object.fromEntries(items.filter((item) => !item.goodsCode && item.suggestions[0]).map((item) => [item.variantId, { ...of(item), goodsCode: of(item).goodsCode || item.suggestions[0]!.code, isChosen: true }])),
  });
  const save = () => work(async () => {
    const input = ready.map((item) => {
      const { goodsCode, originCountry, weightGrams, notShipped } = of(item);
      return {
        variantId: item.variantId, ...(goodsCode.trim() ? { goodsCode: goodsCode.trim() } : {}), ...(originCountry.trim() ? { originCountry: originCountry.trim().toUpperCase() } : {}),
        ...(weightGrams.trim() ? { weightGrams: Math.round(Number(weightGrams)) } : {}), ...(notShipped ? { notShipped } : {}),
      };
    });
    const { it } = await send<{ it: number }>('mutation ($input: [SetCustomsDataInput!]!) { it: setCustomsData(input: $input) }', { input });
    setDrafts({});
    return `Saved for ${it} ${it === 1 ? 'product' : 'products'}.`;
  });

  return (
    <Page pageId="tidewaiter-customs-data">
      <PageTitle>Customs data</PageTitle>
      <PageLayout>
        <FullWidthPageBlock blockId="tidewaiter-lacking">
          <div className="grid gap-4" data-tidewaiter="customs-data">
            <p className="text-sm">Customs want to know what each product is (its goods code), where it was made (its origin), and its weight. Where one of them matters and is missing, the exact duty cannot be said, and your shop cannot sell duty-paid.</p>
            <div className="flex flex-wrap items-end gap-3">
              <div className="w-64 max-w-full"><Destination id="tidewaiter-to" value={to} countries={countries} onChange={(code) => { setTo(code); setSkip(0); }} /></div>
              <Button type="button" variant="outline" disabled={isBusy} onClick={() => void look()}>Look for goods codes</Button>
              <Button type="button" variant="outline" disabled={isBusy || !items.some((item) => !item.goodsCode && item.suggestions.length > 0)} onClick={useFirst}>Take the likeliest for all</Button>
            </div>
            <Status {...(error ? { text: errorText(error), isError: true } : told)} />
            {isPending ? <p className="text-sm">Loading…</p> : items.length === 0 ? <p className="text-sm">No product lacks anything.</p> : (
              <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); void save(); }}>
                <ul className="grid gap-4">
                  {items.map((item) => <Product key={item.variantId} item={item} draft={of(item)} onEdit={(change) => edit(item, change)} />)}
                </ul>
                <div className="flex flex-wrap items-center gap-3">
                  <Button type="submit" disabled={isBusy || ready.length === 0}>Confirm and save {ready.length} {ready.length === 1 ? 'product' : 'products'}</Button>
                  <span className="text-sm">{skip + 1} to {skip + items.length} of {total}</span>
                  <Button type="button" variant="outline" disabled={skip === 0} onClick={() => setSkip(Math.max(0, skip - TAKE))}>Previous</Button>
                  <Button type="button" variant="outline" disabled={skip + TAKE >= total} onClick={() => setSkip(skip + TAKE)}>Next</Button>
                </div>
              </form>
            )}
          </div>
        </FullWidthPageBlock>
      </PageLayout>
    </Page>
  );
}

function Product({ item, draft, onEdit }: { item: Item; draft: Draft; onEdit: (change: Partial<Draft>) => void }) {
  const id = (name: string) => `tidewaiter-${item.variantId}-${name}`;
  return (
    <li>
      <fieldset className="border rounded-md p-3 grid gap-3 min-w-0">
        <legend className="font-medium px-1">{item.name} ({item.sku})</legend>
        <p className="text-sm">Lacks {item.lacks.map((one) => WORDS[one]).join(', ')}. For one piece <strong>{item.says}</strong>.</p>
        {item.missing.length > 0 ? <Questions list={item.missing} isOpen={item.due?.most == null} /> : null}
        <div className="grid gap-3 grid-cols-1 sm:grid-cols-3">
          <div className="grid gap-1">
            <label htmlFor={id('code')} className="text-sm font-medium">Goods code</label>
            <input id={id('code')} className={CONTROL} inputMode="decimal" pattern="[0-9][0-9. ]{1,16}" title="2 to 12 digits, dots are allowed" value={draft.goodsCode} onChange={(event) => onEdit({ goodsCode: event.target.value })} />
          </div>
          <div className="grid gap-1">
            <label htmlFor={id('origin')} className="text-sm font-medium">Made in (two letters)</label>
            <input id={id('origin')} className={CONTROL} pattern="[A-Za-z]{2}" maxLength={2} title="Two letters, such as those of a web address" value={draft.originCountry} onChange={(event) => onEdit({ originCountry: event.target.value })} />
          </div>
          <div className="grid gap-1">
            <label htmlFor={id('grams')} className="text-sm font-medium">Weight of one piece, grams</label>
            <input id={id('grams')} className={CONTROL} type="number" min={0} step={1} value={draft.weightGrams} onChange={(event) => onEdit({ weightGrams: event.target.value })} />
          </div>
        </div>
        {item.suggestions.length > 0 ? (
          <div className="grid gap-1">
            <p className="text-sm font-medium" id={id('suggested')}>Suggested codes. Read them before you take one.</p>
            <ul className="grid gap-1" aria-labelledby={id('suggested')}>
              {item.suggestions.map(({ code, title, percent }) => (
                <li key={code} className="flex flex-wrap items-center gap-2 text-sm">
                  <Button type="button" variant="outline" aria-pressed={draft.goodsCode === code} onClick={() => onEdit({ goodsCode: code })}>Take {code}<span className="sr-only"> for {item.name}</span></Button>
                  <span className="min-w-0 break-words">{title} ({percent} % likely)</span>
                </li>
              ))}
            </ul>
          </div>
        ) : null}
        <div className="flex flex-wrap gap-4 text-sm">
          <label className="flex items-center gap-2"><input type="checkbox" checked={draft.notShipped} onChange={(event) => onEdit({ notShipped: event.target.checked })} />Nothing is sent (gift card, download)</label>
          <label className="flex items-center gap-2"><input type="checkbox" checked={draft.isChosen} onChange={(event) => onEdit({ isChosen: event.target.checked })} />Save this product</label>
        </div>
      </fieldset>
    </li>
  );
}
