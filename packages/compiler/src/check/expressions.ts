/**
 * From a written expression to a typed one: names resolved, numbers folded, functions inlined.
 * Requires the names of the module to be declared. Gives `undefined`, after a diagnostic, for an
 * expression with a mistake; whatever uses it stays silent.
 */
import { assertNever } from '@sbn/program';
import type { Expression, IfExpression } from '@sbn/dsl';
import { checkArray, checkComprehension } from './arrays.js';
import { numberValue, type Checked } from './typed.js';
import { checkCall } from './calls.js';
import { chooseBetween, expectCondition } from './choose.js';
import { DEEPEST_EXPRESSION, report, type Context } from './context.js';
import { checkIndex } from './indexing.js';
import { checkName } from './names.js';
import { checkBinary, checkUnary } from './operators.js';

export function checkExpression(ctx: Context, expression: Expression): Checked {
  const { unrolled } = ctx.session;
  // The parser bounds the depth of what is written; functions within functions can multiply it.
  if (unrolled.depth >= DEEPEST_EXPRESSION) {
    const limit = { what: 'levels of expressions in functions', most: DEEPEST_EXPRESSION };
    report(ctx, 'SBN2025', limit, { span: ctx.calls[0]?.span ?? expression.span, hint: 'name parts with `let`' });
    return undefined;
  }
  unrolled.depth += 1;
  const checked = checkKind(ctx, expression);
  unrolled.depth -= 1;
  return checked;
}

function checkKind(ctx: Context, expression: Expression): Checked {
  switch (expression.kind) {
    case 'number':
      return numberValue(expression.value, expression.span);
    case 'string':
      report(ctx, 'SBN2026', {}, { span: expression.span });
      return undefined;
    case 'name':
      return checkName(ctx, expression);
    case 'unary':
      return checkUnary(ctx, expression);
    case 'binary':
      return checkBinary(ctx, expression);
    case 'call':
      return checkCall(ctx, expression);
    case 'index':
      return checkIndex(ctx, expression);
    case 'if':
      return checkIf(ctx, expression);
    case 'array':
      return checkArray(ctx, expression);
    case 'comprehension':
      return checkComprehension(ctx, expression);
    default:
      return assertNever(expression);
  }
}

/** A constant chooses its branch at compile time, and the other is not looked at; a binary value mixes the two. */
function checkIf(ctx: Context, { condition, consequent, alternative, span }: IfExpression): Checked {
  const test = checkExpression(ctx, condition);
  if (test?.kind === 'number') return checkExpression(ctx, test.value !== 0 ? consequent : alternative);
  const isCondition = test !== undefined && expectCondition(ctx, test);
  const [a, b] = [checkExpression(ctx, consequent), checkExpression(ctx, alternative)];
  if (test === undefined || !isCondition || a === undefined || b === undefined) return undefined;
  return chooseBetween(ctx, '`if`', { test, a, b, span });
}
