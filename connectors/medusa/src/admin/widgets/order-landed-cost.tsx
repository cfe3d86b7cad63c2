// On the page of an order: what was charged for the border, and why.
import { defineWidgetConfig } from '@medusajs/admin-sdk';
import type { AdminOrder, DetailWidgetProps } from '@medusajs/framework/types';
import { Badge, Container, Heading, Text } from '@medusajs/ui';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { sdk, type LandedCost } from '../lib/sdk';

const STATES: Record<string, ['green' | 'orange' | 'red' | 'grey', string]> = {
  quoted: ['green', 'Quoted'],
  offline: ['green', 'Quoted offline'],
  stale: ['orange', 'From an earlier answer'],
  unavailable: ['red', 'No answer at the sale'],
  none_due_here: ['grey', 'Nothing asked'],
};
const CLASSES = { duty: 'Duty', tax: 'Tax', fee: 'Fee' };
const COLLECTED = { border: 'paid at the border', seller: 'declared by the shop' };
const TERMS = { ddp: 'Duty paid (DDP)', dap: 'Duty unpaid (DAP)' };

const OrderLandedCost = ({ data: order }: DetailWidgetProps<AdminOrder>) => {
  const { data, isLoading, error } = useQuery({
    queryKey: ['tidewaiter', 'order', order.id],
    queryFn: () => sdk.client.fetch<{ landed_cost: LandedCost }>(`/admin/orders/${order.id}/landed-cost`),
    retry: false,
  });
  const cost = data?.landed_cost;
  const [color, label] = STATES[cost?.state ?? ''] ?? ['grey', cost?.state ?? ''];
  const isAbsent = (error as { status?: number } | null)?.status === 404;
  return (
    <Container className="divide-y p-0">
      <div className="flex flex-wrap items-center justify-between gap-2 px-6 py-4">
        <Heading level="h2">Duty and import tax</Heading>
        {cost && (
          <div className="flex flex-wrap gap-2">
            {cost.terms && <Badge size="2xsmall">{TERMS[cost.terms]}</Badge>}
            <Badge size="2xsmall" color={color}>{label}</Badge>
          </div>
        )}
      </div>
      {isLoading && <Line>Loading</Line>}
      {isAbsent && <Line>Nothing was quoted for this order.</Line>}
      {error && !isAbsent && <Line>What was charged could not be read: {error.message}</Line>}
      {cost && <Charged cost={cost} />}
      {cost && <Why cost={cost} />}
    </Container>
  );
};

const Line = ({ children }: { children: ReactNode }) => <Text size="small" className="text-ui-fg-subtle px-6 py-4">{children}</Text>;

const Charged = ({ cost }: { cost: LandedCost }) => {
  const currency = cost.currency_code.toUpperCase();
  return (
    <div className="px-6 py-4">
      {cost.charges.length === 0 && <Text size="small" className="text-ui-fg-subtle">Nothing was charged at checkout.</Text>}
      {cost.charges.map((charge) => (
        <div key={`${charge.key} ${charge.collected_by}`} className="flex items-start justify-between gap-4 py-1">
          <div>
            <Text size="small" weight="plus">{charge.name}</Text>
            <Text size="xsmall" className="text-ui-fg-subtle">{CLASSES[charge.class]}, {COLLECTED[charge.collected_by]}</Text>
          </div>
          <Text size="small" className="whitespace-nowrap tabular-nums">{charge.amount} {currency}</Text>
        </div>
      ))}
      {cost.total && cost.charges.length > 0 && (
        <div className="mt-2 flex justify-between border-t pt-2">
          <Text size="small" weight="plus">Charged at checkout</Text>
          <Text size="small" weight="plus" className="whitespace-nowrap tabular-nums">{cost.total} {currency}</Text>
        </div>
      )}
      {cost.terms === 'dap' && (
        <Text size="small" className="text-ui-fg-subtle mt-2">
          {cost.on_delivery
            ? `The buyer pays ${cost.on_delivery.least === cost.on_delivery.most ? cost.on_delivery.least : `from ${cost.on_delivery.least} to ${cost.on_delivery.most ?? 'an unknown amount'}`} ${currency} on delivery.`
            : 'What the buyer pays on delivery is not known.'}
        </Text>
      )}
      {cost.notice && <Text size="small" className="text-ui-fg-error mt-2">{cost.notice}</Text>}
    </div>
  );
};

const Why = ({ cost }: { cost: LandedCost }) => (
  <details className="px-6 py-4">
    <summary className="txt-compact-small-plus cursor-pointer">Why</summary>
    <ul className="text-ui-fg-subtle txt-small mt-2 list-disc pl-4">
      {[...cost.messages, ...cost.assumptions, ...cost.warnings].map((sentence) => <li key={sentence}>{sentence}</li>)}
      {cost.why && <li>The engine did not answer: {cost.why}</li>}
      {cost.date && <li>By the law of {cost.date}</li>}
      {cost.editions.map((one) => <li key={one.sha256}>{one.authority}, edition {one.number} <Hash of={one.sha256} /></li>)}
      {cost.ratebook && <li>Ratebook <Hash of={cost.ratebook} /></li>}
      {cost.quote_sha256.map((one) => <li key={one}>Quote <Hash of={one} /></li>)}
      {cost.returned.length > 0 && <li>Went back with {cost.returned.reduce((sum, { quantity }) => sum + quantity, 0)} returned pieces</li>}
    </ul>
  </details>
);

const Hash = ({ of }: { of: string }) => <code className="text-ui-fg-muted break-all text-xs">{of}</code>;

export const config = defineWidgetConfig({ zone: 'order.details.after' });

export default OrderLandedCost;
