/**
 * From offsets to lines and columns. Lines end at LF, CRLF or a lone CR. Both counts start at 1; a column counts code
 * points, a tab as one, and a byte order mark at the start of the text not at all.
 */
import { sourceAtOffset, type Sources } from './sources.js';

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where the lines of a text begin, and end without their line ends; made once for many questions. */
export interface LineIndex {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

const BYTE_ORDER_MARK = 0xfeff;

/** A text has one more line than it has line ends: the last may be empty. */
export function indexLines(text: string): LineIndex {
  const starts = [text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0];
  const ends: number[] = [];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) {
    ends.push(match.index);
    starts.push(match.index + match[0].length);
  }
  ends.push(text.length);
  return { text, starts, ends };
}

/** The line, counted from 1, that holds `offset`; the line end belongs to the line that it ends. */
export function lineOf(lines: LineIndex, offset: number): number {
  let low = 0;
  let high = lines.starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lines.starts[middle] ?? Infinity) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

/** Half-open range of a line's text, without its line end. Lines beyond the text are empty. */
export function lineRange(lines: LineIndex, line: number): { readonly start: number; readonly end: number } {
  const last = lines.text.length;
  return { start: lines.starts[line - 1] ?? last, end: lines.ends[line - 1] ?? last };
}

/** Offsets before and after the text count as its ends; those within a line end, as the end of the line. */
export function positionAt(lines: LineIndex, offset: number): Position {
  const line = lineOf(lines, offset);
  const { start, end } = lineRange(lines, line);
  const before = lines.text.slice(start, Math.max(start, Math.min(offset, end)));
  return { line, column: countCodePoints(before, lines.text.charCodeAt(start + before.length)) + 1 };
}

/** As `positionAt`, for a single question; the position is one in the text that the offset is about. */
export function locate(sources: Sources, offset: number): Position {
  const { text, base } = sourceAtOffset(sources, offset);
  return positionAt(indexLines(text), offset - base);
}

/** `name:line:column`, as compilers write places. */
export function describePlace(sources: Sources, offset: number): string {
  const { line, column } = locate(sources, offset);
  return `${sourceAtOffset(sources, offset).name}:${line}:${column}`;
}

/** An offset between the halves of a surrogate pair is at the pair's beginning. */
function countCodePoints(text: string, next: number): number {
  let count = 0;
  for (const _ of text) count += 1;
  const last = text.charCodeAt(text.length - 1);
  const cut = last >= 0xd800 && last <= 0xdbff && next >= 0xdc00 && next <= 0xdfff;
  return cut ? count - 1 : count;
}
