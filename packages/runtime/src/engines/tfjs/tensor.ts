/** An engine tensor over a TensorFlow.js tensor. */
import type * as tf from '@tensorflow/tfjs-core';
import type { EngineTensor, Values } from '../../engine.js';
import { EngineError } from '../../errors.js';

export class TfjsTensor implements EngineTensor {
  readonly shape: readonly number[];
  readonly #tensor: tf.Tensor;

  /** Takes the tensor over: it is disposed of with this one. */
  constructor(tensor: tf.Tensor) {
    this.shape = tensor.shape;
    this.#tensor = tensor;
  }

  /** @throws EngineError when the tensor was disposed of. */
  get tensor(): tf.Tensor {
    if (this.#tensor.isDisposed) {
      throw new EngineError('the tensor was disposed of', 'use a tensor before it is disposed of');
    }
    return this.#tensor;
  }

  async download(): Promise<Values> {
    const values = await this.tensor.data();
    // On some backends the array is the tensor's own storage; the caller may keep or change a copy.
    return Float32Array.from(values);
  }

  dispose(): void {
    // `tf.Tensor.dispose` does nothing the second time.
    this.#tensor.dispose();
  }
}
