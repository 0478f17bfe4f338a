/** Operators: arithmetic, comparison, matrix product. */
import type { BinaryKind } from '@sbn/program';
import type { BinaryExpression, BinaryOperator, Span, UnaryExpression } from '@sbn/dsl';
import type { TypedExpression } from '../typed-model.js';
import { broadcastAll } from './broadcast.js';
import type { Context } from './context.js';
import { checkExpression } from './expressions.js';
import { FOLD_BINARY } from './fold.js';
import { matmul } from './matrix-product.js';
import { foldNumber } from './numbers.js';
import { apply, applyUnary, numberValue, type Checked } from './typed.js';
import { BINARY, REAL } from './value-types.js';

export function checkUnary(ctx: Context, { operand, span }: UnaryExpression): Checked {
  const value = checkExpression(ctx, operand);
  if (value === undefined) return undefined;
  return value.kind === 'number' ? numberValue(-value.value, span) : applyUnary('negate', value, span);
}

/** Both sides are checked before either is judged, so that the mistakes of both are reported. */
export function checkBinary(ctx: Context, { operator, left, right, span }: BinaryExpression): Checked {
  const a = checkExpression(ctx, left);
  const b = checkExpression(ctx, right);
  if (a === undefined || b === undefined) return undefined;
  if (operator === '@') return matmul(ctx, a, b, span);
  if (a.kind === 'number' && b.kind === 'number') return foldNumber(ctx, FOLD_BINARY[operator](a.value, b.value), span);
  return operate(ctx, operator, a, b, span);
}

interface Rule {
  readonly name: BinaryKind;
  /** `a > b` is `b < a`. */
  readonly swap: boolean;
  readonly comparison: boolean;
}

const arithmetic = (name: BinaryKind): Rule => ({ name, swap: false, comparison: false });
const comparison = (name: BinaryKind, swap: boolean): Rule => ({ name, swap, comparison: true });

const RULES: Readonly<Record<Exclude<BinaryOperator, '@'>, Rule>> = {
  '+': arithmetic('add'),
  '-': arithmetic('subtract'),
  '*': arithmetic('multiply'),
  '/': arithmetic('divide'),
  '^': arithmetic('power'),
  '<': comparison('less', false),
  '<=': comparison('less_equal', false),
  '>': comparison('less', true),
  '>=': comparison('less_equal', true),
  '==': comparison('equal', false),
  '!=': comparison('equal', false),
};

function operate(
  ctx: Context,
  operator: Exclude<BinaryOperator, '@'>,
  a: TypedExpression,
  b: TypedExpression,
  span: Span,
): Checked {
  const shape = broadcastAll(ctx, `\`${operator}\``, [a, b]);
  if (shape === undefined) return undefined;
  if (operator === '^' && b.kind === 'number') {
    const power = constantPower(a, b.value, span);
    if (power !== undefined) return power;
  }
  const { name, swap, comparison: isComparison } = RULES[operator];
  const element = isComparison ? BINARY : REAL;
  const result = apply({ kind: 'binary', name }, { element, shape }, swap ? [b, a] : [a, b], span);
  if (operator !== '!=') return result;
  const one = numberValue(1, span);
  return apply({ kind: 'binary', name: 'subtract' }, { element: BINARY, shape }, [one, result], span);
}

/** Powers with an operation of their own, whose derivative is finite for every base, 0 and below included. */
function constantPower(base: TypedExpression, exponent: number, span: Span): Checked {
  switch (exponent) {
    case 1:
      return { ...base, span };
    case 2:
      return applyUnary('square', base, span);
    case 0.5:
      return applyUnary('sqrt', base, span);
    case -1:
      return applyUnary('reciprocal', base, span);
    default:
      return undefined;
  }
}
