/** Numbers by value, for one question after another about a program that is long: what was noted for the last is forgotten at no cost. */
import type { ValueId } from '@sbn/program';

export class ValueNumbers {
  #numbers = new Int32Array(256);
  /** Which question each number is for. */
  #questions = new Int32Array(256);
  #question = 0;

  /** Forgets all numbers, and takes those of values below `size` from now on. */
  begin(size: number): void {
    this.#question += 1;
    if (size <= this.#numbers.length) return;
    this.#numbers = new Int32Array(2 * size);
    this.#questions = new Int32Array(2 * size);
  }

  /** −1 where there is none. */
  get(value: ValueId): number {
    return this.#questions[value] === this.#question ? (this.#numbers[value] ?? -1) : -1;
  }

  set(value: ValueId, number: number): void {
    this.#questions[value] = this.#question;
    this.#numbers[value] = number;
  }
}
