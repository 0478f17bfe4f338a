/** What decides a random text: a list of numbers, each of which is one decision. */
import fc, { type Arbitrary } from 'fast-check';

const RANGE = 1 << 16;

/** Texts take up to a few hundred decisions; where the numbers end, the first of what there is to choose is chosen. */
const MOST = 1200;

/** Shorter lists of smaller numbers make simpler texts, so what shrinks a list shrinks the text. */
export const decisions: Arbitrary<readonly number[]> = fc.array(fc.nat(RANGE - 1), { maxLength: MOST, size: 'max' });

export class Choices {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** A whole number from 0 to `count` − 1; smaller numbers of the list give smaller ones. */
  below(count: number): number {
    const number = this.#numbers[this.#next] ?? 0;
    this.#next += 1;
    return Math.floor((number * count) / RANGE);
  }

  /** From `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True in so many of a hundred cases; false is simpler. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }

  /** One of them; the first is the simplest. */
  pick<T>(options: readonly [T, ...T[]]): T {
    return options[this.below(options.length)] ?? options[0];
  }

  /** One of some words. */
  word<T extends string>(...options: readonly [T, ...T[]]): T {
    return this.pick(options);
  }

  /** The same of a list that may be empty. */
  pickAny<T>(options: readonly T[]): T | undefined {
    return options[this.below(Math.max(1, options.length))];
  }
}
