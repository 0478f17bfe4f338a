/**
 * Expressions: concrete syntax → syntax tree. A part that is missing is reported where it should stand, and leaves out
 * the expression around it; its other parts are still looked through for mistakes.
 */
import type { IToken } from 'chevrotain';
import type { ArrayExpression, ComprehensionExpression, Expression, IfExpression } from './ast.js';
import { buildReference } from './build-call.js';
import { allOf, checkList, checkStray, reportMissingExpression, type BuildContext } from './build-context.js';
import { buildLoopHead } from './build-loop-head.js';
import { buildNumber, buildString } from './build-literal.js';
import { buildIndices, buildRange } from './build-range.js';
import { syntaxCatalogue } from './catalogue.js';
import { asOperator, combineOperators, type Operand } from './combine-operators.js';
import { extentOf, first } from './cst-access.js';
import type {
  ArrayCst,
  ComprehensionCst,
  ConditionalCst,
  EqualityCst,
  ExpressionCst,
  OperandCst,
  ParenthesizedCst,
  PrimaryCst,
} from './cst.js';
import { joinSpans } from './span.js';
import { spanOf } from './token-access.js';

/** The expression that must stand after a token; its absence is reported unless that token is absent too. */
export function buildRequired(
  cst: ExpressionCst | undefined,
  after: IToken | undefined,
  context: BuildContext,
): Expression | undefined {
  if (cst !== undefined) return buildExpression(cst, context);
  reportMissingExpression(after, context);
  return undefined;
}

export function buildExpression({ children }: ExpressionCst, context: BuildContext): Expression | undefined {
  const operands = children.operand ?? [];
  const operators = children.BinaryOperatorToken ?? [];
  const built = [buildOperand(operands[0], context)];
  let next = 1;
  for (const [index, operator] of operators.entries()) {
    const operand = operands[next];
    const following = operators[index + 1];
    // An operand belongs to the operator before it, so a later one means that this operator has none.
    const missing = operand === undefined || extentOf(operand).start > (following?.startOffset ?? Infinity);
    if (missing) reportMissingExpression(operator, context);
    else next += 1;
    built.push(missing ? undefined : buildOperand(operand, context));
  }
  const symbols = allOf(operators.map(asOperator));
  const complete = allOf(built);
  if (symbols === undefined || complete === undefined) return undefined;
  return combineOperators(complete, symbols, context.findings);
}

function buildOperand(cst: OperandCst | undefined, context: BuildContext): Operand | undefined {
  if (cst === undefined) return undefined;
  const minuses = cst.children.Minus ?? [];
  const primary = first(cst.children.primary);
  if (primary === undefined) reportMissingExpression(minuses.at(-1), context);
  const expression = primary === undefined ? undefined : buildPrimary(primary, context);
  if (primary === undefined || expression === undefined) return undefined;
  return { minuses, expression, extent: extentOf(primary) };
}

function buildPrimary(cst: PrimaryCst, context: BuildContext): Expression | undefined {
  const { start } = extentOf(cst);
  let target = buildAtom(cst, context);
  for (const indexing of cst.children.indexing ?? []) {
    const indices = buildIndices(indexing, context);
    if (target === undefined || indices === undefined) target = undefined;
    else target = { kind: 'index', target, indices, span: { start, end: extentOf(indexing).end } };
  }
  return target;
}

function buildAtom({ children }: PrimaryCst, context: BuildContext): Expression | undefined {
  const number = first(children.NumberLiteral);
  if (number !== undefined) return buildNumber(number, context);
  const string = first(children.StringLiteral);
  if (string !== undefined) return buildString(string, context);
  const reference = first(children.reference);
  if (reference !== undefined) return buildReference(reference, context);
  const parenthesized = first(children.parenthesized);
  if (parenthesized !== undefined) return buildParenthesized(parenthesized, context);
  const array = first(children.array);
  if (array !== undefined) return buildArray(array, context);
  const conditional = first(children.conditional);
  return conditional === undefined ? undefined : buildConditional(conditional, context);
}

function buildParenthesized({ children }: ParenthesizedCst, context: BuildContext): Expression | undefined {
  const inner = buildRequired(first(children.expression), first(children.LeftParen), context);
  const isEquality = checkEquality(first(children.equality), context);
  const isStray = checkStray(
    { opener: children.LeftParen, stray: children.strayInBrackets, closer: children.RightParen },
    context,
  );
  return isEquality || isStray ? undefined : inner;
}

