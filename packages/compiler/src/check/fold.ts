/** Arithmetic on numbers known at compile time. */
import type { BinaryOperator } from '@sbn/dsl';
import type { UnaryOperation } from '../typed-model.js';

/** The functions of one number that can be folded; the same values as the operations' float64 kernels. */
export const FOLD_UNARY: Readonly<
  Record<Exclude<UnaryOperation, 'reciprocal' | 'sign' | 'step'>, (x: number) => number>
> = {
  negate: (x) => -x,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  expm1: Math.expm1,
  sqrt: Math.sqrt,
  square: (x) => x * x,
  abs: Math.abs,
  sin: Math.sin,
  cos: Math.cos,
  sigmoid: (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  tanh: Math.tanh,
  relu: (x) => Math.max(x, 0),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};

/** Operators of two numbers; a comparison gives 1 or 0. `@` has no meaning for numbers. */
export const FOLD_BINARY: Readonly<Record<Exclude<BinaryOperator, '@'>, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
};
