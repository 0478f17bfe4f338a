/** Ranges, indices and sizes: what stands in `[ ]` after something, and after `in`. */
import type { IToken } from 'chevrotain';
import type { Expression, Identifier, IndexExpression, RangeExpression, TypeExpression } from './ast.js';
import {
  allOf,
  buildIdentifier,
  checkList,
  reportMissingExpression,
  reportUnexpected,
  type BuildContext,
} from './build-context.js';
import { buildExpression, buildRequired } from './build-expression.js';
import { syntaxCatalogue } from './catalogue.js';
import { extentOf, first } from './cst-access.js';
import type { ExpressionCst, IndexingCst, RangeCst } from './cst.js';
import { joinSpans, type Span } from './span.js';
import { spanOf } from './token-access.js';
import * as token from './tokens.js';

/** The parts of a range by their places; any may be missing. */
interface RangeParts {
  readonly from: ExpressionCst | undefined;
  readonly dots: IToken | undefined;
  readonly to: ExpressionCst | undefined;
  readonly by: IToken | undefined;
  readonly step: ExpressionCst | undefined;
}

function partsOf({ children }: RangeCst): RangeParts {
  const dots = first(children.DotDot);
  const by = first(children.By);
  const dotsAt = dots?.startOffset ?? by?.startOffset ?? Infinity;
  const byAt = by?.startOffset ?? Infinity;
  const within = (low: number, high: number): ExpressionCst | undefined =>
    children.expression?.find((part) => extentOf(part).start > low && extentOf(part).start < high);
  return { from: within(-1, dotsAt), dots, to: within(dotsAt, byAt), by, step: within(byAt, Infinity) };
}

/** The range after `in`, with both of its ends; a second one stands where the first has lost its `..`. */
export function buildRange(
  csts: readonly RangeCst[] | undefined,
  after: IToken | undefined,
  context: BuildContext,
): RangeExpression | undefined {
  const [cst, second] = csts ?? [];
  if (cst === undefined) {
    reportMissingExpression(after, context);
    return undefined;
  }
  const { from, dots, to, by, step } = partsOf(cst);
  const start = buildRequired(from, after, context);
  const end = dots === undefined ? undefined : buildRequired(to, dots, context);
  const stride = buildRequired(step, by, context);
  const isRange = dots !== undefined && second === undefined;
  if (!isRange && from !== undefined)
    reportNoRange(joinSpans(extentOf(from), extentOf(second ?? from)), second && extentOf(second), context);
  if (!isRange || start === undefined || end === undefined) return undefined;
  if (by !== undefined && stride === undefined) return undefined;
  return { kind: 'range', from: start, to: end, step: stride, span: extentOf(cst) };
}

function reportNoRange(span: Span, rest: Span | undefined, { findings }: BuildContext): void {
  const after = findings.placeOn(rest?.start ?? span.end).found?.tokenType;
  const hint =
    after === token.Colon
      ? 'a range is written with two dots, both ends included: `1..3`'
      : after === token.If
        ? 'a comprehension takes all of its range: it has no condition'
        : undefined;
  findings.addIfFirstOnLine(findings.placeOn(span.end, span), () =>
    syntaxCatalogue.report('SBN1042', { what: 'after `in`' }, span, hint === undefined ? {} : { hint }),
  );
}

/** The number after the `in` of a plate. */
export function buildSize(
  csts: readonly RangeCst[] | undefined,
  after: IToken | undefined,
  context: BuildContext,
): Expression | undefined {
  const [cst, second] = csts ?? [];
  if (cst === undefined) {
    reportMissingExpression(after, context);
    return undefined;
  }
  const { from, dots, to, step } = partsOf(cst);
  const size = from === undefined ? undefined : buildExpression(from, context);
  for (const part of [to, step]) if (part !== undefined) buildExpression(part, context);
  if (second !== undefined) reportUnexpected(extentOf(second).start, context);
  const isRange = dots !== undefined || step !== undefined;
  if (isRange) context.findings.add(syntaxCatalogue.report('SBN1043', {}, extentOf(cst)));
  return isRange || second !== undefined ? undefined : size;
}

