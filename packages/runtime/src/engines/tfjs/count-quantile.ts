/** The kernel of `count_quantile`. */
import { at, broadcastOffsets, countQuantile as quantileOf } from '@sbn/program';
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel, KernelContext } from './kernel.js';

/**
 * Computed here, in float64, and not by the backend: the search takes a number of steps of its own for each element, which no
 * operation of TensorFlow.js does, and probabilities that are added up in float32 would favour some values. So the operands
 * are downloaded, synchronously, as a plan is one straight run; they are as small as the draws of one site.
 */
export function countQuantile({ operands, shape }: KernelContext<'count_quantile'>): Kernel {
  const fromU = broadcastOffsets(at(operands, 0), shape);
  const fromL = broadcastOffsets(at(operands, 1), shape);
  const fromB = broadcastOffsets(at(operands, 2), shape);
  return (tensors) => {
    const [u, l, b] = [at(tensors, 0).dataSync(), at(tensors, 1).dataSync(), at(tensors, 2).dataSync()];
    const draws = Float32Array.from(fromU, (offset, position) =>
      quantileOf(at(u, offset), at(l, at(fromL, position)), at(b, at(fromB, position))),
    );
    return tf.tensor(draws, [...shape], 'float32');
  };
}
