// Small parts that the pages share.
import { api } from '@vendure/dashboard';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

export interface Bounds { least: string; most?: string | null }
export interface Missing { fact: string; question: string; narrowsBy?: string | null; narrowsCurrency: string }

/** Decimal strings stay exact: what formats them takes them as text. */
export function money(amount: string, currency: string): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' }).format(amount as unknown as number);
}

export function range({ least, most }: Bounds, currency: string): string {
  if (most == null) return `at least ${money(least, currency)}; no upper limit is known`;
  return least === most ? money(least, currency) : `between ${money(least, currency)} and ${money(most, currency)}`;
}

/** `isOpen`: no upper limit is known, so nothing is narrowed by any sum. */
export function Questions({ list, isOpen }: { list: Missing[]; isOpen: boolean }) {
  return (
    <ul className="list-disc ps-5 text-sm">
      {list.map((one, at) => (
        <li key={at}>
          {one.question} {isOpen ? <strong>Without it the amount is not known.</strong> : one.narrowsBy ? <strong>Not knowing it leaves {money(one.narrowsBy, one.narrowsCurrency)} open.</strong> : null}
        </li>
      ))}
    </ul>
  );
}

export function Sentences({ title, list, open }: { title: string; list: string[]; open?: boolean }) {
  if (list.length === 0) return null;
  return (
    <Fold title={`${title} (${list.length})`} open={open}>
      <ul className="list-disc ps-5">{list.map((text) => <li key={text}>{text}</li>)}</ul>
    </Fold>
  );
}

export function Fold({ title, open, children }: { title: string; open?: boolean; children: ReactNode }) {
  return (
    <details className="text-sm" open={open}>
      <summary className="cursor-pointer font-medium py-1">{title}</summary>
      <div className="py-2 break-words">{children}</div>
    </details>
  );
}

/** What screen readers say when it changes. */
export function Status({ text, isError }: { text: string; isError?: boolean }) {
  return <p role="status" className={`text-sm min-h-5 ${isError ? 'text-destructive font-medium' : ''}`}>{text}</p>;
}

export const CONTROL = 'h-9 w-full rounded-md border border-input bg-background px-2 text-sm text-foreground focus-visible:outline-2 focus-visible:outline-ring';

export interface Country { code: string; name: string }

/** The countries that the shop sells to, as it has them. */
export function useCountries(): Country[] {
  const { data } = useQuery({
    queryKey: ['tidewaiter', 'countries'],
    queryFn: () => api.query<{ countries: { items: Country[] } }>('query { countries(options: { take: 1000, filter: { enabled: { eq: true } }, sort: { name: ASC } }) { items { code name } } }'),
  });
  return data?.countries.items ?? [];
}

export function Destination({ id, value, onChange, countries }: { id: string; value: string; onChange: (code: string) => void; countries: Country[] }) {
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-sm font-medium">Destination</label>
      <select id={id} className={CONTROL} value={value} onChange={(event) => onChange(event.target.value)}>
        {countries.map(({ code, name }) => <option key={code} value={code}>{name} ({code})</option>)}
      </select>
    </div>
  );
}

export const errorText = (error: unknown): string => (error instanceof Error ? error.message.replace(/^GraphQL Error: /, '') : String(error));

export const send = <Answer,>(document: string, variables: object): Promise<Answer> => api.mutate(document, variables) as Promise<Answer>;
