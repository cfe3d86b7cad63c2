// Why each row is charged: the rules that the quote followed and the law behind them, as they were at the sale.
import type { Answer } from '@tidewaiter/client';

/** A charge of very many kinds of goods follows very many rules; what is kept with the order is bounded. */
const MOST_RULES_OF_A_CHARGE = 20;

export interface Reason {
  /** Key of the charge. */
  charge: string;
  name: string;
  rule?: string;
  base_rule?: string;
  says?: string;
  /** Keys of sources. */
  cites: string[];
}

export interface Source {
  statement: string;
  law?: string;
  publisher?: string;
  url?: string;
  date?: string;
}

export interface Reasons {
  rules: Reason[];
  sources: Record<string, Source>;
  /** Of charges, by their keys: the base of one names others, also those that came to nothing. */
  names?: Record<string, string>;
}

export function reasonsOf(answers: readonly Answer[]): Reasons {
  const rules: Reason[] = [];
  const sources: Record<string, Source> = {};
  const names: Record<string, string> = {};
  for (const { quote } of answers) {
    const known = new Map((listOf(quote?.['sources'])).map((one) => [String(one['key']), one]));
    for (const charge of quote?.charges ?? []) {
      names[charge.key] = charge.name;
      for (const treatment of charge.treatments) {
        const rule: Reason = {
          charge: charge.key, name: String(treatment['name'] ?? charge.name), ...texts(treatment, ['rule', 'base_rule', 'says']),
          cites: Array.isArray(treatment['cites']) ? treatment['cites'].map(String) : [],
        };
        const ofCharge = rules.filter((one) => one.charge === rule.charge);
        if (ofCharge.length >= MOST_RULES_OF_A_CHARGE || ofCharge.some((one) => one.name === rule.name && one.rule === rule.rule)) continue;
        rules.push(rule);
        for (const key of rule.cites) {
          const source = known.get(key);
          if (source) sources[key] = { statement: String(source['statement'] ?? ''), ...texts(source, ['law', 'publisher', 'url', 'date']) };
        }
      }
    }
  }
  return { rules, sources, names };
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
}

function texts<Key extends string>(from: Record<string, unknown>, keys: readonly Key[]): { [key in Key]?: string } {
  return Object.fromEntries(keys.filter((key) => typeof from[key] === 'string').map((key) => [key, from[key]])) as { [key in Key]?: string };
}
