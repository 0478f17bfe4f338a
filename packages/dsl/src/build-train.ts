/** `train { … }`: concrete syntax → syntax tree. */
import type { TrainDeclaration, TrainEntry } from './ast.js';
import { buildIdentifier, identifierOf, type BuildContext } from './build-context.js';
import { buildRequired } from './build-expression.js';
import { syntaxCatalogue } from './catalogue.js';
import { extentOf, first, firstToken, inOrder } from './cst-access.js';
import type { TrainDeclarationCst, TrainEntryCst } from './cst.js';
import type { Span } from './span.js';
import { reportStray } from './stray.js';
import { spanOf } from './token-access.js';
import * as token from './tokens.js';

/** Entries that are not complete are left out. */
export function buildTrain(
  cst: TrainDeclarationCst,
  doc: string | undefined,
  context: BuildContext,
): TrainDeclaration | undefined {
  const entries: TrainEntry[] = [];
  let previous: Span | undefined;
  for (const part of inOrder(cst.children.trainEntry, cst.children.strayInTrain)) {
    const span = extentOf(part);
    if (part.name === 'trainEntry') {
      const entry = buildEntry(part, context);
      if (entry !== undefined) entries.push(entry);
    } else reportStray(span, previous, 'train', context);
    previous = span;
  }
  return first(cst.children.LeftBrace) === undefined ? undefined : { kind: 'train', entries, doc, span: extentOf(cst) };
}

function buildEntry(cst: TrainEntryCst, context: BuildContext): TrainEntry | undefined {
  const { children } = cst;
  const data = firstToken(children.Data);
  const key = data ?? firstToken(children.LeadingName);
  const dataName = identifierOf(children.Identifier);
  const sign = firstToken(children.ColonOrEquals);
  if (sign?.tokenType === token.Colon) {
    context.findings.add(syntaxCatalogue.report('SBN1037', { expected: '=' }, spanOf(sign)));
  }
  const value = buildRequired(first(children.expression), sign, context);
  if (key === undefined || value === undefined || (data !== undefined && dataName === undefined)) return undefined;
  return { key: buildIdentifier(key), dataName, value, span: extentOf(cst) };
}
