/** An engine tensor over an array that ONNX Runtime reads and writes in place. */
import type { Tensor } from 'onnxruntime-node';
import type { EngineTensor, Values } from '../../engine.js';
import { EngineError } from '../../errors.js';
import { allocating } from '../../memory.js';
import type { Range } from '../../wasm/bound-kernel.js';
import type { ArraySource } from './buffer-pool.js';

export function describeTensor(shape: readonly number[]): string {
  return `a tensor of shape [${shape.join(', ')}]`;
}

export class NativeTensor implements EngineTensor {
  readonly shape: readonly number[];
  /** Where its values lie, once somebody has found out. */
  range: Range | undefined;
  readonly #pool: ArraySource;
  #values: Float32Array | undefined;
  #tensor: Tensor | undefined;

  private constructor(pool: ArraySource, values: Float32Array, shape: readonly number[]) {
    this.#pool = pool;
    this.#values = values;
    this.shape = shape;
  }

  /** A tensor of any content. @throws EngineError when there is no memory for it. */
  static allocate(pool: ArraySource, shape: readonly number[]): NativeTensor {
    const length = shape.reduce((product, own) => product * own, 1);
    const values = allocating(
      () => describeTensor(shape),
      () => pool.take(length),
    );
    return new NativeTensor(pool, values, shape);
  }

  /** The array itself. @throws EngineError when the tensor was disposed of. */
  get values(): Float32Array {
    if (this.#values !== undefined) return this.#values;
    throw new EngineError('the tensor was disposed of', 'use a tensor before it is disposed of');
  }

  /** The same as a tensor of ONNX Runtime's. */
  asTensor(makeTensor: (values: Float32Array, shape: readonly number[]) => Tensor): Tensor {
    const { values } = this;
    this.#tensor ??= makeTensor(values, this.shape);
    return this.#tensor;
  }

  /** The array as another tensor, for values that take the place of these; this one is disposed of by it. */
  handOver(): NativeTensor {
    const next = new NativeTensor(this.#pool, this.values, this.shape);
    next.#tensor = this.#tensor;
    this.#values = undefined;
    this.#tensor = undefined;
    return next;
  }

  // At once, and not when the promise is waited for: another run may take the tensor's place in between.
  // eslint-disable-next-line @typescript-eslint/require-await
  async download(): Promise<Values> {
    return this.values.slice();
  }

  dispose(): void {
    if (this.#values === undefined) return;
    this.#pool.giveBack(this.#values);
    this.#values = undefined;
    this.#tensor = undefined;
  }
}
