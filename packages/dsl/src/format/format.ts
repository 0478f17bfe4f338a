/**
 * The canonical form of a text: source text → source text.
 *
 * - Two spaces for each level, no tabs, no spaces at the ends of lines, nothing aligned.
 * - One statement on a line. A block of one statement stays on the line of its braces where it was written there and fits.
 * - One empty line where there was one or more, and none at the beginning or the end of a block or of the file.
 * - Every comment, on a line of its own or at the end of one as it was; as many comments as there were, in their order.
 * - A line of more than 100 columns is broken between the items of a list, before an operator, or before `via`, `then` and
 *   `else`; comments are not broken.
 * - No comma before a bracket that closes. Parentheses, and the spelling of numbers, texts and names, stay as they are.
 * - The line ends of the file: those of Windows where its first is one.
 */
import type { IToken } from 'chevrotain';
import type { Outcome } from '../diagnostic.js';
import { parseText, type ParsedText } from '../parse.js';
import type { SourceFile } from '../span.js';
import * as token from '../tokens.js';
import { attachComments } from './comments.js';
import { formatModule } from './format-module.js';
import { layOut } from './layout.js';
import { createWords } from './words.js';

/** Columns. */
const WIDTH = 100;

/**
 * The text in its canonical form, in which it means the same and which is its own. There is none where the text has
 * syntax errors; the diagnostics are those of `parse`.
 */
export function format({ text }: SourceFile): Outcome<string> {
  const parsed = parseText(text);
  const { cst, diagnostics } = parsed;
  if (cst === undefined || diagnostics.some(({ severity }) => severity === 'error')) {
    return { value: undefined, diagnostics };
  }
  const tokens = dropTrailingCommas(parsed.tokens);
  const comments = attachComments(tokens, parsed.comments, text);
  const formatted = layOut(formatModule(cst, createWords(comments, text)), WIDTH);
  expectSame(parsed, parseText(formatted));
  const isOfWindows = /^[^\r\n]*\r\n/.test(text);
  return { value: isOfWindows ? formatted.replaceAll('\n', '\r\n') : formatted, diagnostics };
}

const CLOSING = new Set([token.RightParen, token.RightBracket]);

function dropTrailingCommas(tokens: readonly IToken[]): readonly IToken[] {
  return tokens.filter((found, index) => {
    const next = tokens[index + 1]?.tokenType;
    return found.tokenType !== token.Comma || next === undefined || !CLOSING.has(next);
  });
}

/** A file is written over, so a word that the formatter forgot would be lost. */
function expectSame(before: ParsedText, after: ParsedText): void {
  const images = ({ tokens, comments }: ParsedText): string =>
    [...dropTrailingCommas(tokens), ...comments].map(({ image }) => image.trimEnd()).join('\n');
  if (images(before) !== images(after)) throw new Error('the formatter has changed more than the layout of a text');
}
