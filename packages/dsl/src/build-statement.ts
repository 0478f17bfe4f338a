/** Statements: concrete syntax → syntax tree. One that is not complete is left out, and its names are noted as lost. */
import type { IToken } from 'chevrotain';
import type {
  CallExpression,
  Expression,
  ForStatement,
  LetStatement,
  PlateStatement,
  ReturnStatement,
  SampleStatement,
  Statement,
} from './ast.js';
import { buildReference } from './build-call.js';
import { buildIdentifier, describeExpression, identifierOf, type BuildContext } from './build-context.js';
import { buildMisplaced } from './build-declaration.js';
import { buildExpression, buildRequired } from './build-expression.js';
import { buildNumbers, buildRange, buildSize } from './build-range.js';
import { syntaxCatalogue } from './catalogue.js';
import { extentOf, first, firstToken, inOrder } from './cst-access.js';
import type {
  AnnotationCst,
  BodyCst,
  ExpressionCst,
  ForStatementCst,
  LetStatementCst,
  PlateStatementCst,
  ReturnStatementCst,
  SampleStatementCst,
  StatementCst,
} from './cst.js';
import type { Span } from './span.js';
import { reportStray } from './stray.js';
import { describeToken, spanOf } from './token-access.js';
import * as token from './tokens.js';

export function buildBody(cst: BodyCst, context: BuildContext): readonly Statement[] {
  const statements: Statement[] = [];
  let previous: Span | undefined;
  for (const part of inOrder(cst.children.statement, cst.children.declaration, cst.children.strayInBlock)) {
    const span = extentOf(part);
    if (part.name === 'statement') {
      const statement = buildStatement(part, context);
      if (statement === undefined) context.findings.lose(span);
      else statements.push(statement);
    } else if (part.name === 'declaration') buildMisplaced(part, context);
    else reportStray(span, previous, 'block', context);
    previous = span;
  }
  return statements;
}

function buildStatement({ children }: StatementCst, context: BuildContext): Statement | undefined {
  const sample = first(children.sampleStatement);
  if (sample !== undefined) return buildSample(sample, context);
  const binding = first(children.letStatement);
  if (binding !== undefined) return buildLet(binding, context);
  const loop = first(children.forStatement);
  if (loop !== undefined) return buildFor(loop, context);
  const plate = first(children.plateStatement);
  if (plate !== undefined) return buildPlate(plate, context);
  const result = first(children.returnStatement);
  return result === undefined ? undefined : buildReturn(result, context);
}

function buildSample(cst: SampleStatementCst, context: BuildContext): SampleStatement | undefined {
  const { children } = cst;
  const target = firstToken(children.LeadingName);
  if (target === undefined) return undefined;
  const span = extentOf(cst);
  const doc = context.docs.claim(span.start);
  const indexing = first(children.indexing);
  const indices = indexing === undefined ? [] : buildNumbers(indexing, context);
  const sign = firstToken(children.EqualsOrTilde);
  const expression = first(children.expression);
  const built = expression === undefined ? undefined : buildExpression(expression, context);
  const reference = first(children.reference);
  const via = reference === undefined ? undefined : buildReference(reference, context);
  const isIncomplete = children.Via !== undefined && via === undefined;
  const name = buildIdentifier(target);
  if (sign === undefined) return undefined;
  if (sign.tokenType !== token.Tilde) {
    const params = { name: name.name, found: sign.image };
    context.findings.add(syntaxCatalogue.report('SBN1034', params, spanOf(sign)));
    return undefined;
  }
  const distribution = asDistribution(expression, built, sign, context);
  if (distribution === undefined || indices === undefined || isIncomplete) return undefined;
  const targetSpan = { start: span.start, end: indexing === undefined ? name.span.end : extentOf(indexing).end };
  return { kind: 'sample', name, indices, targetSpan, distribution, via, doc, span };
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
    findings.addAt(findings.placeAt(spanOf(sign).end), ({ found, span }) =>
      syntaxCatalogue.report(
        'SBN1040',
        { found: found === undefined ? 'the end of the file' : describeToken(found) },
        span,
      ),
    );
  } else if (built !== undefined) {
    const span = extentOf(cst);
    const hint = built.kind === 'name' ? `write its parameters: \`${built.name}(…)\`` : undefined;
    const particulars = hint === undefined ? {} : { hint };
    findings.add(syntaxCatalogue.report('SBN1040', { found: describeExpression(built) }, span, particulars));
  }
  return undefined;
}

