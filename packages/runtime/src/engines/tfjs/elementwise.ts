/**
 * Elementwise kernels. Where TensorFlow.js differs from the reference on some backend, the kernel
 * is built from operations that do not; each says what was wrong (of version 4.22).
 */
import { at } from '@sbn/program';
import * as tf from '@tensorflow/tfjs-core';
import { sameLengths, sizeOf, type Kernel, type KernelContext } from './kernel.js';

export function unary(f: (x: tf.Tensor) => tf.Tensor): () => Kernel {
  return () => (operands) => f(at(operands, 0));
}

/** For kernels of several operations: what lies between is disposed of. */
export function tidyUnary(f: (x: tf.Tensor) => tf.Tensor): () => Kernel {
  return () => (operands) => tf.tidy(() => f(at(operands, 0)));
}

export function binary(f: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor): () => Kernel {
  return () => (operands) => f(at(operands, 0), at(operands, 1));
}

/** Comparisons give booleans, which do not mix with float32. */
function asFloat(truth: tf.Tensor): tf.Tensor {
  return tf.cast(truth, 'float32');
}

/**
 * `log(1 + x)`, which wasm and webgl compute as it is written, so that it is 0 at 1e-8. With
 * `u = 1 + x` rounded, `log(u) − ((u − 1) − x)/u` corrects for what was rounded away; where nothing
 * was, `log(u)` is right as it stands, at −1 and ∞ too.
 */
export function log1p(x: tf.Tensor): tf.Tensor {
  const u = tf.add(x, 1);
  const kept = tf.sub(u, 1);
  const plain = tf.log(u);
  const corrected = tf.sub(plain, tf.div(tf.sub(kept, x), u));
  return tf.where(tf.equal(kept, x), plain, corrected);
}

/** `eˣ − 1 = tanh(x/2) (eˣ + 1)`, which keeps the digits of a small x; not every backend has the function itself. */
export function expm1(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.tanh(tf.mul(x, 0.5)), tf.add(tf.exp(x), 1));
}

/**
 * `log(1 + eˣ) = max(x, 0) − log σ(|x|)`: finite for every finite x, absolute error about 1e-7.
 * Half as long as `tf.softplus`, which takes an exponential and a logarithm of every element.
 */
export function softplus(x: tf.Tensor): tf.Tensor {
  return tf.sub(tf.relu(x), tf.log(tf.sigmoid(tf.abs(x))));
}

/** 1 where x > 0, else 0; `tf.step` is 1 at NaN on wasm and NaN on cpu. */
export function step(x: tf.Tensor): tf.Tensor {
  return asFloat(tf.greater(x, 0));
}

/** `tf.sign` is 0 at NaN and at 1e-8 on wasm. */
export function sign(x: tf.Tensor): tf.Tensor {
  const signs = tf.sub(asFloat(tf.greater(x, 0)), asFloat(tf.less(x, 0)));
  return tf.where(tf.notEqual(x, x), x, signs);
}

/** For the larger or smaller of two, and powers of 1: wasm drops a NaN of the second operand, so that is put back. */
export function keepNaN(
  f: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor,
): (context: KernelContext<'maximum' | 'minimum' | 'power'>) => Kernel {
  return ({ operands, shape, constants, neverNaN }) => {
    if (at(neverNaN, 1)) return (tensors) => f(at(tensors, 0), at(tensors, 1));
    const wide = !sameLengths(at(operands, 1), shape);
    return (tensors) =>
      tf.tidy(() => {
        const y = wide ? tf.mul(at(tensors, 1), constants.fill(shape, 1)) : at(tensors, 1);
        return tf.where(tf.equal(y, y), f(at(tensors, 0), y), y);
      });
  };
}

/** A comparison as 1 and 0. Operands are stretched by a product with ones first: on wasm a comparison that stretches takes ten times as long. */
export function comparison(
  f: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor,
): (context: KernelContext<'less' | 'less_equal' | 'equal'>) => Kernel {
  return ({ operands, shape, constants }) => {
    // A single number is compared as fast as it is.
    const wide = operands.map((operand) => !sameLengths(operand, shape) && sizeOf(operand) > 1);
    return (tensors) =>
      tf.tidy(() => {
        const stretch = (i: number): tf.Tensor => {
          const tensor = at(tensors, i);
          return at(wide, i) ? tf.mul(tensor, constants.fill(shape, 1)) : tensor;
        };
        return asFloat(f(stretch(0), stretch(1)));
      });
  };
}

/** `condition ≠ 0 ? a : b`. */
export function select({ operands, shape, constants }: KernelContext<'select'>): Kernel {
  const wide = operands.map((operand) => !sameLengths(operand, shape));
  return (tensors) =>
    tf.tidy(() => {
      const stretched = tensors.map((tensor, i) => (at(wide, i) ? tf.mul(tensor, constants.fill(shape, 1)) : tensor));
      return tf.where(tf.notEqual(at(stretched, 0), 0), at(stretched, 1), at(stretched, 2));
    });
}

/** Multiplies by ones: `tf.broadcastTo` is 70 times slower on wasm. */
export function broadcast({ shape, constants }: KernelContext<'broadcast'>): Kernel {
  const ones = constants.fill(shape, 1);
  return (operands) => tf.mul(at(operands, 0), ones);
}
