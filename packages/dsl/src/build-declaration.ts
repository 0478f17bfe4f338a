/** Declarations: concrete syntax → syntax tree. One that is not complete is left out. */
import type {
  BlockDeclaration,
  ConstDeclaration,
  DataDeclaration,
  Declaration,
  EstimatorDeclaration,
  FunctionDeclaration,
  ImportDeclaration,
  ObjectiveDeclaration,
  ParamDeclaration,
  TypeExpression,
} from './ast.js';
import { buildReference } from './build-call.js';
import { allOf, buildIdentifier, checkCommas, checkStray, identifierOf, type BuildContext } from './build-context.js';
import { buildRequired } from './build-expression.js';
import { buildString } from './build-literal.js';
import { buildNumbers } from './build-range.js';
import { buildBody, checkAnnotation, checkEquals } from './build-statement.js';
import { buildTrain } from './build-train.js';
import { syntaxCatalogue } from './catalogue.js';
import { extentOf, first, firstToken } from './cst-access.js';
import type {
  BlockDeclarationCst,
  ConstDeclarationCst,
  DataDeclarationCst,
  DeclarationCst,
  EstimatorDeclarationCst,
  FnDeclarationCst,
  ImportDeclarationCst,
  ObjectiveDeclarationCst,
  ParamDeclarationCst,
  ParameterCst,
  TypeCst,
} from './cst.js';
import { spanOf } from './token-access.js';
import * as token from './tokens.js';

type Doc = string | undefined;

export function buildDeclaration(cst: DeclarationCst, context: BuildContext): Declaration | undefined {
  const { children } = cst;
  const doc = context.docs.claim(extentOf(cst).start);
  const importing = first(children.importDeclaration);
  if (importing !== undefined) return buildImport(importing, doc, context);
  const constant = first(children.constDeclaration);
  if (constant !== undefined) return buildConst(constant, doc, context);
  const data = first(children.dataDeclaration);
  if (data !== undefined) return buildData(data, doc, context);
  const param = first(children.paramDeclaration);
  if (param !== undefined) return buildParam(param, doc, context);
  const fn = first(children.fnDeclaration);
  if (fn !== undefined) return buildFunction(fn, doc, context);
  const block = first(children.blockDeclaration);
  if (block !== undefined) return buildBlock(block, doc, context);
  const objective = first(children.objectiveDeclaration);
  if (objective !== undefined) return buildObjective(objective, doc, context);
  const estimator = first(children.estimatorDeclaration);
  if (estimator !== undefined) return buildEstimator(estimator, doc, context);
  const train = first(children.trainDeclaration);
  return train === undefined ? undefined : buildTrain(train, doc, context);
}

const HOISTED: ReadonlySet<Declaration['kind']> = new Set(['const', 'data', 'param', 'fn']);

/** Reports a declaration that stands in a block. What it declares is declared all the same. */
export function buildMisplaced(cst: DeclarationCst, context: BuildContext): void {
  const place = context.findings.placeAt(extentOf(cst).start);
  context.findings.addAt(place, ({ found, span: gap }) => {
    const span = found === undefined ? gap : spanOf(found);
    return syntaxCatalogue.report('SBN1044', { keyword: found?.image ?? '' }, span);
  });
  const declaration = buildDeclaration(cst, context);
  if (declaration !== undefined && HOISTED.has(declaration.kind)) context.hoist(declaration);
  else context.findings.lose(extentOf(cst));
}

function buildImport(cst: ImportDeclarationCst, doc: Doc, context: BuildContext): ImportDeclaration | undefined {
  const string = firstToken(cst.children.StringLiteral);
  if (string === undefined) return undefined;
  const { value, span } = buildString(string, context);
  return { kind: 'import', path: value, pathSpan: span, doc, span: extentOf(cst) };
}

function buildConst(cst: ConstDeclarationCst, doc: Doc, context: BuildContext): ConstDeclaration | undefined {
  const { children } = cst;
  const name = identifierOf(children.Identifier);
  checkAnnotation(first(children.annotation), 'const', context);
  const sign = firstToken(children.EqualsOrTilde);
  const isWrong = checkEquals(sign, context);
  const value = buildRequired(first(children.expression), sign, context);
  if (name === undefined || value === undefined || isWrong) return undefined;
  return { kind: 'const', name, value, doc, span: extentOf(cst) };
}

function buildData(cst: DataDeclarationCst, doc: Doc, context: BuildContext): DataDeclaration | undefined {
  const name = identifierOf(cst.children.Identifier);
  const type = buildTypeOf(cst, context);
  return name === undefined || type === undefined ? undefined : { kind: 'data', name, type, doc, span: extentOf(cst) };
}

