/** `train { … }`: concrete syntax → syntax tree. */
import type { TrainDeclaration, TrainEntry } from './ast.js';
import { buildIdentifier, identifierOf, type BuildContext } from './build-context.js';
import { buildRequired } from './build-expression.js';
import { syntaxCatalogue } from './catalogue.js';
import { endOf, extentOf, first, inOrder } from './cst-access.js';
import type { TrainDeclarationCst, TrainEntryCst } from './cst.js';
import { reportExpected } from './expectations.js';
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
  const settings = first(cst.children.settings);
  if (settings === undefined) {
    reportExpected('block', endOf(cst), context);
    return undefined;
  }
  const entries: TrainEntry[] = [];
  let previous: Span | undefined;
  for (const part of inOrder(settings.children.trainEntry, settings.children.strayInTrain)) {
    if (context.findings.isFull()) break;
    const span = extentOf(part);
    if (part.name === 'trainEntry') {
      const entry = buildEntry(part, context);
      if (entry !== undefined) entries.push(entry);
    } else reportStray(span, previous, 'train', context);
    previous = span;
  }
  return { kind: 'train', entries, doc, span: extentOf(cst) };
}

function buildEntry(cst: TrainEntryCst, context: BuildContext): TrainEntry | undefined {
  const { children } = cst;
  const data = first(children.Data);
  const key = data ?? first(children.LeadingName);
  const dataName = identifierOf(children.Identifier);
  if (data !== undefined && dataName === undefined) reportExpected('dataSourceName', endOf(data), context);
  const sign = first(children.ColonOrEquals);
  if (sign === undefined) reportExpected('settingSign', endOf(key, first(children.Identifier)), context);
  if (sign?.tokenType === token.Colon) {
    context.findings.add(syntaxCatalogue.report('SBN1037', { expected: '=' }, spanOf(sign)));
  }
  const value = buildRequired(first(children.expression), sign, context);
  if (key === undefined || value === undefined || (data !== undefined && dataName === undefined)) return undefined;
  return { key: buildIdentifier(key), dataName, value, span: extentOf(cst) };
}
