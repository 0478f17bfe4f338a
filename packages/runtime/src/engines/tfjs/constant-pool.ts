/** Tensors that a prepared program keeps: its constants, and those that its kernels need. */
import * as tf from '@tensorflow/tfjs-core';

export class ConstantPool {
  readonly #tensors = new Map<string, tf.Tensor>();

  /** A tensor of one value throughout. The pool's own: not to be disposed of by the user. */
  fill(shape: readonly number[], value: number): tf.Tensor {
    return this.#keep(`${shape.join('×')} = ${String(value)}`, () => tf.fill([...shape], value, 'float32'));
  }

  /** Values in row-major order; `key` tells apart those of the same shape. */
  values(key: string, shape: readonly number[], values: readonly number[]): tf.Tensor {
    return this.#keep(key, () => tf.tensor(Float32Array.from(values), [...shape], 'float32'));
  }

  #keep(key: string, make: () => tf.Tensor): tf.Tensor {
    const found = this.#tensors.get(key);
    if (found !== undefined) return found;
    const made = tf.keep(make());
    this.#tensors.set(key, made);
    return made;
  }

  dispose(): void {
    for (const tensor of this.#tensors.values()) tensor.dispose();
    this.#tensors.clear();
  }
}