function buildParam(cst: ParamDeclarationCst, doc: Doc, context: BuildContext): ParamDeclaration | undefined {
  const { children } = cst;
  const name = identifierOf(children.Identifier);
  const type = buildTypeOf(cst, context);
  const sign = firstToken(children.EqualsOrTilde);
  const isWrong = checkEquals(sign, context);
  const initializer = buildRequired(first(children.expression), sign, context);
  const isIncomplete = isWrong || (children.EqualsOrTilde !== undefined && initializer === undefined);
  if (name === undefined || type === undefined || isIncomplete) return undefined;
  return { kind: 'param', name, type, initializer, doc, span: extentOf(cst) };
}

/** The type after the `:` of a data, a parameter of the model or of a function; an `=` in its place is reported. */
function buildTypeOf(
  { children }: DataDeclarationCst | ParamDeclarationCst | ParameterCst,
  context: BuildContext,
): TypeExpression | undefined {
  const sign = firstToken(children.ColonOrEquals);
  const name = identifierOf(children.Identifier);
  if (sign?.tokenType === token.Equals && name !== undefined) {
    context.findings.add(syntaxCatalogue.report('SBN1036', { name: name.name }, spanOf(sign)));
  }
  const type = first(children.type);
  return type === undefined ? undefined : buildType(type, context);
}

function buildType(cst: TypeCst, context: BuildContext): TypeExpression | undefined {
  const element = identifierOf(cst.children.Identifier);
  const indexing = first(cst.children.indexing);
  const dimensions = indexing === undefined ? [] : buildNumbers(indexing, context);
  if (element === undefined || dimensions === undefined) return undefined;
  return { kind: 'type', element, dimensions, span: extentOf(cst) };
}

function buildFunction(cst: FnDeclarationCst, doc: Doc, context: BuildContext): FunctionDeclaration | undefined {
  const { children } = cst;
  const name = identifierOf(children.Identifier);
  const parts = children.parameter ?? [];
  const parameters = allOf(parts.map((part) => buildParameter(part, context)));
  const [opener, closer] = [children.LeftParen, children.RightParen];
  checkCommas({ opener, closer, commas: children.Comma, items: parts.map(extentOf), kind: 'parameters' }, context);
  const isStray = checkStray({ stray: children.strayInBrackets, closer }, context);
  const type = first(children.type);
  const result = type === undefined ? undefined : buildType(type, context);
  const block = first(children.body);
  const body = block === undefined ? undefined : buildBody(block, context);
  if (name === undefined || parameters === undefined || result === undefined || body === undefined) return undefined;
  return isStray ? undefined : { kind: 'fn', name, parameters, result, body, doc, span: extentOf(cst) };
}

function buildParameter(
  cst: ParameterCst,
  context: BuildContext,
): FunctionDeclaration['parameters'][number] | undefined {
  const name = firstToken(cst.children.Identifier);
  const type = buildTypeOf(cst, context);
  return name === undefined || type === undefined ? undefined : { name: buildIdentifier(name), type };
}

function buildBlock(cst: BlockDeclarationCst, doc: Doc, context: BuildContext): BlockDeclaration | undefined {
  const model = firstToken(cst.children.Model);
  const keyword = model ?? firstToken(cst.children.Guide);
  const block = first(cst.children.body);
  if (keyword === undefined || block === undefined) return undefined;
  const body = buildBody(block, context);
  const role = model === undefined ? 'guide' : 'model';
  return { kind: 'block', role, keyword: spanOf(keyword), body, doc, span: extentOf(cst) };
}

function buildObjective(
  cst: ObjectiveDeclarationCst,
  doc: Doc,
  context: BuildContext,
): ObjectiveDeclaration | undefined {
  const maximize = firstToken(cst.children.Maximize);
  const value = buildRequired(first(cst.children.expression), maximize ?? firstToken(cst.children.Minimize), context);
  if (value === undefined) return undefined;
  const direction = maximize === undefined ? 'minimize' : 'maximize';
  return { kind: 'objective', direction, value, doc, span: extentOf(cst) };
}

function buildEstimator(
  cst: EstimatorDeclarationCst,
  doc: Doc,
  context: BuildContext,
): EstimatorDeclaration | undefined {
  const reference = first(cst.children.reference);
  const estimator = reference === undefined ? undefined : buildReference(reference, context);
  return estimator === undefined ? undefined : { kind: 'estimator', estimator, doc, span: extentOf(cst) };
}
