// The landed cost that is kept, as the APIs show it.
import type { Stored } from './stored';

/** For the buyer. */
export function viewOf({ chosen, snapshots, told }: Stored) {
  const isCharged = chosen !== null && told.proceed === chosen;
  const isUnsure = told.state === 'unavailable' || (chosen !== null && told.proceed !== chosen && told.proceed !== 'none');
  return {
    terms: chosen,
    state: told.state,
    outcome: told.outcome ?? null,
    offered: [...(told.may_sell_ddp ? ['ddp'] : []), ...(told.may_sell_dap ? ['dap'] : [])],
    charges: isCharged ? told.charges.map(({ key, name, class: kind, amount, collected_by }) => ({ key, name, class: kind, amount, collected_by })) : [],
    total: isCharged ? told.total ?? null : null,
    currency_code: told.currency.toLowerCase(),
    range: told.bounds ?? null,
    on_delivery: told.on_delivery ?? null,
    missing: told.missing,
    notice: isUnsure ? [...told.warnings, ...told.messages].join(' ') || 'What is due cannot be said for this delivery.' : null,
    messages: told.messages,
    warnings: told.warnings,
    asked_at: snapshots[0]?.asked_at ?? null,
  };
}

/** For the staff: with all that it rests on. */
export function wholeViewOf(stored: Stored) {
  const { snapshots, told, returned, order_lines = {} } = stored;
  const lineOf = new Map(Object.entries(order_lines).map(([order, cart]) => [cart, order]));
  return {
    ...viewOf(stored),
    charges: told.proceed === stored.chosen ? told.charges : [],
    assumptions: told.assumptions,
    why: told.why ?? null,
    date: snapshots[0]?.date ?? null,
    editions: snapshots[0]?.editions ?? [],
    ratebook: snapshots[0]?.ratebook ?? null,
    fingerprints: snapshots.map((one) => one.fingerprint),
    quote_sha256: snapshots.flatMap((one) => one.quote_sha256 ?? []),
    snapshots,
    returned: returned.map(({ line, quantity }) => ({ item_id: lineOf.get(line) ?? line, quantity })),
  };
}
