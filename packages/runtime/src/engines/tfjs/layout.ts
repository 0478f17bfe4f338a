/** Kernels that move elements, and the matrix product. */
import { at, resolveShape } from '@sbn/program';
import * as tf from '@tensorflow/tfjs-core';
import { sizeOf, type Kernel, type KernelContext } from './kernel.js';
import { multiply } from './multiply.js';

const clone: Kernel = (operands) => tf.clone(at(operands, 0));

/** Explicit transposes only: with `transposeA` or `transposeB` wasm falls to a naive kernel. */
export function matmul({ operands, shape }: KernelContext<'matmul'>): Kernel {
  // A product over nothing; wasm would leave garbage and print.
  if (sizeOf(at(operands, 0)) === 0) return () => tf.zeros([...shape]);
  return (tensors) => multiply(at(tensors, 0), at(tensors, 1));
}

export function transpose({ attributes }: KernelContext<'transpose'>): Kernel {
  const permutation = [...attributes.permutation];
  if (permutation.every((axis, position) => axis === position)) return clone;
  return (operands) => tf.transpose(at(operands, 0), permutation);
}

export function reshape({ shape }: KernelContext<'reshape'>): Kernel {
  const target = [...shape];
  return (operands) => tf.reshape(at(operands, 0), target);
}

export function concat({ attributes: { axis }, operands, shape }: KernelContext<'concat'>): Kernel {
  const filled = operands.map((operand) => sizeOf(operand) > 0);
  if (filled.filter(Boolean).length === 1) {
    const only = filled.indexOf(true);
    return (tensors) => tf.clone(at(tensors, only));
  }
  const kept = operands.filter((_, position) => at(filled, position));
  const filledOf = (tensors: readonly tf.Tensor[]): tf.Tensor[] =>
    tensors.filter((_, position) => at(filled, position));
  const outer = sizeOf(shape.slice(0, axis));
  const inner = kept.map((operand) => sizeOf(operand.slice(axis)));
  if (Math.max(...inner) > LONGEST_THREAD || outer < MANY_THREADS)
    return (tensors) => tf.concat(filledOf(tensors), axis);
  const target = [...shape];
  return (tensors) =>
    tf.tidy(() => {
      const columns = filledOf(tensors).map((tensor, position) =>
        tf.transpose(tf.reshape(tensor, [outer, at(inner, position)])),
      );
      return tf.reshape(tf.transpose(tf.concat(columns, 0)), target);
    });
}

/** Runs of so few elements, and so many of them, are put side by side by two transpositions: wasm would copy run by run. */
const LONGEST_THREAD = 4;
const MANY_THREADS = 1024;

export function slice({ attributes, operands, shape, batch }: KernelContext<'slice'>): Kernel {
  if (shape.length === 0) return clone;
  const block = mergeWholeAxes(at(operands, 0), resolveShape(attributes.begin, batch), shape);
  if (block.length === shape.length) {
    const [begin, size] = [block.map((axis) => axis.begin), block.map((axis) => axis.size)];
    return (tensors) => tf.slice(at(tensors, 0), begin, size);
  }
  const lengths = block.map(({ length }) => length);
  const [begin, size] = [block.map((axis) => axis.begin), block.map((axis) => axis.size)];
  const target = [...shape];
  return (tensors) => tf.tidy(() => tf.reshape(tf.slice(tf.reshape(at(tensors, 0), lengths), begin, size), target));
}

interface SlicedAxis {
  readonly length: number;
  readonly begin: number;
  readonly size: number;
}

/** The same block with fewer axes, each that is taken whole being one with the axis before it: from five on wasm takes elements one by one. */
function mergeWholeAxes(lengths: readonly number[], begin: readonly number[], size: readonly number[]): SlicedAxis[] {
  const merged: SlicedAxis[] = [];
  for (const [axis, length] of lengths.entries()) {
    const last = merged.at(-1);
    if (last !== undefined && at(size, axis) === length) {
      merged[merged.length - 1] = {
        length: last.length * length,
        begin: last.begin * length,
        size: last.size * length,
      };
    } else merged.push({ length, begin: at(begin, axis), size: at(size, axis) });
  }
  return merged;
}

export function pad({ attributes, operands, shape, batch }: KernelContext<'pad'>): Kernel {
  if (sizeOf(at(operands, 0)) === 0) return () => tf.zeros([...shape]);
  const before = resolveShape(attributes.before, batch);
  const after = resolveShape(attributes.after, batch);
  const amounts = before.map((count, axis): [number, number] => [count, at(after, axis)]);
  if (amounts.every(([front, back]) => front + back === 0)) return clone;
  return (tensors) => tf.pad(at(tensors, 0), amounts);
}

/** One-hot vector of the largest element on the last axis, the first of equals. */
export function oneHotArgmax({ shape }: KernelContext<'one_hot_argmax'>): Kernel {
  const target = [...shape];
  const classes = at(shape, shape.length - 1);
  // A choice of one; `tf.oneHot` asks for two classes.
  if (classes === 1) return () => tf.ones(target);
  return (operands) =>
    tf.tidy(() => {
      const rows = tf.reshape(at(operands, 0), [-1, classes]);
      // Asked for float32, wasm would write the bits of integers.
      return tf.reshape(tf.cast(tf.oneHot(tf.argMax(rows, 1), classes), 'float32'), target);
    });
}
