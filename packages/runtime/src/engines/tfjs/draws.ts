/**
 * Kernels of draws. They are computed here, in float64, and not by the backend: a search takes a number of steps of its own for
 * each element, which no operation of TensorFlow.js does, and probabilities that are added up in float32 would favour some values.
 * So the operands are downloaded, synchronously, as a plan is one straight run; they are as small as the draws of one site.
 */
import { at, broadcastOffsets, drawMultinomials, type OpKind } from '@sbn/program';
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel, KernelContext } from './kernel.js';

/** Element by element, of a uniform and parameters. */
export function drawEach<K extends OpKind>(
  quantileOf: (u: number, first: number, second: number) => number,
): (context: KernelContext<K>) => Kernel {
  return ({ operands, shape }) => {
    const stretch = stretchTo(operands, shape);
    return (tensors) => {
      const [u, first, second] = stretch(tensors);
      const draws = Float32Array.from(u ?? [], (uniform, place) =>
        quantileOf(uniform, first?.[place] ?? NaN, second?.[place] ?? NaN),
      );
      return tf.tensor(draws, [...shape], 'float32');
    };
  };
}

export function multinomialDraw({ operands, shape }: KernelContext<'multinomial_draw'>): Kernel {
  const stretch = stretchTo(operands, shape);
  return (tensors) => {
    const [uniforms, probabilities, trials] = stretch(tensors);
    const draws = drawMultinomials(uniforms ?? [], probabilities ?? [], trials ?? [], shape);
    return tf.tensor(Float32Array.from(draws), [...shape], 'float32');
  };
}

/** Downloads operands, each stretched to the result's shape. */
function stretchTo(
  operands: readonly (readonly number[])[],
  shape: readonly number[],
): (tensors: readonly tf.Tensor[]) => readonly Float32Array[] {
  const offsets = operands.map((operand) => broadcastOffsets(operand, shape));
  return (tensors) =>
    tensors.map((tensor, position) => {
      const values = tensor.dataSync();
      return Float32Array.from(at(offsets, position), (offset) => at(values, offset));
    });
}