function buildLet(cst: LetStatementCst, context: BuildContext): LetStatement | undefined {
  const { children } = cst;
  const span = extentOf(cst);
  const doc = context.docs.claim(span.start);
  const name = identifierOf(children.Identifier);
  checkAnnotation(first(children.annotation), 'let', context);
  const sign = firstToken(children.EqualsOrTilde);
  const hint =
    sign?.tokenType === token.Tilde && name !== undefined ? `a site has no \`let\`: \`${name.name} ~ …\`` : undefined;
  const isWrong = checkEquals(sign, context, hint);
  const value = buildRequired(first(children.expression), sign, context);
  if (name === undefined || value === undefined || isWrong) return undefined;
  return { kind: 'let', name, value, doc, span };
}

/** Reports another sign in the place of `=`, and tells whether it changes the meaning: `==` does not. */
export function checkEquals(sign: IToken | undefined, { findings }: BuildContext, hint?: string): boolean {
  if (sign === undefined || sign.tokenType === token.Equals) return false;
  const particulars = hint === undefined ? {} : { hint };
  findings.add(syntaxCatalogue.report('SBN1035', { found: sign.image }, spanOf(sign), particulars));
  return sign.tokenType !== token.EqualsEquals;
}

/** Reports the type of what takes none. */
export function checkAnnotation(cst: AnnotationCst | undefined, keyword: string, { findings }: BuildContext): void {
  if (cst !== undefined) findings.add(syntaxCatalogue.report('SBN1046', { keyword }, extentOf(cst)));
}

function buildFor(cst: ForStatementCst, context: BuildContext): ForStatement | undefined {
  const { children } = cst;
  const variable = identifierOf(children.Identifier);
  const sign = checkIn(children.InOrEquals, context);
  const range = buildRange(first(children.range), sign, context);
  const body = buildNested(first(children.body), context);
  if (variable === undefined || range === undefined || body === undefined) return undefined;
  return { kind: 'for', variable, range, body, span: extentOf(cst) };
}

function buildPlate(cst: PlateStatementCst, context: BuildContext): PlateStatement | undefined {
  const { children } = cst;
  const variable = identifierOf(children.Identifier);
  const sign = checkIn(children.InOrEquals, context);
  const size = buildSize(first(children.range), sign, context);
  const body = buildNested(first(children.body), context);
  if (variable === undefined || size === undefined || body === undefined) return undefined;
  return { kind: 'plate', variable, size, body, span: extentOf(cst) };
}

/** Reports `=` where `in` is meant. */
export function checkIn(children: readonly IToken[] | undefined, { findings }: BuildContext): IToken | undefined {
  const sign = firstToken(children);
  if (sign?.tokenType === token.Equals) {
    const params = { expected: '`in`', after: undefined };
    const particulars = { label: 'found `=`', hint: 'write `for l in 1..N`' };
    findings.add(syntaxCatalogue.report('SBN1030', params, spanOf(sign), particulars));
  }
  return sign;
}

function buildNested(cst: BodyCst | undefined, context: BuildContext): readonly Statement[] | undefined {
  return cst === undefined ? undefined : buildBody(cst, context);
}

function buildReturn(cst: ReturnStatementCst, context: BuildContext): ReturnStatement | undefined {
  const value = buildRequired(first(cst.children.expression), firstToken(cst.children.Return), context);
  return value === undefined ? undefined : { kind: 'return', value, span: extentOf(cst) };
}
