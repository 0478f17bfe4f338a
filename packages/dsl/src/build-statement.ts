/** Statements: concrete syntax → syntax tree. One that is not complete is left out, and its names are noted as lost. */
import type {
  ForStatement,
  LetStatement,
  ParamDeclaration,
  PlateStatement,
  ReturnStatement,
  Statement,
} from './ast.js';
import { buildBinding } from './build-binding.js';
import type { BuildContext } from './build-context.js';
import { buildMisplaced, buildParam } from './build-declaration.js';
import { buildRequired } from './build-expression.js';
import { buildLoopHead } from './build-loop-head.js';
import { buildRange, buildSize } from './build-range.js';
import { buildSample } from './build-sample.js';
import { endOf, extentOf, first, inOrder } from './cst-access.js';
import type {
  BodyCst,
  DeclarationCst,
  ForStatementCst,
  LetStatementCst,
  PlateStatementCst,
  ReturnStatementCst,
  StatementCst,
} from './cst.js';
import { reportExpected } from './expectations.js';
import type { Span } from './span.js';
import { reportStray } from './stray.js';

/** A function may own parameters. */
export function buildBody(
  cst: BodyCst,
  context: BuildContext,
  owner: 'function' | 'block' = 'block',
): readonly Statement[] {
  const statements: Statement[] = [];
  let previous: Span | undefined;
  for (const part of inOrder(cst.children.statement, cst.children.declaration, cst.children.strayInBlock)) {
    if (context.findings.isFull()) break;
    const span = extentOf(part);
    if (part.name === 'strayInBlock') reportStray(span, previous, 'block', context);
    else if (part.name === 'declaration' && !(owner === 'function' && isParam(part))) buildMisplaced(part, context);
    else {
      const statement = part.name === 'statement' ? buildStatement(part, context) : buildOwnParam(part, context);
      if (statement === undefined) context.findings.lose(span);
      else statements.push(statement);
    }
    previous = span;
  }
  return statements;
}

function isParam({ children }: DeclarationCst): boolean {
  return children.paramDeclaration !== undefined;
}

function buildOwnParam({ children }: DeclarationCst, context: BuildContext): ParamDeclaration | undefined {
  const cst = first(children.paramDeclaration);
  return cst === undefined ? undefined : buildParam(cst, context.docs.claim(extentOf(cst).start), context);
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

function buildLet(cst: LetStatementCst, context: BuildContext): LetStatement | undefined {
  const span = extentOf(cst);
  const doc = context.docs.claim(span.start);
  const binding = buildBinding('let', first(cst.children.Let), cst, context);
  return binding === undefined ? undefined : { kind: 'let', ...binding, doc, span };
}

function buildFor(cst: ForStatementCst, context: BuildContext): ForStatement | undefined {
  const { variable, sign } = buildLoopHead('for', first(cst.children.For), cst, context);
  const range = buildRange(cst.children.range, sign, context);
  const body = buildNested(cst, context);
  if (variable === undefined || range === undefined || body === undefined) return undefined;
  return { kind: 'for', variable, range, body, span: extentOf(cst) };
}

function buildPlate(cst: PlateStatementCst, context: BuildContext): PlateStatement | undefined {
  const { variable, sign } = buildLoopHead('plate', first(cst.children.Plate), cst, context);
  const size = buildSize(cst.children.range, sign, context);
  const body = buildNested(cst, context);
  if (variable === undefined || size === undefined || body === undefined) return undefined;
  return { kind: 'plate', variable, size, body, span: extentOf(cst) };
}

function buildNested(
  cst: ForStatementCst | PlateStatementCst,
  context: BuildContext,
): readonly Statement[] | undefined {
  const body = first(cst.children.body);
  if (body !== undefined) return buildBody(body, context);
  reportExpected('block', endOf(cst), context);
  return undefined;
}

function buildReturn(cst: ReturnStatementCst, context: BuildContext): ReturnStatement | undefined {
  const value = buildRequired(first(cst.children.expression), first(cst.children.Return), context);
  return value === undefined ? undefined : { kind: 'return', value, span: extentOf(cst) };
}
