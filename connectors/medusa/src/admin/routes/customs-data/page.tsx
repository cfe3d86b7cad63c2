// Customs data: which products lack a goods code, an origin or a weight, what not knowing costs, and the codes that the finder suggests.
import { defineRouteConfig } from '@medusajs/admin-sdk';
import { GlobeEurope } from '@medusajs/icons';
import { Badge, Button, Container, Heading, Input, Label, Select, Text, toast } from '@medusajs/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { sdk, type Lacking } from '../../lib/sdk';

const PAGE = 20;
const FACTS = { hs_code: 'goods code', origin_country: 'origin', weight: 'weight' };

interface Country { iso_2: string; display_name: string }

const CustomsData = () => {
  const [to, setTo] = useState<string>();
  const [offset, setOffset] = useState(0);
  const client = useQueryClient();
  const { data: countries = [] } = useQuery({
    queryKey: ['tidewaiter', 'countries'],
    queryFn: async () => {
      const { regions } = await sdk.client.fetch<{ regions: { countries: Country[] }[] }>('/admin/regions?fields=*countries&limit=100');
      return regions.flatMap((region) => region.countries).sort((one, other) => one.display_name.localeCompare(other.display_name));
    },
  });
  const destination = to ?? countries[0]?.iso_2;
  const { data, error, isFetching } = useQuery({
    queryKey: ['tidewaiter', 'lacking', destination, offset],
    queryFn: () => sdk.client.fetch<{ variants: Lacking[]; count: number }>(`/admin/landed-cost/variants?to=${destination}&offset=${offset}&limit=${PAGE}`),
    enabled: destination !== undefined,
    placeholderData: (before) => before,
  });
  const again = () => client.invalidateQueries({ queryKey: ['tidewaiter', 'lacking'] });
  const suggest = useMutation({
    mutationFn: () => sdk.client.fetch<{ asked: number }>('/admin/landed-cost/goods-codes/suggestions', { method: 'POST', body: { limit: 50 } }),
    onSuccess: ({ asked }) => {
      toast.success(asked === 0 ? 'The finder was asked about all of them before.' : `The finder was asked about ${asked === 1 ? 'one product' : `${asked} products`}. Nothing is assigned yet.`);
      return again();
    },
    onError: (problem) => toast.error(problem.message),
  });
  const count = data?.count ?? 0;
  return (
    <Container className="divide-y p-0">
      <div className="flex flex-wrap items-end justify-between gap-4 px-6 py-4">
        <div>
          <Heading>Customs data</Heading>
          <Text size="small" className="text-ui-fg-subtle">
            {data ? (count === 0 ? 'All products have a goods code, an origin and a weight.' : `${count === 1 ? 'One variant lacks' : `${count} variants lack`} something that customs want to know. As long as that is so, duty-paid delivery may not be offered.`) : ' '}
          </Text>
        </div>
        <div className="flex flex-wrap items-end gap-2">
          <div>
            <Label size="xsmall" htmlFor="destination">Sent to</Label>
            <Select size="small" value={destination ?? ''} onValueChange={(value) => { setTo(value); setOffset(0); }}>
              <Select.Trigger id="destination" className="min-w-40"><Select.Value placeholder="Destination" /></Select.Trigger>
              <Select.Content>{countries.map(({ iso_2, display_name }) => <Select.Item key={iso_2} value={iso_2}>{display_name}</Select.Item>)}</Select.Content>
            </Select>
          </div>
          <Button size="small" variant="secondary" isLoading={suggest.isPending} onClick={() => suggest.mutate()}>Suggest goods codes</Button>
        </div>
      </div>
      {error && <Text size="small" className="text-ui-fg-error px-6 py-4">{error.message}</Text>}
      <ul aria-busy={isFetching} className="divide-y">
        {data?.variants.map((one) => <Row key={one.variant_id} of={one} onAssigned={again} />)}
      </ul>
      {count > PAGE && (
        <div className="flex items-center justify-between px-6 py-4">
          <Text size="small">{offset + 1} to {Math.min(offset + PAGE, count)} of {count}</Text>
          <div className="flex gap-2">
            <Button size="small" variant="secondary" disabled={offset === 0} onClick={() => setOffset(offset - PAGE)}>Back</Button>
            <Button size="small" variant="secondary" disabled={offset + PAGE >= count} onClick={() => setOffset(offset + PAGE)}>On</Button>
          </div>
        </div>
      )}
    </Container>
  );
};

const Row = ({ of: one, onAssigned }: { of: Lacking; onAssigned: () => void }) => {
  const [code, setCode] = useState('');
  const assign = useMutation({
    mutationFn: () => sdk.client.fetch('/admin/landed-cost/goods-codes', { method: 'POST', body: { codes: [{ product_id: one.product_id, goods_code: code.trim() }] } }),
    onSuccess: () => { toast.success(`${one.name} has the goods code ${code.trim()}`); onAssigned(); },
    onError: (problem) => toast.error(problem.message),
  });
  const id = `code-${one.variant_id}`;
  return (
    <li className="grid gap-3 px-6 py-4 md:grid-cols-2">
      <div>
        <Link to={`/products/${one.product_id}`} className="txt-compact-small-plus text-ui-fg-interactive">{one.name}</Link>
        {one.sku && <Text size="xsmall" className="text-ui-fg-subtle">{one.sku}</Text>}
        <div className="mt-1 flex flex-wrap gap-1">{one.lacks.map((fact) => <Badge key={fact} size="2xsmall" color="orange">no {FACTS[fact]}</Badge>)}</div>
        <Text size="small" className="mt-1">For one piece, {one.says}.</Text>
      </div>
      {one.lacks.includes('hs_code') && (
        <div>
          {one.suggestions?.length === 0 && <Text size="small" className="text-ui-fg-subtle mb-2">The finder knows no code for this name. More words in the title help it.</Text>}
          {one.suggestions && one.suggestions.length > 0 && (
            <div className="mb-2 flex flex-col items-start gap-1">
              {one.suggestions.map((suggestion) => (
                <Button key={suggestion.code} size="small" variant="transparent" className="h-auto whitespace-normal text-left" onClick={() => setCode(suggestion.code)}>
                  {suggestion.code}, {suggestion.percent} %: {suggestion.title}
                </Button>
              ))}
            </div>
          )}
          <form className="flex items-end gap-2" onSubmit={(event) => { event.preventDefault(); assign.mutate(); }}>
            <div className="grow">
              <Label size="xsmall" htmlFor={id}>Goods code</Label>
              <Input id={id} size="small" inputMode="numeric" placeholder="6109.10" value={code} onChange={(event) => setCode(event.target.value)} />
            </div>
            <Button size="small" type="submit" disabled={code.trim() === ''} isLoading={assign.isPending}>Confirm</Button>
          </form>
        </div>
      )}
      {!one.lacks.includes('hs_code') && <Text size="small" className="text-ui-fg-subtle">Fill it in on the page of the product, under Attributes.</Text>}
    </li>
  );
};

export const config = defineRouteConfig({ label: 'Customs data', icon: GlobeEurope });

export default CustomsData;
