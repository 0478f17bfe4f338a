/** An engine tensor over an array that ONNX Runtime reads and writes in place. */
import type { Tensor } from 'onnxruntime-node';
import type { EngineTensor, Values } from '../../engine.js';
import { EngineError } from '../../errors.js';
import { allocating } from '../../memory.js';
import type { ArraySource } from './buffer-pool.js';

export function describeTensor(shape: readonly number[]): string {
  return `a tensor of shape [${shape.join(', ')}]`;
}

export class NativeTensor implements EngineTensor {
  readonly shape: readonly number[];
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

  download(): Promise<Values> {
    return Promise.resolve().then(() => this.values.slice());
  }

  dispose(): void {
    if (this.#values === undefined) return;
    this.#pool.giveBack(this.#values);
    this.#values = undefined;
    this.#tensor = undefined;
  }
}
