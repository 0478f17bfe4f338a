/** Declarations: concrete syntax → syntax tree. One that is not complete is left out. */
import type { IToken } from 'chevrotain';
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
  Parameter,
  TypeExpression,
} from './ast.js';
import { buildReference } from './build-call.js';
import { allOf, checkList, identifierOf, type BuildContext } from './build-context.js';
import { buildRequired } from './build-expression.js';
import { buildString } from './build-literal.js';
import { buildType } from './build-type.js';
import { buildBody } from './build-statement.js';
import { buildBinding, checkEquals } from './build-binding.js';
import { buildTrain } from './build-train.js';
import { syntaxCatalogue } from './catalogue.js';
import { endOf, extentOf, first } from './cst-access.js';
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
  ParametersCst,
} from './cst.js';
import { reportExpected, type Expected } from './expectations.js';
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
  const place = context.findings.placeOn(extentOf(cst).start);
  context.findings.addAt(place, ({ found, span }) => {
    return syntaxCatalogue.report('SBN1044', { keyword: found?.image ?? '' }, span);
  });
  const declaration = buildDeclaration(cst, context);
  if (declaration !== undefined && HOISTED.has(declaration.kind)) context.hoist(declaration);
  else context.findings.lose(extentOf(cst));
}

function buildImport(cst: ImportDeclarationCst, doc: Doc, context: BuildContext): ImportDeclaration | undefined {
  const string = first(cst.children.StringLiteral);
  if (string === undefined) {
    reportExpected('file', endOf(cst), context);
    return undefined;
  }
  const { value, span } = buildString(string, context);
  return { kind: 'import', path: value, pathSpan: span, doc, span: extentOf(cst) };
}

function buildConst(cst: ConstDeclarationCst, doc: Doc, context: BuildContext): ConstDeclaration | undefined {
  const binding = buildBinding('const', first(cst.children.Const), cst, context);
  return binding === undefined ? undefined : { kind: 'const', ...binding, doc, span: extentOf(cst) };
}

function buildData(cst: DataDeclarationCst, doc: Doc, context: BuildContext): DataDeclaration | undefined {
  const { children } = cst;
  const keyword = first(children.Data);
  const name = identifierOf(children.Identifier);
  if (name === undefined) reportExpected('dataName', endOf(keyword), context);
  const type = buildTypeAfterColon(children, 'dataType', keyword, context);
  return name === undefined || type === undefined ? undefined : { kind: 'data', name, type, doc, span: extentOf(cst) };
}

export function buildParam(cst: ParamDeclarationCst, doc: Doc, context: BuildContext): ParamDeclaration | undefined {
  const { children } = cst;
  const keyword = first(children.Param);
  const name = identifierOf(children.Identifier);
  if (name === undefined) reportExpected('paramName', endOf(keyword), context);
  const type = buildTypeAfterColon(children, 'paramType', keyword, context);
  const sign = first(children.EqualsOrTilde);
  const isWrong = checkEquals(sign, context);
  const initializer = buildRequired(first(children.expression), sign, context);
  const isIncomplete = isWrong || (sign !== undefined && initializer === undefined);
  if (name === undefined || type === undefined || isIncomplete) return undefined;
  return { kind: 'param', name, type, initializer, doc, span: extentOf(cst) };
}

type TypedHead = (DataDeclarationCst | ParamDeclarationCst | ParameterCst)['children'];

/** The type after a name and `:`; an `=` in the place of the colon is reported. */
function buildTypeAfterColon(
  { Identifier: names, ColonOrEquals: signs, type: types }: TypedHead,
  expected: Expected,
  keyword: IToken | undefined,
  context: BuildContext,
): TypeExpression | undefined {
  const [name, sign, type] = [first(names), first(signs), first(types)];
  if (sign === undefined) reportExpected(expected, endOf(keyword, name), context);
  else if (type === undefined) reportExpected('type', endOf(sign), context);
  if (sign?.tokenType === token.Equals && name !== undefined) {
    context.findings.add(syntaxCatalogue.report('SBN1036', { name: name.image }, spanOf(sign)));
  }
  return type === undefined ? undefined : buildType(type, context);
}

function buildFunction(cst: FnDeclarationCst, doc: Doc, context: BuildContext): FunctionDeclaration | undefined {
  const { children } = cst;
  const name = identifierOf(children.Identifier);
  const [keyword, list, arrow, type, block] = [
    first(children.Fn),
    first(children.parameters),
    first(children.Arrow),
    first(children.type),
    first(children.body),
  ];
  if (name === undefined) reportExpected('functionName', endOf(keyword), context);
  const headEnd = endOf(keyword, first(children.Identifier), list);
  if (list === undefined) reportExpected('parameters', headEnd, context);
  const parameters = list === undefined ? undefined : buildParameters(list, context);
  if (arrow === undefined) reportExpected('result', headEnd, context);
  else if (type === undefined) reportExpected('type', endOf(arrow), context);
  const result = type === undefined ? undefined : buildType(type, context);
  if (block === undefined) reportExpected('block', endOf(cst), context);
  const body = block === undefined ? undefined : buildBody(block, context, 'function');
  if (name === undefined || parameters === undefined || result === undefined || body === undefined) return undefined;
  return { kind: 'fn', name, parameters, result, body, doc, span: extentOf(cst) };
}

function buildParameters(
  { children }: ParametersCst,
  context: BuildContext,
): FunctionDeclaration['parameters'] | undefined {
  const parts = children.parameter ?? [];
  const parameters = allOf(parts.map((part) => buildParameter(part, context)));
  const { LeftParen: opener, RightParen: closer, Comma: commas, strayInBrackets: stray } = children;
  const items = parts.map(extentOf);
  return checkList({ opener, closer, commas, stray, items, kind: 'parameters' }, context) ? parameters : undefined;
}

function buildParameter({ children }: ParameterCst, context: BuildContext): Parameter | undefined {
  const name = identifierOf(children.Identifier);
  const type = buildTypeAfterColon(children, 'parameterType', undefined, context);
  const written = first(children.defaultValue);
  const sign = first(written?.children.EqualsOrTilde);
  const isWrong = checkEquals(sign, context);
  const defaultValue = buildRequired(first(written?.children.expression), sign, context);
  const isIncomplete = isWrong || (written !== undefined && defaultValue === undefined);
  return name === undefined || type === undefined || isIncomplete ? undefined : { name, type, defaultValue };
}

function buildBlock(cst: BlockDeclarationCst, doc: Doc, context: BuildContext): BlockDeclaration | undefined {
  const model = first(cst.children.Model);
  const keyword = model ?? first(cst.children.Guide);
  const block = first(cst.children.body);
  if (block === undefined) reportExpected('block', endOf(keyword), context);
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
  const maximize = first(cst.children.Maximize);
  const value = buildRequired(first(cst.children.expression), maximize ?? first(cst.children.Minimize), context);
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
  if (reference === undefined) reportExpected('estimator', endOf(cst), context);
  const estimator = reference === undefined ? undefined : buildReference(reference, context);
  return estimator === undefined ? undefined : { kind: 'estimator', estimator, doc, span: extentOf(cst) };
}
