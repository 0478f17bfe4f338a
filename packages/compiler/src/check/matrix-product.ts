/** The matrix product. */
import { at } from '@sbn/program';
import type { Span } from '@sbn/dsl';
import type { TypedExpression } from '../typed-model.js';
import { labelAxis, labelDeclarations } from './broadcast.js';
import { report, sourceAt, type Context } from './context.js';
import { layOut } from './functions/layout.js';
import { apply, type Checked } from './typed.js';
import { countElements, formatType, REAL } from './value-types.js';

/** `[…, k] @ [k]` and `[…, k] @ [k, m]`, as numpy has them. */
export function matmul(ctx: Context, a: TypedExpression, b: TypedExpression, span: Span): Checked {
  const [left, right] = [a.type.shape, b.type.shape];
  const number = [a, b].find(({ type }) => type.shape.length === 0);
  const wrong = number ?? (right.length > 2 ? b : undefined);
  if (wrong !== undefined) {
    const hint = wrong === number ? 'a number multiplies with `*`' : '`reshape` it to two axes first';
    report(ctx, 'SBN2032', {}, { span: wrong.span, label: formatType(wrong.type), hint });
    return undefined;
  }
  if (at(left, left.length - 1) === at(right, 0)) return multiply(a, b, span);
  reportProduct(ctx, a, b);
  return undefined;
}

/** The product of what fits. */
export function multiply(a: TypedExpression, b: TypedExpression, span: Span): TypedExpression {
  const [left, right] = [a.type.shape, b.type.shape];
  const inner = at(left, left.length - 1);
  const shape = [...left.slice(0, -1), ...right.slice(1)];
  // The operation takes at most two axes: those in front are one while it lasts.
  const rows = left.length <= 2 ? a : layOut(a, [countElements(left) / inner, inner], span);
  const flat = [...rows.type.shape.slice(0, -1), ...right.slice(1)];
  return layOut(apply({ kind: 'matmul' }, { element: REAL, shape: flat }, [rows, b], span), shape, span);
}

function reportProduct(ctx: Context, a: TypedExpression, b: TypedExpression): void {
  const [left, right] = [a.type.shape, b.type.shape];
  const name = b.kind === 'parameter' ? b.name : undefined;
  const fitting = [at(left, left.length - 1), ...right.slice(1)].join(', ');
  // As written in mathematics, a matrix stands before its vector and is the other way about.
  const isTurned = right.length === 2 && at(left, left.length - 1) === at(right, 1);
  const [first, second] = [sourceAt(ctx, a.span), sourceAt(ctx, b.span)];
  const turned =
    isTurned && first !== undefined && second !== undefined ? `write \`${first} @ transpose(${second})\`` : undefined;
  report(
    ctx,
    'SBN2031',
    {},
    {
      span: a.span,
      label: labelAxis(a, left.length - 1),
      related: [
        { span: b.span, text: `${formatType(b.type)}: ${right.length === 1 ? 'only' : 'first'} axis ${at(right, 0)}` },
        ...labelDeclarations(ctx, [a, b]),
      ],
      hint: turned ?? (name === undefined ? undefined : `did you mean \`param ${name}: real[${fitting}]\`?`),
    },
  );
}
