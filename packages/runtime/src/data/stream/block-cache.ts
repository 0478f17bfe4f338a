/** Blocks in memory: those that are expected, and a few others. */

/** Blocks that are kept though nobody expects them: those of rows that are read one after the other. */
const OTHERS = 4;

export class BlockCache<T> {
  readonly #load: (block: number) => Promise<T>;
  /** The one used last at the end. */
  readonly #loaded = new Map<number, T>();
  readonly #loading = new Map<number, Promise<T>>();
  #expected: ReadonlySet<number> = new Set();
  /** What is expected and has not been looked at yet, the next at the end. */
  #waiting: number[] = [];
  #isReading = false;
  /** One after the other, so that one that is needed waits for another at most. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(load: (block: number) => Promise<T>) {
    this.#load = load;
  }

  get(block: number): T | undefined {
    const found = this.#loaded.get(block);
    if (found === undefined || this.#expected.has(block)) return found;
    this.#loaded.delete(block);
    this.#loaded.set(block, found);
    return found;
  }

  load(block: number): Promise<T> {
    const found = this.#loaded.get(block);
    if (found !== undefined) return Promise.resolve(found);
    return this.#loading.get(block) ?? this.#start(block);
  }

  #start(block: number): Promise<T> {
    const loading = this.#last.then(() => this.#load(block));
    this.#loading.set(block, loading);
    this.#last = loading.then(
      (loaded) => {
        this.#loading.delete(block);
        this.#loaded.set(block, loaded);
        this.#forget();
      },
      () => this.#loading.delete(block),
    );
    return loading;
  }

  /** Loads a block in the background. What is wrong with it is said to whoever needs it. */
  readAhead(block: number): void {
    this.load(block).catch(() => undefined);
  }

  /** Loads these blocks in the background, in this order, and keeps them until others are expected. */
  expect(blocks: readonly number[]): void {
    this.#expected = new Set(blocks);
    this.#waiting = [...this.#expected].reverse();
    this.#forget();
    if (!this.#isReading) void this.#readExpected();
  }

  async #readExpected(): Promise<void> {
    this.#isReading = true;
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      // What is wrong with it is said to whoever needs it, when it is tried again.
      if (!this.#loaded.has(next)) await this.load(next).catch(() => undefined);
    }
    this.#isReading = false;
  }

  #forget(): void {
    const others = [...this.#loaded.keys()].filter((block) => !this.#expected.has(block));
    for (const block of others.slice(0, Math.max(0, others.length - OTHERS))) this.#loaded.delete(block);
  }
}
