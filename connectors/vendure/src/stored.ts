// What stands on the order: the snapshot that is kept for good, and what the buyer was told with it.
import type { Order } from '@vendure/core';
import { snapshot, type Answer, type Returned, type Snapshot, type Terms } from '@tidewaiter/client';
import type { OrderFields } from './custom-fields';

type Told = Pick<
  Answer,
  'may_sell_ddp' | 'may_sell_dap' | 'proceed' | 'bounds' | 'on_delivery' | 'missing' | 'messages' | 'warnings' | 'assumptions'
>;

export interface Stored {
  version: 1;
  /** The terms of the delivery that is chosen; `null` while none is. */
  chosen: Terms | null;
  snapshot: Snapshot;
  told: Told;
  /** What has come back since. */
  returned: Returned[];
}

export function storedOf(answer: Answer, chosen: Terms | null): Stored {
  const { may_sell_ddp, may_sell_dap, proceed, bounds, on_delivery, missing, messages, warnings, assumptions } = answer;
  return {
    version: 1,
    chosen,
    snapshot: snapshot(answer),
    told: {
      may_sell_ddp, may_sell_dap, proceed, missing, messages, warnings, assumptions,
      ...(bounds === undefined ? {} : { bounds }),
      ...(on_delivery === undefined ? {} : { on_delivery }),
    },
    returned: [],
  };
}

export function readStored(order: Pick<Order, 'customFields'>): Stored | undefined {
  const text = (order.customFields as OrderFields | undefined)?.landedCost;
  if (!text) return undefined;
  const stored = JSON.parse(text) as Stored;
  if (stored.version !== 1) throw new Error(`the landed cost on the order is of version ${stored.version}; this plugin reads version 1`);
  return stored;
}
