/** Shapes of operands that must fit together, and what is said where they do not. */
import { at } from '@sbn/program';
import type { Label } from '@sbn/dsl';
import { report, sourceAt, type Context } from './context.js';
import type { TypedExpression } from '../typed-model.js';
import { broadcastRows, formatType, nameAxis } from './value-types.js';

/** The shape that all operands stretch to; `user` is what takes them, e.g. `` `+` ``. */
export function broadcastAll(
  ctx: Context,
  user: string,
  operands: readonly TypedExpression[],
): readonly number[] | undefined {
  let shape: readonly number[] = [];
  let widest: TypedExpression | undefined;
  for (const operand of operands) {
    const result = broadcastRows(shape, operand.type.shape);
    if (!result.fits) {
      reportMismatch(ctx, user, clashing(operands, operand) ?? widest ?? operand, operand);
      return undefined;
    }
    if (operand.type.shape.length >= shape.length) widest = operand;
    shape = result.shape;
  }
  return shape;
}

/** The first operand that does not fit `operand`. */
function clashing(operands: readonly TypedExpression[], operand: TypedExpression): TypedExpression | undefined {
  return operands.find((other) => !broadcastRows(other.type.shape, operand.type.shape).fits);
}

function reportMismatch(ctx: Context, user: string, left: TypedExpression, right: TypedExpression): void {
  const result = broadcastRows(left.type.shape, right.type.shape);
  if (result.fits) return;
  report(
    ctx,
    'SBN2030',
    { user },
    {
      span: left.span,
      label: labelAxis(left, result.leftAxis),
      related: [
        { span: right.span, text: labelAxis(right, result.rightAxis) },
        ...labelDeclarations(ctx, [left, right]),
      ],
    },
  );
}

/** `binary[200]: last axis 200` */
export function labelAxis({ type }: TypedExpression, axis: number): string {
  return `${formatType(type)}: ${nameAxis(type.shape.length, axis)} ${at(type.shape, axis)}`;
}

/** Where the operands that are names were declared, each place once. */
export function labelDeclarations(ctx: Context, values: readonly TypedExpression[]): readonly Label[] {
  const labels = new Map<number, Label>();
  for (const value of values) {
    const label = labelDeclaration(ctx, value);
    if (label !== undefined) labels.set(label.span.start, label);
  }
  return [...labels.values()];
}

function labelDeclaration(ctx: Context, value: TypedExpression): Label | undefined {
  const text = sourceAt(ctx, value.span) ?? 'this';
  switch (value.kind) {
    case 'data':
    case 'parameter': {
      const entry = ctx.session.globals.lookup(value.name);
      if (entry?.kind !== 'data' && entry?.kind !== 'param') return undefined;
      return { span: entry.span, text: `\`${value.name}\` is declared ${formatType(value.type)} here` };
    }
    case 'site': {
      const site = ctx.place?.block.sites.get(value.id);
      return site === undefined ? undefined : { span: site.span, text: `\`${value.id}\` is sampled here` };
    }
    case 'binding': {
      const name = ctx.scope.lookup(text);
      return name?.kind === 'local' ? { span: name.span, text: `\`${text}\` is defined here` } : undefined;
    }
    default:
      return undefined;
  }
}
