// What is kept of a cart and its order: the snapshot for good, and what the buyer was told with it.
import { snapshot, type Answer, type Returned, type Snapshot } from '@tidewaiter/client';
import type { Chosen } from './cart';
import type { Asked } from './parcels';

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
  chosen: Chosen;
  /** Of each parcel; most orders have one. */
  snapshots: Snapshot[];
  told: Told;
  /** What has come back since, by the lines of the cart. */
  returned: Returned[];
  /** The lines of the order, and which of the cart they were. */
  order_lines?: Record<string, string>;
}

export function storedOf({ together, parts }: Asked, chosen: Chosen): Stored {
  const told = Object.fromEntries(TOLD.filter((key) => together[key] !== undefined).map((key) => [key, together[key]])) as Told;
  return { version: 1, chosen, snapshots: parts.map(snapshot), told, returned: [] };
}
