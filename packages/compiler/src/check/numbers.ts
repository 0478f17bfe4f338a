/** Values that must be numbers known at compile time, and what is said where they are not. */
import type { Span } from '@sbn/dsl';
import { report, sourceAt, type Context } from './context.js';
import type { TypedExpression } from '../typed-model.js';
import { numberValue, type Checked } from './typed.js';
import { countElements, formatType, MOST_ELEMENTS } from './value-types.js';

/** What a number is for, e.g. `an axis of a shape`, and the least it may be. */
export interface Purpose {
  readonly what: string;
  readonly least?: number | undefined;
}

/** The number that a value is; undefined, and reported, where it is none at compile time. */
export function expectNumber(ctx: Context, value: Checked, what: string): number | undefined {
  if (value === undefined) return undefined;
  if (value.kind === 'number') return value.value;
  report(ctx, 'SBN2020', { what }, { span: value.span, label: describeValue(value), hint: wayOut(value) });
  return undefined;
}

/** Like `expectNumber`, for whole numbers. */
export function expectInteger(ctx: Context, value: Checked, { what, least }: Purpose): number | undefined {
  const number = expectNumber(ctx, value, what);
  if (number === undefined || value === undefined) return undefined;
  if (Number.isSafeInteger(number) && number >= (least ?? -Infinity)) return number;
  const written = sourceAt(ctx, value.span);
  const label = written === undefined || Number(written) === number ? '' : `this is ${number}`;
  const bound = least === undefined ? '' : ` of at least ${least}`;
  report(ctx, 'SBN2021', { what, bound, value: number }, { span: value.span, label });
  return undefined;
}

function describeValue(value: TypedExpression): string {
  const type = formatType(value.type);
  return value.kind === 'array' ? `an array: ${type}` : `known only when the model runs: ${type}`;
}

function wayOut(value: TypedExpression): string {
  return value.kind === 'array'
    ? 'give its numbers one by one, as in `f(2, 3)`, or take one of them: `sizes[0]`'
    : 'use numbers, constants, loop variables and `int` parameters of functions';
}

/** The number at `span`, unless it is infinite or none at all, as `1 / 0` and `log(-1)` are. */
export function foldNumber(ctx: Context, value: number, span: Span): Checked {
  if (Number.isFinite(value)) return numberValue(value, span);
  report(ctx, 'SBN2022', { text: sourceAt(ctx, span) ?? 'this', value }, { span });
  return undefined;
}

/** Refuses tensors that no machine holds. */
export function checkSize(ctx: Context, shape: readonly number[], span: Span): boolean {
  const count = countElements(shape);
  if (count <= MOST_ELEMENTS) return true;
  report(ctx, 'SBN2023', { shape: `[${shape.join(', ')}]`, count }, { span });
  return false;
}

/** Constants are written out in a program: more of them than this are a slip. */
const MOST_NUMBERS = 2 ** 20;

/** Refuses arrays of so many numbers known at compile time; `hint` says what to do instead. */
export function checkNumbers(ctx: Context, shape: readonly number[], span: Span, hint: string): boolean {
  const count = countElements(shape);
  if (count <= MOST_NUMBERS) return true;
  const problem = `${count} numbers would be written into the program, and ${MOST_NUMBERS} are the most`;
  report(ctx, 'SBN2047', { callee: 'a constant', problem }, { span, hint });
  return false;
}
