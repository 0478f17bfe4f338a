/** One row per operation: a missing one does not compile. */
import { type OpKind } from '@sbn/program';
import {
  binary,
  comparison,
  expm1,
  log1p,
  plain,
  same,
  select,
  sigmoid,
  softplus,
  square,
  step,
  subtract,
  unary,
} from './elementwise.js';
import { broadcast, concat, pad, reshape, slice, transpose } from './layout.js';
import { add, matmul } from './matrix.js';
import { max, oneHotArgmax, sum } from './reductions.js';
import type { Rule } from './rule.js';
import { stirlingRemainder } from './stirling-remainder.js';

/**
 * `not in ONNX` are the searches of draws, which take a number of steps of their own for each element, in float64. A program that has
 * them is split there (`split-program.ts`).
 */
export const RULES: { readonly [K in OpKind]: Rule<K> | 'not in ONNX' } = {
  constant: ({ graph, attributes: { values }, shape }) => {
    const [single] = values;
    if (values.length === 1 && single !== undefined) return graph.fill(shape, single);
    // Several values fill a shape without B.
    return graph.floats(
      shape.filter((dim) => typeof dim === 'number'),
      values,
    );
  },
  batch_size: ({ graph }) => graph.batchNumber(),
  identity: same(),
  stop_gradient: same(),

  negate: unary(plain('Neg')),
  reciprocal: unary(plain('Reciprocal')),
  exp: unary(plain('Exp')),
  log: unary(plain('Log')),
  log1p: unary(log1p),
  expm1: unary(expm1),
  sqrt: unary(plain('Sqrt')),
  square: unary(square),
  abs: unary(plain('Abs')),
  sign: unary(plain('Sign')),
  step: unary(step),
  sin: unary(plain('Sin')),
  cos: unary(plain('Cos')),
  sigmoid,
  tanh: unary(plain('Tanh')),
  relu: unary(plain('Relu')),
  softplus: unary(softplus),

  add,
  subtract,
  multiply: binary('Mul'),
  divide: binary('Div'),
  power: binary('Pow'),
  maximum: binary('Max'),
  minimum: binary('Min'),
  less: comparison('Less'),
  less_equal: comparison('LessOrEqual'),
  equal: comparison('Equal'),

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
  stirling_remainder: stirlingRemainder,
  count_quantile: 'not in ONNX',
  gamma_quantile: 'not in ONNX',
  beta_quantile: 'not in ONNX',
  negative_binomial_quantile: 'not in ONNX',
  multinomial_draw: 'not in ONNX',
};

/** Whether an operation can be written in ONNX. */
export function isInOnnx(kind: OpKind): boolean {
  return RULES[kind] !== 'not in ONNX';
}
