/** Functions of one number, applied to every element. */
import type { ProgramBuilder } from '../builder.js';
import { at } from '../errors.js';
import type { UnaryKind, ValueId } from '../program.js';
import { operandAt } from '../shape.js';
import type { OpDefinition, Smoothness } from './definition.js';

/** `σ(x) = 1 / (1 + e⁻ˣ)` without overflow: only exponentials of negative numbers are taken. */
function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const small = Math.exp(x);
  return small / (1 + small);
}

/** `log(1 + eˣ) = max(x, 0) + log1p(e^−|x|)`, finite and exact to rounding for every finite x. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** The adjoint of the operand `x`, given `y = f(x)` and the adjoint `g` of `y`. */
type Rule = (builder: ProgramBuilder, g: ValueId, x: ValueId, y: ValueId) => ValueId;

function unary<K extends UnaryKind>(smoothness: Smoothness, f: (x: number) => number, rule?: Rule): OpDefinition<K> {
  return {
    smoothness,
    shape: (operands) => operandAt(operands, 0),
    derive: (builder, instruction, adjoint) => [rule?.(builder, adjoint, instruction.args[0], instruction.id)],
    evaluate: (operands) => at(operands, 0).values.map(f),
  };
}

export const UNARY: { readonly [K in UnaryKind]: OpDefinition<K> } = {
  negate: unary(
    'smooth',
    (x) => -x,
    (b, g) => b.negate(g),
  ),
  reciprocal: unary(
    'smooth',
    (x) => 1 / x,
    (b, g, _, y) => b.negate(b.multiply(g, b.emit('square', [y], {}))),
  ),
  exp: unary('smooth', Math.exp, (b, g, _, y) => b.multiply(g, y)),
  log: unary('smooth', Math.log, (b, g, x) => b.divide(g, x)),
  log1p: unary('smooth', Math.log1p, (b, g, x) => b.divide(g, b.add(x, b.constant(1)))),
  expm1: unary('smooth', Math.expm1, (b, g, x) => b.multiply(g, b.emit('exp', [x], {}))),
  sqrt: unary('smooth', Math.sqrt, (b, g, _, y) => b.divide(b.multiply(g, b.constant(0.5)), y)),
  square: unary(
    'smooth',
    (x) => x * x,
    (b, g, x) => b.multiply(g, b.multiply(x, b.constant(2))),
  ),
  /** The derivative at 0 is 0. */
  abs: unary('kinked', Math.abs, (b, g, x) => b.multiply(g, b.emit('sign', [x], {}))),
  /** −1, 0 or 1. */
  sign: unary('flat', Math.sign),
  /** 1 where x > 0, else 0. */
  step: unary('flat', (x) => (x > 0 ? 1 : 0)),
  sin: unary('smooth', Math.sin, (b, g, x) => b.multiply(g, b.emit('cos', [x], {}))),
  cos: unary('smooth', Math.cos, (b, g, x) => b.negate(b.multiply(g, b.emit('sin', [x], {})))),
  sigmoid: unary('smooth', sigmoid, (b, g, _, y) => b.multiply(g, b.multiply(y, b.subtract(b.constant(1), y)))),
  tanh: unary('smooth', Math.tanh, (b, g, _, y) => b.multiply(g, b.subtract(b.constant(1), b.emit('square', [y], {})))),
  /** The derivative at 0 is 0. */
  relu: unary(
    'kinked',
    (x) => Math.max(x, 0),
    (b, g, x) => b.multiply(g, b.emit('step', [x], {})),
  ),
  softplus: unary('smooth', softplus, (b, g, x) => b.multiply(g, b.emit('sigmoid', [x], {}))),
  identity: unary(
    'smooth',
    (x) => x,
    (_, g) => g,
  ),
  stop_gradient: unary('flat', (x) => x),
};
