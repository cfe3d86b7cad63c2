// The stored landed cost as the APIs show it.
import type { Bounds, Charge, Missing } from '@tidewaiter/client';
import { minorOf } from './money';
import type { Reasons } from './reasons';
import type { Sale, Setup } from './setup.service';
import type { Stored } from './stored';
import { inWords } from './words';

const boundsOf = (bounds: Bounds | undefined) => bounds && { least: bounds.least, most: bounds.most };

export const chargeOf = (charge: Charge, precision: number) => ({
  key: charge.key,
  name: charge.name,
  class: charge.class,
  kind: charge.kind,
  amount: charge.amount,
  price: minorOf(charge.amount, precision),
  collectedBy: charge.collected_by,
});

export const missingOf = (one: Missing) => ({
  fact: one.fact,
  orderLineId: one.line,
  question: one.question,
  narrowsBy: one.narrows_by,
  narrowsCurrency: one.narrows_currency,
});

function reasonViews({ rules, sources, names = {} }: Reasons) {
  return rules.map(({ charge, name, rule, base_rule, says, cites }) => ({ charge, name, rule, baseRule: base_rule, base: base_rule && inWords(base_rule, new Map(Object.entries(names))), says, sources: cites.flatMap((key) => sources[key] ?? []) }));
}

export function viewOf({ chosen, snapshots, told, reasons, returned }: Stored, precision: number) {
  const [snapshot] = snapshots;
  const isCharged = chosen !== null && told.proceed === chosen;
  const offered = [...(told.may_sell_ddp ? ['ddp'] : []), ...(told.may_sell_dap ? ['dap'] : [])];
  const isUnsure = told.state === 'unavailable' || (chosen !== null && told.proceed !== chosen);
  return {
    terms: chosen,
    state: told.state,
    outcome: told.outcome,
    offered,
    charges: isCharged ? told.charges.map((charge) => chargeOf(charge, precision)) : [],
    total: isCharged ? told.total : undefined,
    currencyCode: told.currency,
    range: boundsOf(told.bounds),
    onDelivery: boundsOf(told.on_delivery),
    missing: told.missing.map(missingOf),
    notice: isUnsure ? [...told.warnings, ...told.messages].join(' ') || 'What is due cannot be said for this delivery.' : undefined,
    messages: told.messages,
    warnings: told.warnings,
    assumptions: told.assumptions,
    why: told.why,
    date: snapshot.date,
    askedAt: snapshot.asked_at,
    fingerprint: snapshots.map((one) => one.fingerprint).join(' '),
    editions: snapshot.editions,
    ratebook: snapshot.ratebook,
    quoteSha256: snapshots.flatMap((one) => one.quote_sha256 ?? []),
    consignments: snapshots.map((one) => one.consignment),
    returned,
    reasons: reasons ? reasonViews(reasons) : [],
  };
}

const saleView = (sale: Sale | undefined) => sale && { checkoutDdp: boundsOf(sale.checkoutDdp), checkoutDap: boundsOf(sale.checkoutDap), onDelivery: boundsOf(sale.onDelivery) };

export function setupView({ currency, missing, sale, registrations, ...rest }: Setup) {
  return {
    ...rest, currencyCode: currency, sale: saleView(sale), missing: missing.map(missingOf),
    registrations: registrations.map((one) => ({ ...one, with: saleView(one.with), without: saleView(one.without) })),
  };
}
