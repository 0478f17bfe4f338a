/** One row per operation: a missing one does not compile. */
import { betaQuantile, countQuantile, gammaQuantile, negativeBinomialQuantile, type OpKind } from '@sbn/program';
import * as tf from '@tensorflow/tfjs-core';
import { drawEach, multinomialDraw } from './draws.js';
import {
  binary,
  broadcast,
  comparison,
  expm1,
  keepNaN,
  log1p,
  select,
  sign,
  softplus,
  step,
  tidyUnary,
  unary,
} from './elementwise.js';
import type { Kernel, KernelContext } from './kernel.js';
import { concat, matmul, oneHotArgmax, pad, reshape, slice, transpose } from './layout.js';
import { max, sum } from './reductions.js';
import { stirlingRemainder } from './stirling-remainder.js';

/** Makes the kernel of an instruction at one batch size. */
type KernelFactory<K extends OpKind> = (context: KernelContext<K>) => Kernel;

export const KERNELS: { readonly [K in OpKind]: KernelFactory<K> } = {
  constant: ({ attributes: { values }, shape, constants }) => {
    const [single] = values;
    const tensor =
      values.length === 1 && single !== undefined
        ? constants.fill(shape, single)
        : constants.values(`[${shape.join('×')}] ${values.join(' ')}`, shape, values);
    return () => tf.clone(tensor);
  },
  batch_size: ({ batch, constants }) => {
    const tensor = constants.fill([], batch);
    return () => tf.clone(tensor);
  },
  identity: unary((x) => tf.clone(x)),
  stop_gradient: unary((x) => tf.clone(x)),

  negate: unary((x) => tf.neg(x)),
  reciprocal: unary((x) => tf.reciprocal(x)),
  exp: unary((x) => tf.exp(x)),
  log: unary((x) => tf.log(x)),
  log1p: tidyUnary(log1p),
  expm1: tidyUnary(expm1),
  sqrt: unary((x) => tf.sqrt(x)),
  square: unary((x) => tf.square(x)),
  abs: unary((x) => tf.abs(x)),
  sign: tidyUnary(sign),
  step: tidyUnary(step),
  sin: unary((x) => tf.sin(x)),
  cos: unary((x) => tf.cos(x)),
  sigmoid: unary((x) => tf.sigmoid(x)),
  tanh: unary((x) => tf.tanh(x)),
  relu: unary((x) => tf.relu(x)),
  softplus: tidyUnary(softplus),

  add: binary((x, y) => tf.add(x, y)),
  subtract: binary((x, y) => tf.sub(x, y)),
  multiply: binary((x, y) => tf.mul(x, y)),
  divide: binary((x, y) => tf.div(x, y)),
  power: keepNaN((x, y) => tf.pow(x, y)),
  maximum: keepNaN((x, y) => tf.maximum(x, y)),
  minimum: keepNaN((x, y) => tf.minimum(x, y)),
  less: comparison((x, y) => tf.less(x, y)),
  less_equal: comparison((x, y) => tf.lessEqual(x, y)),
  equal: comparison((x, y) => tf.equal(x, y)),

  select,
  sum,
  max,
  matmul,
  transpose,
  reshape,
  broadcast,
  concat,
  slice,
  pad,
  one_hot_argmax: oneHotArgmax,
  count_quantile: drawEach(countQuantile),
  stirling_remainder: stirlingRemainder,
  gamma_quantile: drawEach(gammaQuantile),
  beta_quantile: drawEach(betaQuantile),
  negative_binomial_quantile: drawEach(negativeBinomialQuantile),
  multinomial_draw: multinomialDraw,
};
