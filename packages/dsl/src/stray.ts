/** Pieces of text that fit nowhere: what they were probably meant to be. */
import type { IToken } from 'chevrotain';
import type { BuildContext } from './build-context.js';
import { syntaxCatalogue } from './catalogue.js';
import type { Diagnostic } from './diagnostic.js';
import { suggestKeyword } from './expectations.js';
import type { Place } from './findings.js';
import type { Span } from './span.js';
import { describeToken, spanOf } from './token-access.js';
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
  findings.addAt(findings.placeAt(span.start), (place) => describeStray(place, surroundings));
}

const STATEMENTS = new Set(token.STATEMENT_KEYWORDS);
const BRACKETS = new Set([token.LeftParen, token.LeftBracket, token.LeftBrace]);

function describeStray({ found, span: gap }: Place, surroundings: Surroundings): Diagnostic {
  const span = found === undefined ? gap : spanOf(found);
  if (surroundings === 'module' && found !== undefined && STATEMENTS.has(found.tokenType)) {
    const hint = found.tokenType === token.Let ? 'a number that the whole file uses is a `const`' : IN_BLOCK;
    return syntaxCatalogue.report('SBN1045', { what: `\`${found.image}\`` }, span, { hint });
  }
  const hint = found === undefined ? undefined : hintFor(found, surroundings);
  return syntaxCatalogue.report('SBN1032', { found: describeToken(found) }, span, { hint });
}

const IN_BLOCK = 'put it into `model { … }`, `guide { … }` or the body of a function';

function hintFor(found: IToken, surroundings: Surroundings): string | undefined {
  const { tokenType, image } = found;
  if (tokenType === token.Identifier) {
    const keyword = suggestKeyword(image);
    if (keyword !== undefined) return `did you mean \`${keyword}\`?`;
    if (surroundings === 'module')
      return 'every declaration begins with a keyword: `const`, `data`, `param`, `fn`, `model`, …';
  }
  if (tokenType === token.If && surroundings === 'block') return 'an `if` is a value: `let y = if c then a else b`';
  if (BRACKETS.has(tokenType)) return 'an operator or a name is missing before it';
  return undefined;
}
