// The last answers, the least recently used of which leaves when there are too many.

export class Cache<Value> {
  private readonly held = new Map<string, Value>();

  constructor(private readonly most: number) {}

  get(key: string): Value | undefined {
    const value = this.held.get(key);
    if (value !== undefined) {
      // A map keeps the order of insertion: what is used goes to its end.
      this.held.delete(key);
      this.held.set(key, value);
    }
    return value;
  }

  set(key: string, value: Value): void {
    this.held.delete(key);
    this.held.set(key, value);
    for (const oldest of this.held.keys()) {
      if (this.held.size <= this.most) break;
      this.held.delete(oldest);
    }
  }

  get size(): number {
    return this.held.size;
  }

  clear(): void {
    this.held.clear();
  }
}
