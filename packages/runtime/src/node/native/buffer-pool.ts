/** Memory of tensors, used again: a step's results lie where those of the step before the last did. */

import type { KernelMemory } from '../../wasm/kernel-memory.js';

/** Whatever gives arrays and takes them back. */
export interface ArraySource {
  /** An array of this length, of any content. */
  take(length: number): Float32Array;
  giveBack(array: Float32Array): void;
}

/** Arrays in the kernels' memory while there are any, else those of a pool. */
export class KernelArrays implements ArraySource {
  readonly #memory: KernelMemory;
  readonly #others: ArraySource;

  constructor(memory: KernelMemory, others: ArraySource) {
    this.#memory = memory;
    this.#others = others;
  }

  take(length: number): Float32Array {
    return this.#memory.take(length) ?? this.#others.take(length);
  }

  giveBack(array: Float32Array): void {
    if (this.#memory.has(array)) this.#memory.giveBack(array);
    else this.#others.giveBack(array);
  }
}

export class BufferPool implements ArraySource {
  readonly #free = new Map<number, Float32Array[]>();
  #inUse = 0;
  #mostInUse = 0;
  #kept = 0;

  /** Numbers in tensors that are not disposed of. */
  get inUse(): number {
    return this.#inUse;
  }

  /** An array of this length, of any content. */
  take(length: number): Float32Array {
    this.#inUse += length;
    this.#mostInUse = Math.max(this.#mostInUse, this.#inUse);
    const found = this.#free.get(length)?.pop();
    if (found === undefined) return new Float32Array(length);
    this.#kept -= length;
    return found;
  }

  /** Takes an array back. No more is kept than was ever in use at once. */
  giveBack(array: Float32Array): void {
    const { length } = array;
    this.#inUse -= length;
    if (this.#inUse + this.#kept + length > this.#mostInUse) {
      this.#free.clear();
      this.#kept = 0;
    }
    this.#kept += length;
    const same = this.#free.get(length);
    if (same === undefined) this.#free.set(length, [array]);
    else same.push(array);
  }
}
