// Why an engine gave no answer, and whether that speaks against the engine.
import type { Problem } from './answer';

export type Why = 'timeout' | 'refused' | 'unreachable' | 'bad answer' | 'question' | `http ${number}`;

export class EngineFailure extends Error {
  override readonly name = 'EngineFailure';

  constructor(
    readonly why: Why,
    /** What was wrong, in a sentence for a log. */
    readonly detail: string = why,
    readonly problems: Problem[] = [],
  ) {
    super(detail);
  }

  /** Whether the engine itself is in trouble. An engine that refuses a wrong question is well. */
  get isOfEngine(): boolean {
    if (this.why === 'question') return false;
    const status = /^http (\d+)$/.exec(this.why)?.[1];
    if (status === undefined) return true;
    return !(status.startsWith('4') && status !== '408' && status !== '429');
  }
}
