// What the shop itself lacks for a destination: registrations and facts about how it sends, with what each would change.
import { api, Button, FullWidthPageBlock, Page, PageLayout, PageTitle } from '@vendure/dashboard';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { CONTROL, Destination, errorText, Questions, range, Sentences, Status, useCountries, type Bounds, type Missing } from './parts';

interface Sale { checkoutDdp: Bounds; checkoutDap: Bounds; onDelivery: Bounds }
interface Registration { key: string; name: string; rule: string; isHeld: boolean; with?: Sale; without?: Sale }
interface Setup {
  to: string; toName: string; currencyCode: string; variantId: string; sku: string; name: string; quantity: number; from?: string; registrations: Registration[];
  outcome?: string; sale?: Sale; missing: Missing[]; problems: string[]; messages: string[]; warnings: string[]; assumptions: string[];
}
interface Variant { id: string; name: string; sku: string }

const SALE = '{ checkoutDdp { least most } checkoutDap { least most } onDelivery { least most } }';
const QUERY = `query ($to: String!, $variantId: ID, $quantity: Int) {
  it: landedCostSetup(to: $to, variantId: $variantId, quantity: $quantity) {
    to toName currencyCode variantId sku name quantity from outcome sale ${SALE} registrations { key name rule isHeld with ${SALE} without ${SALE} }
    missing { fact question narrowsBy narrowsCurrency } problems messages warnings assumptions
  }
}`;

export function SetupPage() {
  const countries = useCountries();
  const [chosen, setTo] = useState('');
  const to = chosen || countries[0]?.code || '';
  const [variantId, setVariantId] = useState('');
  const [pieces, setPieces] = useState('1');
  const [quantity, setQuantity] = useState(1);
  const { data: list } = useQuery({
    queryKey: ['tidewaiter', 'variants'],
    queryFn: () => api.query<{ productVariants: { items: Variant[] } }>('query { productVariants(options: { take: 100, sort: { name: ASC } }) { items { id name sku } } }'),
  });
  const { data, error, isPending } = useQuery({
    queryKey: ['tidewaiter', 'setup', to, variantId, quantity], enabled: to !== '', retry: false,
    queryFn: () => api.query<{ it: Setup }>(QUERY, { to, quantity, ...(variantId ? { variantId } : {}) }),
  });
  return (
    <Page pageId="tidewaiter-setup">
      <PageTitle>Customs: your shop</PageTitle>
      <PageLayout>
        <FullWidthPageBlock blockId="tidewaiter-setup">
          <div className="grid gap-4" data-tidewaiter="setup">
            <p className="text-sm">Choose a destination and goods. You see what your buyer pays now, and what each registration would change. You enter registrations and the country you send from in the settings of the plugin (its option "consignment").</p>
            <form className="grid gap-3 grid-cols-1 sm:grid-cols-4 items-end" onSubmit={(event) => { event.preventDefault(); setQuantity(Math.max(1, Math.round(Number(pieces)) || 1)); }}>
              <Destination id="tidewaiter-setup-to" value={to} countries={countries} onChange={setTo} />
              <div className="grid gap-1">
                <label htmlFor="tidewaiter-variant" className="text-sm font-medium">Product</label>
                <select id="tidewaiter-variant" className={CONTROL} value={variantId || (data?.it.variantId ?? '')} onChange={(event) => setVariantId(event.target.value)}>
                  {list?.productVariants.items.map(({ id, name, sku }) => <option key={id} value={id}>{name} ({sku})</option>)}
                </select>
              </div>
              <div className="grid gap-1">
                <label htmlFor="tidewaiter-pieces" className="text-sm font-medium">Pieces</label>
                <input id="tidewaiter-pieces" className={CONTROL} type="number" min={1} step={1} value={pieces} onChange={(event) => setPieces(event.target.value)} />
              </div>
              <Button type="submit" variant="outline">Compute</Button>
            </form>
            <Status isError={Boolean(error)} text={error ? errorText(error) : isPending ? 'Computing…' : ''} />
            {data ? <Found found={data.it} /> : null}
          </div>
        </FullWidthPageBlock>
      </PageLayout>
    </Page>
  );
}

function Found({ found }: { found: Setup }) {
  const { currencyCode: currency, sale, registrations, missing, problems } = found;
  return (
    <div className="grid gap-4">
      <section className="grid gap-1 text-sm" aria-labelledby="tidewaiter-now">
        <h2 id="tidewaiter-now" className="font-medium text-base">{found.quantity} × {found.name} to {found.toName}, as your shop is now</h2>
        <p>{found.from ? `Sent from ${found.from}.` : 'Your shop does not say where it sends from.'}</p>
        {sale ? <Paid sale={sale} currency={currency} /> : <p>Nothing can be said about what is due, so your shop cannot sell duty-paid there.</p>}
        {problems.length > 0 ? <ul className="list-disc ps-5 font-medium">{problems.map((text) => <li key={text}>{text}</li>)}</ul> : null}
      </section>
      {missing.length > 0 ? <section><h2 className="font-medium">What is not known</h2><Questions list={missing} isOpen={sale?.checkoutDdp.most == null} /></section> : null}
      <section className="grid gap-3" aria-labelledby="tidewaiter-registrations">
        <h2 id="tidewaiter-registrations" className="font-medium">Registrations for {found.toName}</h2>
        {registrations.length === 0 ? <p className="text-sm">None is known by which a seller abroad would collect tax at the sale.</p> : null}
        {registrations.map((one) => (
          <div key={one.key} className="border rounded-md p-3 grid gap-2 text-sm">
            <h3 className="font-medium">{one.name} (<code>{one.key}</code>): {one.isHeld ? 'your shop has it' : 'your shop does not have it'}</h3>
            {one.rule ? <p>Who must register: {one.rule}.</p> : null}
            {one.with && one.without ? (
              JSON.stringify(one.with) === JSON.stringify(one.without) ? <p>For these goods it changes nothing.</p> : (
                <div className="grid gap-3 sm:grid-cols-2">
                  <div><h4 className="font-medium">{one.isHeld ? 'If you did not have it' : 'Now, without it'}</h4><Paid sale={one.without} currency={currency} /></div>
                  <div><h4 className="font-medium">{one.isHeld ? 'Now, with it' : 'If you had it'}</h4><Paid sale={one.with} currency={currency} /></div>
                </div>
              )
            ) : <p>What it changes could not be computed now.</p>}
          </div>
        ))}
      </section>
      <div>
        <Sentences title="Warnings" list={found.warnings} open />
        <Sentences title="What is assumed" list={found.assumptions} />
        <Sentences title="What the rules say" list={found.messages} />
      </div>
    </div>
  );
}

function Paid({ sale, currency }: { sale: Sale; currency: string }) {
  return (
    <dl className="grid gap-x-3" style={{ gridTemplateColumns: 'auto 1fr' }}>
      <dt>Duty paid, at checkout:</dt><dd>{range(sale.checkoutDdp, currency)}</dd>
      <dt>Duty unpaid, at checkout:</dt><dd>{range(sale.checkoutDap, currency)}</dd>
      <dt>Duty unpaid, at the door:</dt><dd>{range(sale.onDelivery, currency)}</dd>
    </dl>
  );
}
