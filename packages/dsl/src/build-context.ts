/** What the builders of the syntax tree share, and the mistakes that several of them can meet. */
import type { IToken } from 'chevrotain';
import type { Declaration, Expression, Identifier } from './ast.js';
import { syntaxCatalogue } from './catalogue.js';
import { endOf, extentOf, first } from './cst-access.js';
import type { StrayInBracketsCst } from './cst.js';
import type { Docs } from './docs.js';
import type { Findings } from './findings.js';
import { meaningOfWord } from './foreign-spellings.js';
import type { Span } from './span.js';
import { describeToken, isInserted, spanOf } from './token-access.js';
import * as token from './tokens.js';

export interface BuildContext {
  readonly findings: Findings;
  readonly docs: Docs;
  /** Takes a declaration that stands in a block by mistake: the rest of the file may count on it. */
  readonly hoist: (declaration: Declaration) => void;
}

/** Two spellings of one letter, composed and not, are one name. */
export function buildIdentifier(found: IToken): Identifier {
  return { kind: 'identifier', name: found.image.normalize('NFC'), span: spanOf(found) };
}

/** The name in a head, unless it is missing. */
export function identifierOf(children: readonly IToken[] | undefined): Identifier | undefined {
  const found = first(children);
  return found === undefined ? undefined : buildIdentifier(found);
}

/** Reports that an expression is missing after a token; nothing where that token is missing too. */
export function reportMissingExpression(after: IToken | undefined, { findings }: BuildContext): void {
  if (after === undefined) return;
  findings.addAt(findings.placeAt(spanOf(after).end), ({ found, span, showsFound }) => {
    const params = { after: describeToken(after), found: showsFound ? describeToken(found) : undefined };
    return syntaxCatalogue.report('SBN1031', params, span);
  });
}

/** Reports the token at an offset, which does not belong there. */
export function reportUnexpected(offset: number, { findings }: Pick<BuildContext, 'findings'>, hint?: string): void {
  findings.addIfFirstOnLine(findings.placeOn(offset), ({ found, span }) => {
    const meant = hint ?? (found === undefined ? undefined : meaningOfWord(found.image));
    return syntaxCatalogue.report('SBN1032', { found: describeToken(found) }, span, { hint: meant });
  });
}

interface Brackets {
  readonly opener: readonly IToken[] | undefined;
  readonly stray: readonly StrayInBracketsCst[] | undefined;
  readonly closer: readonly IToken[] | undefined;
}

/**
 * Reports what stands before a closing bracket and does not belong there, and tells whether there is any. Where the
 * bracket itself was not closed, or something is wrong in it already, what is left over is not to blame.
 */
export function checkStray({ opener, stray, closer }: Brackets, context: BuildContext): boolean {
  const found = first(stray);
  if (found === undefined) return false;
  const { start } = extentOf(found);
  const isConsequence = isMadeUp(closer) || context.findings.anyWithin({ start: endOf(first(opener)), end: start });
  if (!isConsequence) reportUnexpected(start, context, hintForStray(start, opener, context));
  return true;
}

/** Slices as Python and R write them. */
function hintForStray(start: number, opener: Brackets['opener'], { findings }: BuildContext): string | undefined {
  const { found } = findings.placeOn(start);
  const isSlice = found?.tokenType === token.Colon && first(opener)?.tokenType === token.LeftBracket;
  return isSlice ? 'all of an axis is `..`, and a part of it `a..b`, both ends included' : undefined;
}

function isMadeUp(closer: readonly IToken[] | undefined): boolean {
  const found = first(closer);
  return found === undefined || isInserted(found);
}

interface ListParts extends Brackets {
  readonly commas: readonly IToken[] | undefined;
  readonly items: readonly Span[];
  /** What is listed, for the message: `arguments`. */
  readonly kind: string;
}

/**
 * Reports what is wrong with a list in brackets, its items aside: missing commas, commas with nothing before them, and
 * what is stray. Tells whether all items are there. A comma may follow the last one.
 */
export function checkList(parts: ListParts, context: BuildContext): boolean {
  const isComplete = checkCommas(parts, context);
  return !checkStray(parts, context) && isComplete;
}

/** Where the list was not closed, nothing is said. */
function checkCommas({ opener, closer, commas, items, kind }: ListParts, context: BuildContext): boolean {
  const { findings } = context;
  const isClosed = !isMadeUp(closer);
  const marks = [
    ...items.map((span) => ({ span, comma: undefined })),
    ...(commas ?? []).map((comma) => ({ span: spanOf(comma), comma })),
  ].sort((a, b) => a.span.start - b.span.start);
  let before = first(opener);
  let isAfterItem = false;
  let isComplete = true;
  for (const { span, comma } of marks) {
    if (comma !== undefined) {
      if (!isAfterItem && isClosed) reportMissingExpression(before, context);
      isComplete &&= isAfterItem;
      before = comma;
    } else if (isAfterItem && isClosed) {
      findings.addAt(findings.placeOn(span.start, span), () => syntaxCatalogue.report('SBN1033', { kind }, span));
    }
    isAfterItem = comma === undefined;
  }
  return isComplete;
}

/** All of a list, or nothing where one of it could not be built. */
export function allOf<Item>(items: readonly (Item | undefined)[]): readonly Item[] | undefined {
  const present = items.filter((item) => item !== undefined);
  return present.length === items.length ? present : undefined;
}

/** What an expression is, for a message. */
export function describeExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'name':
      return `the name \`${expression.name}\``;
    case 'number':
      return 'a number';
    case 'string':
      return 'a string';
    case 'call':
      return `a call of \`${expression.callee.name}\``;
    case 'array':
    case 'comprehension':
      return 'an array';
    case 'if':
      return 'an `if`';
    case 'index':
      return 'an indexed value';
    case 'unary':
    case 'binary':
      return 'a computation';
  }
}
