/** Typed expressions as the checker makes them. */
import type { Span } from '@sbn/dsl';
import type { Operation, Plate, TypedExpression, UnaryOperation } from '../typed-model.js';
import { REAL, type RowType } from './value-types.js';

/** The result of checking: `undefined` where a mistake was reported, so that what uses it stays silent. */
export type Checked = TypedExpression | undefined;

export type NumberValue = Extract<TypedExpression, { readonly kind: 'number' }>;
export type ArrayValue = Extract<TypedExpression, { readonly kind: 'array' }>;

/** A number known at compile time. */
export function numberValue(value: number, span: Span): NumberValue {
  return { kind: 'number', value, type: { element: REAL, shape: [], batched: false, plates: [] }, span };
}

/** A tensor known at compile time; `values` are row-major. */
export function arrayValue(values: readonly number[], shape: readonly number[], span: Span): ArrayValue {
  return { kind: 'array', values, type: { element: REAL, shape, batched: false, plates: [] }, span };
}

/** An operation on values; rows and elements of plates differ if they do in any operand. */
export function apply(
  operation: Operation,
  type: RowType,
  args: readonly TypedExpression[],
  span: Span,
): TypedExpression {
  const batched = args.some((arg) => arg.type.batched);
  const own = operation.kind === 'element' ? [operation.plate] : [];
  const plates = joinPlates([own, ...args.map((arg) => arg.type.plates)]);
  return { kind: 'apply', operation, args, type: { ...type, batched, plates }, span };
}

/** All the plates, outermost first. */
export function joinPlates(lists: readonly (readonly Plate[])[]): readonly Plate[] {
  return [...new Set(lists.flat())].sort((a, b) => a.depth - b.depth);
}

/** An element-wise function of one value, which gives real numbers. */
export function applyUnary(name: UnaryOperation, arg: TypedExpression, span: Span): TypedExpression {
  return apply({ kind: 'unary', name }, { element: REAL, shape: arg.type.shape }, [arg], span);
}

/** The same value, used at another place. */
export function usedAt(value: Checked, span: Span): Checked {
  return value === undefined ? undefined : { ...value, span };
}

/** Whether using the value twice costs nothing, so that it needs no name of its own. */
export function isTrivial(value: TypedExpression): boolean {
  return value.kind !== 'apply';
}
