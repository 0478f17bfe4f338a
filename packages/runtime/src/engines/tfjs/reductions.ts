/** Sums and maxima over axes. */
import { at } from '@sbn/program';
import * as tf from '@tensorflow/tfjs-core';
import type { ConstantPool } from './constant-pool.js';
import { sizeOf, type Kernel, type KernelContext } from './kernel.js';
import { multiply } from './multiply.js';

/** Longer sums go in two stages of about √n: float32 sums lose a digit per factor of ten otherwise. */
const LONGEST_PLAIN_SUM = 1024;

/** `tf.sum` adds one number after the other: on wasm the cost of a row of 784 pixels would lose two digits, and signals are differences of costs. */
const LONGEST_NAIVE_SUM = 128;

/**
 * Sum over axes, brought to a matrix whose rows or whose columns are summed. Rows (leading axes) are
 * summed by a product with ones, three times faster on wasm than `tf.sum`, which transposes first.
 */
export function sum({ attributes, operands, shape, constants }: KernelContext<'sum'>): Kernel {
  const operand = at(operands, 0);
  const length = (axis: number): number => at(operand, axis);
  /** Axes of 1 do not matter to where a sum runs. */
  const long = operand.map((_, axis) => axis).filter((axis) => length(axis) !== 1);
  const summed = long.filter((axis) => attributes.axes.includes(axis));
  const kept = long.filter((axis) => !attributes.axes.includes(axis));
  const target = [...shape];
  const count = sizeOf(summed.map(length));
  const others = sizeOf(kept.map(length));
  if (count === 0) return () => tf.zeros(target);
  if (summed.length === 0) return (tensors) => tf.reshape(at(tensors, 0), target);
  const leads = kept.length > 0 && at(summed, summed.length - 1) < at(kept, 0);
  if (leads) {
    return (tensors) =>
      tf.tidy(() => tf.reshape(sumRows(tf.reshape(at(tensors, 0), [count, others]), count, others, constants), target));
  }
  const trails = kept.length === 0 || at(kept, kept.length - 1) < at(summed, 0);
  const lengths = long.map(length);
  const permutation = [...kept, ...summed].map((axis) => long.indexOf(axis));
  return (tensors) =>
    tf.tidy(() => {
      const tensor = at(tensors, 0);
      const ordered = trails ? tensor : tf.transpose(tf.reshape(tensor, lengths), permutation);
      return tf.reshape(sumColumns(tf.reshape(ordered, [others, count]), others, count), target);
    });
}

/** `[count, width]` → `[1, width]` */
function sumRows(matrix: tf.Tensor, count: number, width: number, constants: ConstantPool): tf.Tensor {
  if (count <= LONGEST_PLAIN_SUM) return multiply(constants.fill([1, count], 1), matrix);
  const { groups, size, rest } = splitSum(count);
  const main = rest === 0 ? matrix : tf.slice(matrix, [0, 0], [groups * size, width]);
  const grouped = sumRows(tf.reshape(main, [groups, size * width]), groups, size * width, constants);
  const total = sumRows(tf.reshape(grouped, [size, width]), size, width, constants);
  if (rest === 0) return total;
  return tf.add(total, sumRows(tf.slice(matrix, [groups * size, 0], [rest, width]), rest, width, constants));
}

/** `[height, count]` → `[height]` */
function sumColumns(matrix: tf.Tensor, height: number, count: number): tf.Tensor {
  if (count <= LONGEST_NAIVE_SUM) return tf.sum(matrix, 1);
  const { groups, size, rest } = splitSum(count);
  const main = rest === 0 ? matrix : tf.slice(matrix, [0, 0], [height, groups * size]);
  const grouped = sumColumns(tf.reshape(main, [height * groups, size]), height * groups, size);
  const total = sumColumns(tf.reshape(grouped, [height, groups]), height, groups);
  if (rest === 0) return total;
  return tf.add(total, sumColumns(tf.slice(matrix, [0, groups * size], [height, rest]), height, rest));
}

/** `count = groups · size + rest`, with `size` near √count, and no rest where that can be had. */
function splitSum(count: number): { readonly groups: number; readonly size: number; readonly rest: number } {
  const root = Math.floor(Math.sqrt(count));
  let size = root;
  while (size > root / 4 && count % size !== 0) size -= 1;
  if (count % size !== 0) size = root;
  const groups = Math.floor(count / size);
  return { groups, size, rest: count - groups * size };
}

/** Largest element over axes; −∞ over an empty axis, where wasm gives garbage. */
export function max({ attributes: { axes, keep }, operands, shape, constants }: KernelContext<'max'>): Kernel {
  if (sizeOf(at(operands, 0)) === 0) {
    const lowest = constants.fill(shape, -Infinity);
    return () => tf.clone(lowest);
  }
  if (axes.length === 0) return (tensors) => tf.clone(at(tensors, 0));
  return (tensors) => tf.max(at(tensors, 0), [...axes], keep);
}