/** `[l + 1, 2..3, ..]` after a value. */
export function buildIndices(cst: IndexingCst, context: BuildContext): IndexExpression['indices'] | undefined {
  const ranges = cst.children.range ?? [];
  const indices = allOf(ranges.map((range) => buildIndex(range, context)));
  return checkIndexing(cst, context) ? indices : undefined;
}

/** `[l, m]`: the indices of a site, of which each is one number. */
export function buildNumbers(cst: IndexingCst, context: BuildContext): readonly Expression[] | undefined {
  const ranges = cst.children.range ?? [];
  const numbers = allOf(ranges.map((range) => buildOneNumber(range, context)));
  return checkIndexing(cst, context) ? numbers : undefined;
}

/** `[784]`, `[n, m]`, `[..s, n]`: the sizes of a type. */
export function buildDimensions(
  cst: IndexingCst,
  context: BuildContext,
): Pick<TypeExpression, 'lead' | 'dimensions'> | undefined {
  const ranges = cst.children.range ?? [];
  const lead = leadOf(first(ranges));
  const rest = lead === undefined ? ranges : ranges.slice(1);
  const dimensions = allOf(
    rest.map((range) =>
      buildOneNumber(range, context, 'an axis has one size; `..s`, for all axes in front, comes first'),
    ),
  );
  return checkIndexing(cst, context) && dimensions !== undefined ? { lead, dimensions } : undefined;
}

/** The name in `..s`. */
function leadOf(cst: RangeCst | undefined): Identifier | undefined {
  if (cst === undefined) return undefined;
  const { from, dots, to, by } = partsOf(cst);
  if (from !== undefined || dots === undefined || to === undefined || by !== undefined) return undefined;
  const operands = to.children.operand ?? [];
  const reference = first(first(first(operands)?.children.primary)?.children.reference);
  const name = reference?.children.callArguments === undefined ? first(reference?.children.Identifier) : undefined;
  // Nothing but the name: `..s + 1` and `..s[0]` are none.
  const isAlone =
    name !== undefined && extentOf(to).end === spanOf(name).end && extentOf(to).start === name.startOffset;
  return isAlone ? buildIdentifier(name) : undefined;
}

function checkIndexing({ children }: IndexingCst, context: BuildContext): boolean {
  const { LeftBracket: opener, RightBracket: closer, Comma: commas, strayInBrackets: stray } = children;
  const items = (children.range ?? []).map(extentOf);
  const isSound = checkList({ opener, closer, commas, stray, items, kind: 'indices' }, context);
  if (items.length === 0 && isSound) reportMissingExpression(first(opener), context);
  return items.length > 0 && isSound;
}

function buildIndex(cst: RangeCst, context: BuildContext): IndexExpression['indices'][number] | undefined {
  const { from, dots, to, by, step } = partsOf(cst);
  const span = extentOf(cst);
  const [start, end] = [from, to].map((part) => (part === undefined ? undefined : buildExpression(part, context)));
  const stride = buildRequired(step, by, context);
  if (dots === undefined && by === undefined) return start;
  if (from === undefined && to === undefined && by === undefined) return { kind: 'whole', span };
  if (from === undefined || to === undefined) {
    context.findings.add(syntaxCatalogue.report('SBN1042', { what: 'with both of its ends' }, span));
    return undefined;
  }
  if (start === undefined || end === undefined || (by !== undefined && stride === undefined)) return undefined;
  return { kind: 'range', from: start, to: end, step: stride, span };
}

function buildOneNumber(
  cst: RangeCst,
  context: BuildContext,
  hint = 'a single number stands here; `for` goes through a range',
): Expression | undefined {
  const { from, dots, to, by, step } = partsOf(cst);
  const number = from === undefined ? undefined : buildExpression(from, context);
  for (const part of [to, step]) if (part !== undefined) buildExpression(part, context);
  const surplus = dots ?? by;
  if (surplus !== undefined) {
    reportUnexpected(spanOf(surplus).start, context, hint);
  }
  return surplus === undefined ? number : undefined;
}
