// What is wrong is said once for each thing that is wrong, not once for each cart.
import type { EngineFailure } from '../failure';

/** More things than these are as good as new ones: the memory of a log is bounded. */
const MOST_KEPT = 500;

export function once(say: (text: string) => void): (text: string, key?: string) => void {
  const said = new Set<string>();
  return (text, key = text) => {
    if (said.has(key)) return;
    if (said.size >= MOST_KEPT) said.clear();
    said.add(key);
    say(text);
  };
}

/** Tells failures of engines: a question that is refused by its fields and reasons, the others each time. */
export function failuresTo(say: (text: string) => void): (engine: string, failure: EngineFailure) => void {
  const sayOnce = once(say);
  return (engine, { why, detail, problems }) => {
    if (why !== 'question') return say(`${engine}: ${detail}`);
    if (problems.length === 0) return sayOnce(`${engine} refuses the question and does not say why`);
    for (const { field, value, message } of problems) {
      // The third line of one cart and the fourth of another are wrong in the same way.
      sayOnce(`${engine} refuses the question: ${problemText({ field, value, message })}`, `${engine} ${field} ${message}`.replace(/\d+/g, '#'));
    }
  };
}

/** "to: "UK" is not a territory known here" */
export const problemText = ({ field, value, message }: { field: string; value: string; message: string }): string =>
  `${field}: ${value === '' ? '' : `${JSON.stringify(value)} `}${message}`;
