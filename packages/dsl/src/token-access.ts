/** Reading and changing single tokens: chevrotain's end offsets are inclusive, ours are not. */
import type { IToken, TokenType } from 'chevrotain';
import { createTokenInstance, EOF } from './chevrotain.js';
import { lineOf, type LineIndex } from './positions.js';
import type { Span } from './span.js';

/** Half-open, as all spans are; an inserted token has an empty one. */
export function spanOf(found: IToken): Span {
  return { start: found.startOffset, end: found.startOffset + found.image.length };
}

/** The same text in another role. */
export function retype(found: IToken, tokenType: TokenType): IToken {
  return createToken(tokenType, found.image, found.startOffset);
}

/** A token that is not in the text, at `offset`. */
export function insertedToken(tokenType: TokenType, offset: number): IToken {
  return createToken(tokenType, '', offset);
}

function createToken(tokenType: TokenType, image: string, start: number): IToken {
  return createTokenInstance(tokenType, image, start, start + image.length - 1, NaN, NaN, NaN, NaN);
}

/** Whether a pass or the parser's recovery put it there. */
export function isInserted(found: IToken): boolean {
  return found.image === '';
}

/** The longest text of a token that a message repeats. */
const LONGEST_QUOTE = 24;

/** What stands at a place, for a message: `` `)` ``, or the end of the file. */
export function describeToken(found: IToken | undefined): string {
  if (found === undefined || found.tokenType === EOF) return 'the end of the file';
  return `\`${shortened(found.image)}\``;
}

/** A text that a message repeats, cut where it is long. */
export function shortened(text: string): string {
  if (text.length <= LONGEST_QUOTE) return text;
  // Twice as many code units hold all that is shown.
  const letters = Array.from(text.slice(0, 2 * LONGEST_QUOTE));
  return letters.length > LONGEST_QUOTE ? `${letters.slice(0, LONGEST_QUOTE - 1).join('')}…` : text;
}

/** Whether this is a string whose closing quotation mark is missing. */
export function isUnterminated(found: IToken): boolean {
  return found.image.startsWith('"') && !/^"(?:[^"\\]|\\[^])*"$/.test(found.image);
}

/** Whether a token is the first on its line. */
export function isFirstOnLine(found: IToken, previous: IToken | undefined, lines: LineIndex): boolean {
  if (previous === undefined) return true;
  return lineOf(lines, found.startOffset) > lineOf(lines, spanOf(previous).end);
}
