import * as tf from '@tensorflow/tfjs-core';

/** The shape that each tensor's values have had as the second operand of a product. */
const shapes = new WeakMap<object, string>();

/**
 * `tf.matMul`. Wasm keeps the second operand packed, by its values and not by its shape: where a reshaped tensor, which shares its
 * values, is the second operand again, that packing is read as one of another size, and the result or the memory is garbage
 * (version 4.22). Such a tensor is copied.
 */
export function multiply(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const shape = b.shape.join('×');
  const known = shapes.get(b.dataId);
  if (known === undefined) shapes.set(b.dataId, shape);
  if (known === undefined || known === shape) return tf.matMul(a, b);
  // A slice has values of its own.
  const copy = tf.slice(
    b,
    b.shape.map(() => 0),
    b.shape,
  );
  const product = tf.matMul(a, copy);
  copy.dispose();
  return product;
}