/** Reports `=` where `==` is meant, and tells whether there is one. */
function checkEquality(cst: EqualityCst | undefined, context: BuildContext): boolean {
  if (cst === undefined) return false;
  const sign = first(cst.children.Equals);
  const { findings } = context;
  if (sign !== undefined) {
    const span = spanOf(sign);
    findings.addIfFirstOnLine(findings.placeOn(span.start, span), () => syntaxCatalogue.report('SBN1038', {}, span));
  }
  const right = first(cst.children.expression);
  if (right !== undefined) buildExpression(right, context);
  return true;
}

function buildArray(cst: ArrayCst, context: BuildContext): ArrayExpression | ComprehensionExpression | undefined {
  const { children } = cst;
  const parts = children.expression ?? [];
  const items = allOf(parts.map((item) => buildExpression(item, context)));
  const { LeftBracket: opener, RightBracket: closer, Comma: commas, strayInBrackets: stray } = children;
  const isSound = checkList({ opener, closer, commas, stray, items: parts.map(extentOf), kind: 'items' }, context);
  const comprehension = first(children.comprehension);
  const span = extentOf(cst);
  if (comprehension === undefined) return items === undefined || !isSound ? undefined : { kind: 'array', items, span };

  const head = buildComprehensionHead(comprehension, context);
  const [item, second] = items ?? [];
  if (parts.length === 0) reportMissingExpression(first(opener), context);
  const another = parts[1];
  if (another !== undefined) reportSecondItem(another, context);
  if (head === undefined || item === undefined || second !== undefined || !isSound) return undefined;
  return { kind: 'comprehension', item, ...head, span };
}

function buildComprehensionHead(cst: ComprehensionCst, context: BuildContext) {
  const { variable, sign } = buildLoopHead('comprehension', first(cst.children.ComprehensionFor), cst, context);
  const range = buildRange(cst.children.range, sign, context);
  return variable === undefined || range === undefined ? undefined : { variable, range };
}

function reportSecondItem(item: ExpressionCst, { findings }: BuildContext): void {
  const span = extentOf(item);
  findings.addAt(findings.placeOn(span.start, span), () =>
    syntaxCatalogue.report('SBN1032', { found: 'second item of a comprehension' }, span, {
      hint: 'a comprehension has one item: `[f(i) for i in 1..N]`',
    }),
  );
}

function buildConditional(cst: ConditionalCst, context: BuildContext): IfExpression | undefined {
  const { children } = cst;
  const [ifToken, thenToken, elseToken] = [children.If, children.Then, children.Else].map(first);
  const expressions = children.expression ?? [];
  const between = (from: IToken | undefined, to: IToken | undefined): ExpressionCst | undefined =>
    from === undefined
      ? undefined
      : expressions.find((part) => {
          const { start } = extentOf(part);
          return start > from.startOffset && start < (to?.startOffset ?? Infinity);
        });
  const test = between(ifToken, thenToken ?? elseToken);
  const condition = buildRequired(test, ifToken, context);
  const equality = first(children.equality);
  const isEquality = checkEquality(equality, context);
  if (thenToken === undefined) {
    const end = test === undefined ? extentOf(cst).end : joinSpans(extentOf(test), extentOf(equality ?? test)).end;
    reportIncomplete('then', end, context);
    for (const part of expressions) if (part !== test) buildExpression(part, context);
    return undefined;
  }
  const consequent = buildRequired(between(thenToken, elseToken), thenToken, context);
  if (elseToken === undefined) reportIncomplete('else', extentOf(cst).end, context);
  const alternative = buildRequired(between(elseToken, undefined), elseToken, context);
  if (condition === undefined || consequent === undefined || alternative === undefined || isEquality) return undefined;
  return { kind: 'if', condition, consequent, alternative, span: extentOf(cst) };
}

function reportIncomplete(missing: string, end: number, { findings }: BuildContext): void {
  findings.addIfFirstOnLine(findings.placeAt(end), ({ span }) => syntaxCatalogue.report('SBN1047', { missing }, span));
}
