// On an order: what was charged and why, what it rests on, and what goes back when goods do.
import { api, Button, usePermissions } from '@vendure/dashboard';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { errorText, Fold, money, Questions, range, send, Sentences, Status, CONTROL, type Bounds, type Missing } from './parts';

interface Charge { key: string; name: string; class: string; amount: string; collectedBy: string }
interface Source { statement: string; law?: string; publisher?: string; url?: string; date?: string }
interface Reason { charge: string; name: string; rule?: string; base?: string; says?: string; sources: Source[] }
interface Edition { authority: string; number: number; published?: string; sha256: string }
interface LandedCost {
  terms?: 'ddp' | 'dap'; state: string; outcome?: string; charges: Charge[]; total?: string; currencyCode: string; range?: Bounds; onDelivery?: Bounds;
  missing: Missing[]; notice?: string; messages: string[]; warnings: string[]; assumptions: string[]; why?: string; date?: string; askedAt: string;
  fingerprint: string; editions?: Edition[]; ratebook?: string; quoteSha256: string[]; consignments: unknown; returned: { line: string; quantity: string | number }[]; reasons: Reason[];
}
interface Line { id: string; quantity: number; productVariant: { name: string; sku: string } }

const QUERY = `query ($id: ID!) {
  landedCost(orderId: $id) {
    terms state outcome charges { key name class amount collectedBy } total currencyCode range { least most } onDelivery { least most }
    missing { fact question narrowsBy narrowsCurrency } notice messages warnings assumptions why date askedAt fingerprint editions ratebook quoteSha256
    consignments returned reasons { charge name rule base says sources { statement law publisher url date } }
  }
}`;
const PREVIEW = 'query ($input: LandedCostReturnInput!) { it: landedCostRefund(input: $input) { charges { key name amount } total currencyCode left date } }';
const PAY_BACK = 'mutation ($input: RefundLandedCostInput!) { it: refundLandedCost(input: $input) { charges { key name amount } total currencyCode left date } }';

const TERMS = {
  ddp: 'Duty paid (DDP). The buyer paid duty, tax and fees with the order. Your shop pays what is due at the border.',
  dap: 'Duty unpaid (DAP). The order holds only what your shop must collect itself. The buyer pays the rest at the door.',
};
const STATES: Record<string, string> = {
  quoted: 'The amounts are those of the answer to this very basket.',
  stale: 'No answer came in time. The amounts are those of the last answer to the same basket.',
  offline: 'The server was away. The amounts were computed here, from data that was kept.',
  unavailable: 'No answer came. Nothing was charged for duty, tax and fees.',
};

export function OrderBlock({ context }: { context: { entity?: { id: string; payments?: unknown[]; lines: Line[] } } }) {
  const order = context.entity;
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['tidewaiter', 'order', order?.id], enabled: Boolean(order), refetchOnWindowFocus: false,
    queryFn: () => api.query<{ landedCost: LandedCost | null }>(QUERY, { id: order?.id }),
  });
  // What was read stays where reading it again fails.
  if (error && !data) return <Status isError text={errorText(error)} />;
  if (!order || isPending || !data) return <p className="text-sm">Loading…</p>;
  const found = data.landedCost;
  if (!found) return <p className="text-sm" data-tidewaiter="order">Nothing was asked for this order: it has no address yet, or no border is on its way.</p>;
  return (
    <div className="grid gap-4" data-tidewaiter="order">
      <div className="text-sm grid gap-1">
        <p>{found.terms ? TERMS[found.terms] : 'No delivery is chosen yet. This is what duty-paid delivery would cost.'}</p>
        <p>{STATES[found.state] ?? found.state}{found.why ? ` Cause: ${found.why}.` : ''}</p>
        {found.date ? <p>Law of {found.date}. Asked on {new Date(found.askedAt).toLocaleString('en')}.</p> : null}
      </div>
      {found.notice ? <p className="text-sm font-medium border-s-4 ps-3">{found.notice}</p> : null}
      <Charges found={found} />
      {found.terms === 'dap' && found.onDelivery ? <p className="text-sm">At the door the buyer pays {range(found.onDelivery, found.currencyCode)}. It is not in the order.</p> : null}
      {found.missing.length > 0 ? <div><h2 className="font-medium text-sm">What was not known</h2><Questions list={found.missing} isOpen={[found.range, found.onDelivery].some((one) => one != null && one.most == null)} /></div> : null}
      <div>
        <Sentences title="Warnings" list={found.warnings} open />
        <Sentences title="What was assumed" list={found.assumptions} />
        <Sentences title="What the rules say" list={found.messages} />
        <Laws reasons={found.reasons} />
        <Rests found={found} />
        <Fold title="The question that was asked">
          <pre tabIndex={0} aria-label="The question that was asked" className="overflow-auto max-h-80 text-xs border rounded p-2">{JSON.stringify(found.consignments, null, 2)}</pre>
        </Fold>
      </div>
      {order.payments?.length && found.charges.length > 0 ? <Returns key={order.id} orderId={order.id} lines={order.lines} found={found} onDone={() => void refetch()} /> : null}
    </div>
  );
}

