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

export function concat({ attributes: { axis }, operands }: KernelContext<'concat'>): Kernel {
  const filled = operands.map((operand) => sizeOf(operand) > 0);
  if (filled.filter(Boolean).length === 1) {
    const only = filled.indexOf(true);
    return (tensors) => tf.clone(at(tensors, only));
  }
  return (tensors) =>
    tf.concat(
      tensors.filter((_, position) => at(filled, position)),
      axis,
    );
}

export function slice({ attributes, shape, batch }: KernelContext<'slice'>): Kernel {
  if (shape.length === 0) return clone;
  const begin = resolveShape(attributes.begin, batch);
  const size = [...shape];
  return (operands) => tf.slice(at(operands, 0), begin, size);
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
