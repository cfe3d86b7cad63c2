// Whether a goods code exists, as far as the engine knows: its first six digits are the same in all countries.
import { EngineRefusal, readFromEngine, type EngineAddress } from './read';

/** Codes of it are for statistics, not for goods that are sold. */
const UNSORTED = '99';

export interface CheckedCode {
  code: string;
  /** `null` where it could not be checked. */
  isKnown: boolean | null;
  /** The title, or why not. */
  says: string;
}

export class CodeBook {
  private readonly found = new Map<string, Promise<Omit<CheckedCode, 'code'>>>();
  /** Why the engine gave no answer: then it is not waited for again for each code. */
  private away: string | undefined;

  constructor(private readonly engine: EngineAddress) {}

  async check(codes: readonly string[]): Promise<CheckedCode[]> {
    const all: CheckedCode[] = [];
    for (const code of codes) all.push({ code, ...(await this.one(code)) });
    return all;
  }

  private one(code: string): Promise<Omit<CheckedCode, 'code'>> {
    const digits = code.replace(/[. ]/g, '');
    if (!/^\d{2,12}$/.test(digits)) return Promise.resolve({ isKnown: false, says: `${code} is no goods code: write 2 to 12 digits` });
    if (digits.length % 2 === 1) {
      return Promise.resolve({ isKnown: false, says: `${code} has ${digits.length} digits, and goods codes come in pairs of them: a spreadsheet may have dropped a zero` });
    }
    const general = digits.slice(0, 6);
    const known = this.found.get(general) ?? this.look(general, code);
    this.found.set(general, known);
    return known;
  }

  private async look(general: string, code: string): Promise<Omit<CheckedCode, 'code'>> {
    if (this.away !== undefined) return { isKnown: null, says: `${code} could not be checked: ${this.away}` };
    try {
      const { title } = await readFromEngine<{ title: string }>(this.engine, `v1/goods-codes/${general}`);
      if (general.startsWith(UNSORTED)) return { isKnown: false, says: `${code} is no code of goods that are sold: ${title}` };
      return { isKnown: true, says: title };
    } catch (error) {
      if (error instanceof EngineRefusal && error.status === 404) return { isKnown: false, says: `${code} does not exist: there is no ${general} in the Harmonized System` };
      this.away = (error as Error).message;
      return { isKnown: null, says: `${code} could not be checked: ${this.away}` };
    }
  }
}