function Charges({ found: { charges, reasons, total, currencyCode, range: bounds } }: { found: LandedCost }) {
  if (charges.length === 0) {
    return <p className="text-sm">{bounds ? `Nothing is charged. What would be due is ${range(bounds, currencyCode)}.` : 'Nothing is charged with this order.'}</p>;
  }
  return (
    <table className="w-full text-sm" aria-label="What was charged and why">
      <thead><tr className="border-b"><th scope="col" className="py-2 pe-3 text-start">Charge, and why</th><th scope="col" className="py-2 text-end">Amount</th></tr></thead>
      <tbody>
        {charges.map((row) => (
          <tr key={row.key + row.collectedBy} className="border-b align-top">
            <td className="py-2 pe-3 break-words">
              <strong className="font-medium">{row.name}</strong>, {row.collectedBy === 'seller' ? 'collected by you' : 'due at the border'}
              {reasons.filter(({ charge }) => charge === row.key).map((reason, at) => (
                <p key={at}>{[reason.rule && plain(reason.rule), reason.base && `on the ${reason.base}`].filter(Boolean).join(', ')}{reason.says ? <span className="block">{reason.says}</span> : null}</p>
              ))}
            </td>
            <td className="py-2 text-end whitespace-nowrap">{money(row.amount, currencyCode)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot><tr><th scope="row" className="py-2 pe-3 text-start">Total</th><td className="py-2 text-end font-medium whitespace-nowrap">{total === undefined ? '' : money(total, currencyCode)}</td></tr></tfoot>
    </table>
  );
}

/** Without the marks by which a rule names a rate of its file. */
const plain = (rule: string): string => rule.replace(/ \(@[\w.-]+\)/g, '');

function Laws({ reasons }: { reasons: Reason[] }) {
  const sources = [...new Map(reasons.flatMap((reason) => reason.sources).map((one) => [one.statement, one])).values()];
  if (sources.length === 0) return null;
  return (
    <Fold title={`The law behind it (${sources.length})`}>
      <ul className="list-disc ps-5 grid gap-2">
        {sources.map(({ statement, law, publisher, url, date }) => (
          <li key={statement}>{statement} {[law, publisher, date].filter(Boolean).join('; ')} {url ? <a className="underline break-all" href={url} rel="noreferrer" target="_blank">Source<span className="sr-only"> of: {statement} (opens in a new tab)</span></a> : null}</li>
        ))}
      </ul>
    </Fold>
  );
}

function Rests({ found: { editions = [], ratebook, fingerprint, quoteSha256 } }: { found: LandedCost }) {
  return (
    <Fold title={`Editions of law and tariff (${editions?.length ?? 0})`}>
      <ul className="list-disc ps-5 grid gap-1">
        {editions?.map(({ authority, number, published, sha256 }) => <li key={sha256}>{authority}, edition {number}{published ? `, published ${published}` : ''}. SHA-256: <code className="break-all text-xs">{sha256}</code></li>)}
        {ratebook ? <li>Ratebook: <code className="break-all text-xs">{ratebook}</code></li> : null}
        <li>Basket: <code className="break-all text-xs">{fingerprint}</code></li>
        {quoteSha256.map((hash) => <li key={hash}>Whole answer, SHA-256: <code className="break-all text-xs">{hash}</code></li>)}
      </ul>
    </Fold>
  );
}

interface Back { charges: { key: string; name: string; amount: string }[]; total: string; currencyCode: string; left: string; date?: string }

function Returns({ orderId, lines, found, onDone }: { orderId: string; lines: Line[]; found: LandedCost; onDone: () => void }) {
  const { hasPermissions } = usePermissions();
  const [counts, setCounts] = useState<Record<string, string>>({});
  const [keepFees, setKeepFees] = useState(false);
  const [back, setBack] = useState<Back>();
  const [told, setTold] = useState<{ text: string; isError?: boolean }>({ text: '' });
  const [isBusy, setBusy] = useState(false);
  const before = (id: string) => found.returned.filter(({ line }) => line === id).reduce((sum, { quantity }) => sum + Number(quantity), 0);
  const input = {
    orderId, ...(keepFees ? { keep: ['fee'] } : {}),
    lines: Object.entries(counts).filter(([, count]) => Number(count) > 0).map(([orderLineId, count]) => ({ orderLineId, quantity: Number(count) })),
  };
  const change = (work: () => void) => { work(); setBack(undefined); setTold({ text: '' }); };
  const ask = async (document: string, isPaid: boolean) => {
    setBusy(true);
    try {
      const { it } = isPaid ? await send<{ it: Back }>(document, { input }) : await api.query<{ it: Back }>(document, { input });
      if (isPaid) {
        setBack(undefined);
        setCounts({});
        setTold({ text: `${money(it.total, it.currencyCode)} was paid back.` });
        onDone();
      } else {
        setBack(it);
        setTold({ text: `${money(it.total, it.currencyCode)} would go back. Nothing is paid yet.` });
      }
    } catch (error) {
      setBack(undefined);
      setTold({ text: errorText(error), isError: true });
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="grid gap-3 border-t pt-4" aria-labelledby="tidewaiter-returns">
      <h2 id="tidewaiter-returns" className="font-medium">When goods come back</h2>
      <p className="text-sm">Enter how many pieces come back. The law of the sale decides what duty, tax and fees go back with them. Goods and shipping you refund as usual.</p>
      <div className="grid gap-2">
        {lines.map(({ id, quantity, productVariant }) => {
          const most = quantity - before(id);
          return (
            <div key={id} className="flex flex-wrap items-center gap-2 text-sm">
              <input id={`tidewaiter-back-${id}`} className={`${CONTROL} max-w-20`} type="number" min={0} max={most} disabled={most <= 0} value={counts[id] ?? ''} onChange={(event) => change(() => setCounts({ ...counts, [id]: event.target.value }))} />
              <label htmlFor={`tidewaiter-back-${id}`}>of {most} {productVariant.name} ({productVariant.sku})</label>
            </div>
          );
        })}
        <label className="flex items-center gap-2 text-sm"><input type="checkbox" checked={keepFees} onChange={(event) => change(() => setKeepFees(event.target.checked))} />Keep the fees</label>
      </div>
      {back ? <ul className="text-sm list-disc ps-5">{back.charges.map(({ key, name, amount }, at) => <li key={key + at}>{name}: {money(amount, back.currencyCode)}</li>)}<li>Left with you: {money(back.left, back.currencyCode)}</li></ul> : null}
      <Status {...told} />
      <div className="flex flex-wrap gap-2">
        <Button type="button" variant="outline" disabled={isBusy || input.lines.length === 0} onClick={() => void ask(PREVIEW, false)}>Show what goes back</Button>
        {back && hasPermissions(['UpdateOrder']) ? <Button type="button" disabled={isBusy} onClick={() => void ask(PAY_BACK, true)}>Pay back {money(back.total, back.currencyCode)}</Button> : null}
      </div>
    </section>
  );
}
