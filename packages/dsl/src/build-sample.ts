/** Sites: `h[l] ~ bernoulli(…) via muprop(…)`. */
import type { IToken } from 'chevrotain';
import type { CallExpression, Expression, SampleStatement } from './ast.js';
import { buildReference } from './build-call.js';
import { buildIdentifier, describeExpression, type BuildContext } from './build-context.js';
import { buildExpression } from './build-expression.js';
import { buildNumbers } from './build-range.js';
import { syntaxCatalogue } from './catalogue.js';
import { buildAnnotation } from './build-type.js';
import { endOf, extentOf, first } from './cst-access.js';
import type { ExpressionCst, SampleStatementCst } from './cst.js';
import { reportExpected, reportNoTilde } from './expectations.js';
import { describeToken, spanOf } from './token-access.js';
import * as token from './tokens.js';

export function buildSample(cst: SampleStatementCst, context: BuildContext): SampleStatement | undefined {
  const { children } = cst;
  const target = first(children.LeadingName);
  if (target === undefined) return undefined;
  const span = extentOf(cst);
  const doc = context.docs.claim(span.start);
  const indexing = first(children.indexing);
  const indices = indexing === undefined ? [] : buildNumbers(indexing, context);
  const targetSpan = { start: span.start, end: endOf(target, indexing) };
  const annotation = first(children.annotation);
  const type = annotation === undefined ? undefined : buildAnnotation(annotation, context);
  const distribution = buildDistribution(cst, target, endOf(target, indexing, annotation), context);
  const by = first(children.Via);
  const reference = first(children.reference);
  if (by !== undefined && reference === undefined) reportExpected('estimator', endOf(by), context);
  const via = reference === undefined ? undefined : buildReference(reference, context);
  const isIncomplete = (by !== undefined && via === undefined) || (annotation !== undefined && type === undefined);
  if (distribution === undefined || indices === undefined || isIncomplete) return undefined;
  return { kind: 'sample', name: buildIdentifier(target), indices, targetSpan, type, distribution, via, doc, span };
}

function buildDistribution(
  { children }: SampleStatementCst,
  target: IToken,
  targetEnd: number,
  context: BuildContext,
): CallExpression | undefined {
  const { findings } = context;
  const sign = first(children.EqualsOrTilde);
  const expression = first(children.expression);
  if (sign === undefined) {
    reportNoTilde(target, targetEnd, context);
    // What follows in parentheses is no expression but the arguments of a call, and is not to blame.
    const isCall = findings.placeAt(targetEnd).found?.tokenType === token.LeftParen;
    if (expression !== undefined && !isCall) buildExpression(expression, context);
    return undefined;
  }
  const built = expression === undefined ? undefined : buildExpression(expression, context);
  if (sign.tokenType === token.Tilde) return asDistribution(expression, built, sign, context);
  findings.addAt(findings.placeOn(sign.startOffset), () =>
    syntaxCatalogue.report('SBN1034', { name: target.image, found: sign.image }, spanOf(sign)),
  );
  return undefined;
}

/** Reports what is no distribution; of an expression that could not be built, the reason is reported already. */
function asDistribution(
  cst: ExpressionCst | undefined,
  built: Expression | undefined,
  sign: IToken,
  { findings }: BuildContext,
): CallExpression | undefined {
  if (built?.kind === 'call') return built;
  if (cst === undefined) {
    findings.addAt(findings.placeAt(endOf(sign)), ({ found, span, showsFound }) =>
      syntaxCatalogue.report('SBN1040', { found: showsFound ? describeToken(found) : undefined }, span),
    );
  } else if (built !== undefined) {
    const particulars = built.kind === 'name' ? { hint: `write its parameters: \`${built.name}(…)\`` } : {};
    findings.add(syntaxCatalogue.report('SBN1040', { found: describeExpression(built) }, extentOf(cst), particulars));
  }
  return undefined;
}
