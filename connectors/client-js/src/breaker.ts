// A circuit breaker: after failures in a row an engine is left alone for a while, so that an engine that hangs costs the
// shop one time limit and not one for each basket.

export interface BreakerOptions {
  /** Failures in a row that open it. */
  failures: number;
  /** How long it stays open. */
  open_ms: number;
}

export class Breaker {
  private failures = 0;
  private opened_at: number | undefined;
  private trying = false;

  constructor(
    private readonly options: BreakerOptions,
    private readonly now: () => number,
  ) {}

  /** Whether a call may go out. After the pause one may, and the others wait for what comes of it. */
  allows(): boolean {
    if (this.opened_at === undefined) return true;
    if (this.trying || this.now() - this.opened_at < this.options.open_ms) return false;
    this.trying = true;
    return true;
  }

  succeeded(): void {
    this.failures = 0;
    this.opened_at = undefined;
    this.trying = false;
  }

  failed(): void {
    this.failures += 1;
    // A call that was under way when it opened does not make the pause longer.
    if (this.trying || (this.opened_at === undefined && this.failures >= this.options.failures)) this.opened_at = this.now();
    this.trying = false;
  }

  get isOpen(): boolean {
    return this.opened_at !== undefined;
  }
}
