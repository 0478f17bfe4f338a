/** What a loop and a comprehension run through. */
import type { RangeExpression } from '@sbn/dsl';
import { checkInteger } from './compile-time.js';
import { countUnrolled, MOST_UNROLLED, report, type Context } from './context.js';

/** `loop` or `comprehension`, for messages. */
export type Repetition = 'loop' | 'comprehension';

/** The values of a range, in order; undefined, after a diagnostic, where they cannot be known or are too many. */
export function checkRange(ctx: Context, range: RangeExpression, what: Repetition): readonly number[] | undefined {
  const bound = { what: `the bound of a ${what}` };
  const from = checkInteger(ctx, range.from, bound);
  const to = checkInteger(ctx, range.to, bound);
  const step = range.step === undefined ? undefined : checkInteger(ctx, range.step, { what: `the step of a ${what}` });
  if (from === undefined || to === undefined || (range.step !== undefined && step === undefined)) return undefined;
  return iterate(ctx, range, what, from, to, step);
}

/** `a..b` counts from a toward b, up or down; with a step, which may find nothing to do, in the step's direction. */
function iterate(
  ctx: Context,
  range: RangeExpression,
  what: Repetition,
  from: number,
  to: number,
  given: number | undefined,
): readonly number[] | undefined {
  if (given === 0) {
    report(ctx, 'SBN2024', { what }, { span: range.step?.span ?? range.span });
    return undefined;
  }
  const step = given ?? (to >= from ? 1 : -1);
  const count = Math.max(0, Math.floor((to - from) / step) + 1);
  if (!countUnrolled(ctx.session, count)) {
    const limit = { what: `iterations of ${what}s`, most: MOST_UNROLLED };
    report(ctx, 'SBN2025', limit, { span: range.span, label: `${count} here` });
    return undefined;
  }
  return Array.from({ length: count }, (_, index) => from + index * step);
}
