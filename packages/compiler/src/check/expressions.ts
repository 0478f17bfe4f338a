/**
 * From a written expression to a typed one: names resolved, numbers folded, functions inlined.
 * Requires the names of the module to be declared. Gives `undefined`, after a diagnostic, for an
 * expression with a mistake; whatever uses it stays silent.
 */
import { assertNever } from '@sbn/program';
import type { ArrayExpression, ComprehensionExpression, Expression, IfExpression } from '@sbn/dsl';
import type { TypedExpression } from '../typed-model.js';
import { arrayValue, numberValue, type Checked } from './typed.js';
import { checkCall } from './calls.js';
import { chooseBetween, expectCondition } from './choose.js';
import { DEEPEST_EXPRESSION, report, type Context } from './context.js';
import { checkIndex } from './indexing.js';
import { checkName } from './names.js';
import { checkBinary, checkUnary } from './operators.js';
import { Scope } from './scope.js';
import { formatType, sameShape } from './value-types.js';

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

/** Numbers known at compile time, or arrays of them of one shape. */
function checkArray(ctx: Context, { items, span }: ArrayExpression): Checked {
  const checked = items.map((item) => checkExpression(ctx, item));
  const values: number[] = [];
  let first: TypedExpression | undefined;
  let failed = false;
  for (const item of checked) {
    if (item === undefined) failed = true;
    else if (item.kind !== 'number' && item.kind !== 'array') {
      report(ctx, 'SBN2044', {}, { span: item.span, label: formatType(item.type) });
      failed = true;
    } else {
      first ??= item;
      if (!sameShape(item.type.shape, first.type.shape)) {
        const related = [{ span: first.span, text: describeItem(first) }];
        report(ctx, 'SBN2043', {}, { span: item.span, label: describeItem(item), related });
        failed = true;
      } else values.push(...(item.kind === 'number' ? [item.value] : item.values));
    }
  }
  if (failed) return undefined;
  if (first === undefined) {
    report(ctx, 'SBN2045', {}, { span });
    return undefined;
  }
  return arrayValue(values, [items.length, ...first.type.shape], span);
}

/** `a number`, `shape [2]` */
function describeItem({ type }: TypedExpression): string {
  return type.shape.length === 0 ? 'a number' : `shape [${type.shape.join(', ')}]`;
}

/** Not in this version; what stands in it is checked all the same. */
function checkComprehension(ctx: Context, { item, variable, range, span }: ComprehensionExpression): Checked {
  const hint = 'write the items out, `[1, 2, 3]`, or give them an axis of their own, which arithmetic covers at once';
  report(ctx, 'SBN2013', { feature: 'a comprehension' }, { span, hint });
  checkExpression(ctx, range.from);
  checkExpression(ctx, range.to);
  const scope = new Scope(ctx.scope);
  scope.declare(variable.name, { kind: 'local', what: 'loop variable', span: variable.span, value: undefined });
  checkExpression({ ...ctx, scope }, item);
  return undefined;
}
