/** The choice between two values by a condition: `if … then … else`, and the function `where`. */
import type { Span } from '@sbn/dsl';
import type { TypedExpression } from '../typed-model.js';
import { broadcastAll } from './broadcast.js';
import { report, type Context } from './context.js';
import { apply, type Checked } from './typed.js';
import { BINARY, formatType, REAL } from './value-types.js';

export interface Choice {
  readonly test: TypedExpression;
  readonly a: TypedExpression;
  readonly b: TypedExpression;
  readonly span: Span;
}

/** Reports a condition that is neither binary nor an array of zeros and ones. */
export function expectCondition(ctx: Context, test: TypedExpression): boolean {
  if (test.type.element.kind === 'binary' || isMask(test)) return true;
  report(ctx, 'SBN2042', {}, { span: test.span, label: formatType(test.type) });
  return false;
}

/**
 * The convex mix, which has a slope in a condition that is drawn. A condition without a slope, a comparison or a mask, selects:
 * what it does not take may be infinite.
 */
export function chooseBetween(ctx: Context, user: string, { test, a, b, span }: Choice): Checked {
  const shape = broadcastAll(ctx, user, [test, a, b]);
  if (shape === undefined) return undefined;
  const element = a.type.element.kind === 'binary' && b.type.element.kind === 'binary' ? BINARY : REAL;
  const kind = isMask(test) || isComparison(test) ? 'select' : 'mix';
  return apply({ kind }, { element, shape }, [test, a, b], span);
}

function isMask(value: TypedExpression): boolean {
  return value.kind === 'array' && value.values.every((number) => number === 0 || number === 1);
}

const COMPARISONS: ReadonlySet<string> = new Set(['less', 'less_equal', 'equal']);

/** `a < b`, or the `1 − (a == b)` that `a != b` is. */
function isComparison(value: TypedExpression): boolean {
  if (value.kind !== 'apply' || value.operation.kind !== 'binary') return false;
  const { name } = value.operation;
  if (COMPARISONS.has(name)) return true;
  const [one, compared] = value.args;
  const isComplement = name === 'subtract' && one?.kind === 'number' && one.value === 1;
  return isComplement && compared !== undefined && isComparison(compared);
}
