/** Expressions that must stand for numbers known at compile time: shapes, indices, bounds of loops, options. */
import type { Expression } from '@sbn/dsl';
import type { Context } from './context.js';
import { checkExpression } from './expressions.js';
import { expectInteger, expectNumber, type Purpose } from './numbers.js';

/** The number that an expression stands for; undefined, and reported, where there is none. */
export function checkNumber(ctx: Context, expression: Expression, what: string): number | undefined {
  return expectNumber(ctx, checkExpression(ctx, expression), what);
}

/** Like `checkNumber`, for whole numbers. */
export function checkInteger(ctx: Context, expression: Expression, purpose: Purpose): number | undefined {
  return expectInteger(ctx, checkExpression(ctx, expression), purpose);
}
