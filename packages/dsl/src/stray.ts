/** Pieces of text that fit nowhere: what they were probably meant to be. */
import type { IToken } from 'chevrotain';
import type { BuildContext } from './build-context.js';
import { syntaxCatalogue } from './catalogue.js';
import { extentOf, first } from './cst-access.js';
import type { StatementCst } from './cst.js';
import type { Diagnostic } from './diagnostic.js';
import { suggestKeyword } from './expectations.js';
import type { Place } from './findings.js';
import { meaningOfWord } from './foreign-spellings.js';
import type { Span } from './span.js';
import { describeToken } from './token-access.js';
import * as token from './tokens.js';

export type Surroundings = 'module' | 'block' | 'train';

/**
 * Reports a stray piece, unless it is the rest of something that is reported already, and notes what names it takes
 * with it. `follows` is what comes before it in the same block.
 */
export function reportStray(
  span: Span,
  follows: Span | undefined,
  surroundings: Surroundings,
  { findings, docs }: BuildContext,
): void {
  findings.lose(span);
  docs.forgive(span);
  if (follows !== undefined && findings.anyWithin(follows)) return;
  findings.addIfFirstOnLine(findings.placeOn(span.start), (place) => describeStray(place, surroundings));
}

const BRACKETS = new Set([token.LeftParen, token.LeftBracket, token.LeftBrace]);

function describeStray({ previous, found, span }: Place, surroundings: Surroundings): Diagnostic {
  const hint = found === undefined ? undefined : (hintAfterType(previous, found) ?? hintFor(found, surroundings));
  return syntaxCatalogue.report('SBN1032', { found: describeToken(found) }, span, { hint });
}

function hintFor({ tokenType, image }: IToken, surroundings: Surroundings): string | undefined {
  if (tokenType === token.Identifier) {
    const meaning = meaningOfWord(image);
    if (meaning !== undefined) return meaning;
    const keyword = suggestKeyword(image);
    if (keyword !== undefined) return `did you mean \`${keyword}\`?`;
  }
  if (tokenType === token.If && surroundings === 'block') return 'an `if` is a value: `let y = if c then a else b`';
  if (BRACKETS.has(tokenType)) return 'an operator or a name is missing before it';
  return undefined;
}

/** What looks like the name of a kind of values; which there are, the checker knows. */
const KIND = /^(?:real|binary|count|onehot|int|float|bool|vector|matrix)$/;

/** Sizes and bounds as they are written in other languages. */
function hintAfterType(previous: IToken | undefined, found: IToken): string | undefined {
  if (previous === undefined || !KIND.test(previous.image)) return undefined;
  if (found.tokenType === token.LeftParen) return `sizes stand in \`[ ]\`: \`${previous.image}[784]\``;
  if (found.tokenType !== token.Less) return undefined;
  return `sizes stand in \`[ ]\`; no type has bounds: \`exp(…)\` is positive, \`sigmoid(…)\` between 0 and 1`;
}

const STATEMENTS = new Set(token.STATEMENT_KEYWORDS);
const IN_BLOCK = 'put it into `model { … }`, `guide { … }` or the body of a function';
const KEYWORD_FIRST = 'a declaration begins with its keyword: `const`, `data`, `param`, `fn`, `model`, …';

/** Reports a statement that stands on the outermost level, and notes what names it takes with it. */
export function reportOutside(cst: StatementCst, { findings, docs }: BuildContext): void {
  const extent = extentOf(cst);
  findings.lose(extent);
  docs.forgive(extent);
  const isSite = first(first(cst.children.sampleStatement)?.children.EqualsOrTilde)?.tokenType === token.Tilde;
  findings.addIfFirstOnLine(findings.placeOn(extent.start), ({ found, span }) => {
    if (found === undefined || (found.tokenType === token.LeadingName && !isSite)) {
      const meant = found === undefined ? undefined : hintForName(cst, found);
      return syntaxCatalogue.report('SBN1032', { found: describeToken(found) }, span, { hint: meant ?? KEYWORD_FIRST });
    }
    const what = STATEMENTS.has(found.tokenType) ? `\`${found.image}\`` : 'a site';
    const hint = found.tokenType === token.Let ? 'a number that the whole file uses is a `const`' : IN_BLOCK;
    return syntaxCatalogue.report('SBN1045', { what }, span, { hint });
  });
}

function hintForName(cst: StatementCst, { image }: IToken): string | undefined {
  const meaning = meaningOfWord(image);
  if (meaning !== undefined) return meaning;
  const keyword = suggestKeyword(image);
  if (keyword !== undefined) return `did you mean \`${keyword}\`?`;
  const sign = first(first(cst.children.sampleStatement)?.children.EqualsOrTilde);
  return sign === undefined ? undefined : `a number is declared by \`const ${image} = …\``;
}
