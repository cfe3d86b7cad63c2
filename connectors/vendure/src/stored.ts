// What stands on the order: the snapshot that is kept for good, and what the buyer was told with it.
import type { Order } from '@vendure/core';
import { snapshot, type Answer, type Returned, type Snapshot, type Terms } from '@tidewaiter/client';
import type { Asked } from './parcels';
import type { OrderFields } from './custom-fields';
import { reasonsOf, type Reasons } from './reasons';

/** What is shown, of all parcels together. */
type Told = Pick<
  Answer,
  | 'state' | 'outcome' | 'charges' | 'total' | 'currency' | 'may_sell_ddp' | 'may_sell_dap' | 'proceed' | 'bounds' | 'on_delivery'
  | 'missing' | 'messages' | 'warnings' | 'assumptions' | 'why'
>;

const TOLD = [
  'state', 'outcome', 'charges', 'total', 'currency', 'may_sell_ddp', 'may_sell_dap', 'proceed', 'bounds', 'on_delivery',
  'missing', 'messages', 'warnings', 'assumptions', 'why',
] as const;

export interface Stored {
  version: 1;
  /** The terms of the delivery that is chosen; `null` while none is. */
  chosen: Terms | null;
  /** Of each parcel; most orders have one. */
  snapshots: [Snapshot, ...Snapshot[]];
  told: Told;
  /** Why; absent where there was no quote. */
  reasons?: Reasons;
  /** What has come back since. */
  returned: Returned[];
}

export function storedOf({ together, parts }: Asked, chosen: Terms | null): Stored {
  const told = Object.fromEntries(TOLD.filter((key) => together[key] !== undefined).map((key) => [key, together[key]])) as Told;
  return { version: 1, chosen, snapshots: parts.map(snapshot) as Stored['snapshots'], told, reasons: reasonsOf(parts), returned: [] };
}

export function readStored(order: Pick<Order, 'customFields'>): Stored | undefined {
  const text = (order.customFields as OrderFields | undefined)?.landedCost;
  if (!text) return undefined;
  const stored = JSON.parse(text) as Stored;
  if (stored.version !== 1) throw new Error(`the landed cost on the order is of version ${stored.version}; this plugin reads version 1`);
  return stored;
}
