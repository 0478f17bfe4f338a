/** What is said of a bracket without a counterpart. */
import type { IToken, TokenType } from 'chevrotain';
import { syntaxCatalogue } from './catalogue.js';
import type { Diagnostic } from './diagnostic.js';
import type { Span } from './span.js';
import { describeToken, spanOf } from './token-access.js';
import * as token from './tokens.js';

export interface OpenBracket {
  readonly token: IToken;
  readonly closer: TokenType;
  /** Of a `{`: the keyword of what it is the block of, where that is known. */
  readonly keyword: TokenType | undefined;
  /** Nothing is said if it is not closed: something that is reported has swallowed the closing bracket. */
  excused: boolean;
}

function spellingOf(closer: TokenType): string {
  if (closer === token.RightParen) return ')';
  return closer === token.RightBracket ? ']' : '}';
}

/** The most openers that are shown; there may be as many as the text may be deep. */
const MOST_LABELS = 4;

/** Brackets, innermost first, that `found` cannot stand inside of; it is `undefined` at the end of the file. */
export function reportUnclosed(brackets: readonly OpenBracket[], span: Span, found: IToken | undefined): Diagnostic {
  const open = brackets.map((bracket) => bracket.token.image).join('');
  const close = brackets.map((bracket) => spellingOf(bracket.closer)).join('');
  return syntaxCatalogue.report('SBN1020', { open, close }, span, {
    ...(found === undefined ? { label: 'the file ends here' } : {}),
    related: brackets.slice(0, MOST_LABELS).map((bracket) => ({ span: spanOf(bracket.token), text: 'opened here' })),
  });
}

/** `before` is the token after which the opening bracket seems to be missing. */
export function reportNothingToClose(closer: IToken, before: IToken | undefined): Diagnostic {
  const params = { close: closer.image };
  if (before === undefined) return syntaxCatalogue.report('SBN1021', params, spanOf(closer));
  const opener = closer.tokenType === token.RightParen ? '(' : '[';
  return syntaxCatalogue.report('SBN1021', params, spanOf(closer), {
    related: [{ span: spanOf(before), text: `a \`${opener}\` seems to be missing after this` }],
    hint: `write \`${before.image}${opener}…${closer.image}\``,
  });
}

export function reportWrongCloser(bracket: OpenBracket, found: IToken): Diagnostic {
  const params = { open: bracket.token.image, found: found.image, expected: spellingOf(bracket.closer) };
  const related = [{ span: spanOf(bracket.token), text: 'opened here' }];
  return syntaxCatalogue.report('SBN1022', params, spanOf(found), { related });
}

/** `previous` is the last token of the head that lacks its block. */
export function reportMissingBrace(previous: IToken | undefined): Diagnostic {
  const end = previous === undefined ? 0 : spanOf(previous).end;
  const after = previous === undefined ? undefined : describeToken(previous);
  return syntaxCatalogue.report('SBN1030', { expected: '`{`', after }, { start: end, end });
}

/** A brace that stands where none can. */
export function reportOdd(found: IToken): Diagnostic {
  const hint = 'blocks stand in `{ }`: that of `model`, `guide`, `train`, `fn`, `for` or `plate`';
  return syntaxCatalogue.report('SBN1032', { found: describeToken(found) }, spanOf(found), { hint });
}
