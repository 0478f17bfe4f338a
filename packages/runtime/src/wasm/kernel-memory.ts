/** Memory that kernels work in, with room for arrays that stay in it from step to step. */

const PAGE = 2 ** 16;
const VECTOR = 16;

export class KernelMemory {
  readonly memory: WebAssembly.Memory;
  /** All of it, as numbers. It never grows, which would take the arrays away from those who have them. */
  readonly numbers: Float32Array;
  readonly #buffer: ArrayBuffer;
  /** Of the arrays that it gives: asking them each time takes as long as a small kernel. */
  readonly #addresses = new Map<Float32Array, number>();
  readonly #free = new Map<number, Float32Array[]>();

  /** `scratch` bytes from address 0 on are the kernels' own; behind them is an array of each of these lengths. */
  constructor(scratch: number, lengths: readonly number[]) {
    const sizes = lengths.map((length) => Math.ceil((4 * length) / VECTOR) * VECTOR);
    const bytes = sizes.reduce((sum, size) => sum + size, scratch);
    const pages = Math.max(1, Math.ceil(bytes / PAGE));
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { buffer } = this.memory;
    this.#buffer = buffer;
    this.numbers = new Float32Array(buffer);
    let address = scratch;
    lengths.forEach((length, place) => {
      const array = new Float32Array(buffer, address, length);
      this.#addresses.set(array, address);
      this.giveBack(array);
      address += sizes[place] ?? 0;
    });
  }

  has(array: Float32Array): boolean {
    return this.addressOf(array) !== undefined;
  }

  /** In bytes; undefined where the array lies elsewhere. */
  addressOf(array: Float32Array): number | undefined {
    const own = this.#addresses.get(array);
    if (own !== undefined) return own;
    // It may be a part of one.
    return array.buffer === this.#buffer ? array.byteOffset : undefined;
  }

  /** An array of this length, if one is free. */
  take(length: number): Float32Array | undefined {
    return this.#free.get(length)?.pop();
  }

  giveBack(array: Float32Array): void {
    const same = this.#free.get(array.length);
    if (same === undefined) this.#free.set(array.length, [array]);
    else same.push(array);
  }
}
