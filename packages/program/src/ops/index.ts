/** The table of all operations, and what is asked of it. */
import type { ProgramBuilder } from '../builder.js';
import type { ArgsOf, AttributesOf, InstructionOf, OpKind, UnaryKind, ValueId } from '../program.js';
import type { Shape } from '../shape.js';
import { batch_size, constant } from './constant.js';
import { count_quantile } from './count-quantile.js';
import { beta_quantile, gamma_quantile, multinomial_draw, negative_binomial_quantile } from './draws.js';
import type { OpDefinition, ReferenceTensor, Smoothness } from './definition.js';
import { BINARY } from './elementwise-binary.js';
import { UNARY } from './elementwise-unary.js';
import { broadcast, concat, pad, reshape, slice } from './layout.js';
import { matmul, transpose } from './matrix.js';
import { one_hot_argmax } from './one-hot.js';
import { max, sum } from './reduction.js';
import { select } from './select.js';
import { stirling_remainder } from './stirling-remainder.js';

/** Every operation's definition; one that is missing does not compile. */
export const OPS: { readonly [K in OpKind]: OpDefinition<K> } = {
  ...UNARY,
  ...BINARY,
  constant,
  batch_size,
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
  one_hot_argmax,
  count_quantile,
  stirling_remainder,
  gamma_quantile,
  beta_quantile,
  negative_binomial_quantile,
  multinomial_draw,
};

/** The number of operands, as `ArgsOf` has it; `many` is one or more. */
type Arity<K extends OpKind> = number extends ArgsOf<K>['length'] ? 'many' : ArgsOf<K>['length'];

export const ARITY: { readonly [K in OpKind]: Arity<K> } = {
  negate: 1,
  reciprocal: 1,
  exp: 1,
  log: 1,
  log1p: 1,
  expm1: 1,
  sqrt: 1,
  square: 1,
  abs: 1,
  sign: 1,
  step: 1,
  sin: 1,
  cos: 1,
  sigmoid: 1,
  tanh: 1,
  relu: 1,
  softplus: 1,
  identity: 1,
  stop_gradient: 1,
  add: 2,
  subtract: 2,
  multiply: 2,
  divide: 2,
  power: 2,
  maximum: 2,
  minimum: 2,
  less: 2,
  less_equal: 2,
  equal: 2,
  constant: 0,
  batch_size: 0,
  select: 3,
  sum: 1,
  max: 1,
  matmul: 2,
  transpose: 1,
  reshape: 1,
  broadcast: 1,
  concat: 'many',
  slice: 1,
  pad: 1,
  one_hot_argmax: 1,
  count_quantile: 3,
  stirling_remainder: 1,
  gamma_quantile: 2,
  beta_quantile: 3,
  negative_binomial_quantile: 3,
  multinomial_draw: 3,
};

const KINDS: ReadonlySet<string> = new Set(Object.keys(OPS));

export function isOpKind(name: string): name is OpKind {
  return KINDS.has(name);
}

/** Elementwise operations with more operands than two, or with attributes, or with a shape rule of their own. */
const OTHER_ELEMENTWISE: ReadonlySet<OpKind> = new Set<OpKind>([
  'select',
  'count_quantile',
  'stirling_remainder',
  'gamma_quantile',
  'beta_quantile',
  'negative_binomial_quantile',
]);

const UNARY_KINDS: ReadonlySet<string> = new Set(Object.keys(UNARY));
const BINARY_KINDS: ReadonlySet<string> = new Set(Object.keys(BINARY));

/** Whether the operation takes each element of its (broadcast) operands by itself. */
export function isElementwise(kind: OpKind): boolean {
  return isUnary(kind) || isBinary(kind) || OTHER_ELEMENTWISE.has(kind);
}

/** Whether the operation takes each element of one operand by itself, without attributes. */
export function isUnary(kind: OpKind): kind is UnaryKind {
  return UNARY_KINDS.has(kind);
}

/** Whether the operation is element-wise on two operands, with numpy's broadcasting. */
export function isBinary(kind: OpKind): boolean {
  return BINARY_KINDS.has(kind);
}

/** The shape of the result, or in words why the operands or attributes do not fit. */
export function inferShape<K extends OpKind>(
  kind: K,
  operands: readonly Shape[],
  attributes: AttributesOf<K>,
): Shape | string {
  const arity: number | 'many' = ARITY[kind];
  const given = operands.length;
  if (arity === 'many') {
    if (given === 0) return `${kind} takes one operand or more, not 0`;
  } else if (given !== arity) {
    return `${kind} takes ${String(arity)} ${arity === 1 ? 'operand' : 'operands'}, not ${String(given)}`;
  }
  return OPS[kind].shape(operands, attributes);
}

/**
 * Adjoints of the operands of `instruction`, in the operands' shapes, given the adjoint of its
 * result; `undefined` where not wanted or zero everywhere. Emits into the builder in which
 * `instruction` stands.
 */
export function deriveInstruction<K extends OpKind>(
  builder: ProgramBuilder,
  instruction: InstructionOf<K>,
  adjoint: ValueId,
  wanted: readonly boolean[],
): readonly (ValueId | undefined)[] {
  const args: readonly ValueId[] = instruction.args;
  if (!args.some((_, position) => wanted[position] === true)) return args.map(() => undefined);
  return OPS[instruction.kind].derive(builder, instruction, adjoint, wanted);
}

/** What an operation computes. `shape` is the result's, with the batch size filled in. */
export function evaluateInstruction<K extends OpKind>(
  instruction: InstructionOf<K>,
  operands: readonly ReferenceTensor[],
  shape: readonly number[],
  batch: number,
): Float64Array {
  return OPS[instruction.kind].evaluate(operands, instruction.attributes, shape, batch);
}

/**
 * How an operation behaves between the points of a discrete operand. Without `operand`, the worst
 * of all its operands: they differ for `select` alone, which is flat in its condition and smooth in
 * the two values.
 */
export function smoothnessOf(kind: OpKind, operand?: number): Smoothness {
  if (kind === 'select' && operand !== undefined && operand > 0) return 'smooth';
  return OPS[kind].smoothness;
}
