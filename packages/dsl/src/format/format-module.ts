/** Declarations and statements: concrete syntax → documents. */
import type { IToken } from 'chevrotain';
import { first, inOrder } from '../cst-access.js';
import type {
  BodyCst,
  DeclarationCst,
  ExpressionCst,
  ForStatementCst,
  ModuleCst,
  ParameterCst,
  PlateStatementCst,
  SampleStatementCst,
  SettingsCst,
  StatementCst,
  TrainEntryCst,
  TypeCst,
} from '../cst.js';
import { concat, group, hardline, indent, join, line, nothing, softline, space, type Doc } from './doc.js';
import {
  formatExpression,
  formatIndexing,
  formatList,
  formatRange,
  formatReference,
  formatType,
  type BracketTokens,
} from './format-expression.js';
import type { Words } from './words.js';

export function formatModule({ children }: ModuleCst, words: Words): Doc {
  const parts = (children.declaration ?? []).map((declaration) => formatDeclaration(declaration, words));
  return join(hardline, [...parts, ...words.atEnd]);
}

type Tokens = readonly IToken[] | undefined;
type Expressions = readonly ExpressionCst[] | undefined;
type Types = readonly TypeCst[] | undefined;

function formatDeclaration({ children }: DeclarationCst, words: Words): Doc {
  const { word } = words;
  const parts: Doc[] = [];
  for (const { children: part } of children.importDeclaration ?? []) {
    parts.push(word(part.Import), space, word(part.StringLiteral));
  }
  for (const { children: part } of children.constDeclaration ?? []) {
    parts.push(word(part.Const), space, word(part.Identifier), equals(part.EqualsOrTilde, part.expression, words));
  }
  for (const { children: part } of children.dataDeclaration ?? []) {
    parts.push(word(part.Data), space, typed(part.Identifier, part.ColonOrEquals, part.type, words));
  }
  for (const { children: part } of children.paramDeclaration ?? []) {
    const name = typed(part.Identifier, part.ColonOrEquals, part.type, words);
    parts.push(word(part.Param), space, name, equals(part.EqualsOrTilde, part.expression, words));
  }
  for (const { children: part } of children.fnDeclaration ?? []) {
    const parameters = first(part.parameters)?.children;
    const items = (parameters?.parameter ?? []).map((parameter) => formatParameter(parameter, words));
    const { LeftParen: opener, RightParen: closer, Comma: commas } = parameters ?? {};
    parts.push(word(part.Fn), space, word(part.Identifier), formatList(items, { opener, closer, commas }, words));
    parts.push(
      space,
      word(part.Arrow),
      space,
      formatType(first(part.type), words),
      formatBody(first(part.body), words),
    );
  }
  for (const { children: part } of children.blockDeclaration ?? []) {
    parts.push(word(part.Model), word(part.Guide), formatBody(first(part.body), words));
  }
  for (const { children: part } of children.objectiveDeclaration ?? []) {
    parts.push(word(part.Maximize), word(part.Minimize), space, formatExpression(first(part.expression), words));
  }
  for (const { children: part } of children.estimatorDeclaration ?? []) {
    parts.push(word(part.Estimator), space, formatReference(first(part.reference), words));
  }
  for (const { children: part } of children.trainDeclaration ?? []) {
    parts.push(word(part.Train), formatSettings(first(part.settings), words));
  }
  return concat(...parts);
}

function formatParameter({ children }: ParameterCst, words: Words): Doc {
  const value = first(children.defaultValue)?.children;
  return concat(
    typed(children.Identifier, children.ColonOrEquals, children.type, words),
    equals(value?.EqualsOrTilde, value?.expression, words),
  );
}

/** `x: real[3]` */
function typed(name: Tokens, colon: Tokens, type: Types, words: Words): Doc {
  return concat(words.word(name), words.word(colon), space, formatType(first(type), words));
}

/** ` = 3`, where there is one. */
function equals(sign: Tokens, value: Expressions, words: Words): Doc {
  if (sign === undefined) return nothing;
  return concat(space, words.word(sign), space, formatExpression(first(value), words));
}

function formatBody(cst: BodyCst | undefined, words: Words): Doc {
  if (cst === undefined) return nothing;
  const { LeftBrace: opener, RightBrace: closer, statement, declaration } = cst.children;
  const parts = inOrder(statement, declaration).map((part) =>
    part.name === 'statement' ? formatStatement(part, words) : formatDeclaration(part, words),
  );
  return formatBlock(parts, { opener, closer, commas: undefined }, words);
}

function formatSettings(cst: SettingsCst | undefined, words: Words): Doc {
  if (cst === undefined) return nothing;
  const { LeftBrace: opener, RightBrace: closer, trainEntry = [] } = cst.children;
  const parts = trainEntry.map((entry) => formatEntry(entry, words));
  return formatBlock(parts, { opener, closer, commas: undefined }, words);
}

/** ` { … }`. One statement alone may stay on the line of its braces, where it was written there and fits. */
function formatBlock(parts: readonly Doc[], { opener, closer }: BracketTokens, words: Words): Doc {
  const inside = [...parts, ...words.beforeCloser(closer)];
  const open = concat(space, words.word(opener));
  const close = words.closer(closer);
  if (inside.length === 0) return group(open, softline, close);
  const mayStay = inside.length === 1 && parts.length === 1 && words.isFollowedOnLine(opener);
  const separator = mayStay ? line : hardline;
  return group(open, indent(separator, join(hardline, inside)), separator, close);
}

function formatEntry({ children }: TrainEntryCst, words: Words): Doc {
  const { word } = words;
  const key =
    children.Data === undefined
      ? word(children.LeadingName)
      : concat(word(children.Data), space, word(children.Identifier));
  return concat(key, equals(children.ColonOrEquals, children.expression, words));
}

function formatStatement({ children }: StatementCst, words: Words): Doc {
  const { word } = words;
  const parts: Doc[] = [];
  for (const sample of children.sampleStatement ?? []) parts.push(formatSample(sample, words));
  for (const { children: part } of children.letStatement ?? []) {
    parts.push(word(part.Let), space, word(part.Identifier), equals(part.EqualsOrTilde, part.expression, words));
  }
  for (const loop of children.forStatement ?? []) parts.push(formatLoop(word(loop.children.For), loop, words));
  for (const plate of children.plateStatement ?? []) parts.push(formatLoop(word(plate.children.Plate), plate, words));
  for (const { children: part } of children.returnStatement ?? []) {
    parts.push(word(part.Return), space, formatExpression(first(part.expression), words));
  }
  return concat(...parts);
}

/** `h[l] ~ bernoulli(logits = …)`, with `via …` on the next line where it does not fit. */
function formatSample({ children }: SampleStatementCst, words: Words): Doc {
  const { word } = words;
  const target = concat(word(children.LeadingName), formatIndexing(first(children.indexing), words));
  const distribution = formatExpression(first(children.expression), words);
  const annotation = first(children.annotation)?.children;
  const type =
    annotation === undefined
      ? nothing
      : concat(word(annotation.Colon), space, formatType(first(annotation.type), words));
  const site = [target, type, space, word(children.EqualsOrTilde), space, distribution];
  if (children.Via === undefined) return concat(...site);
  const via = concat(word(children.Via), space, formatReference(first(children.reference), words));
  return group(...site, indent(line, via));
}

function formatLoop(keyword: Doc, { children }: ForStatementCst | PlateStatementCst, words: Words): Doc {
  const { word } = words;
  const head = [keyword, space, word(children.Identifier), space, word(children.InOrEquals), space];
  return concat(...head, formatRange(first(children.range), words), formatBody(first(children.body), words));
}
