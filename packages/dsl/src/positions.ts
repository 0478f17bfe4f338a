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
  /** The offsets of code points of two units, ascending: a column is counted without going through its line. */
  readonly pairs: readonly number[];
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
  const pairs = Array.from(text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g), ({ index }) => index);
  return { text, starts, ends, pairs };
}

/** The line, counted from 1, that holds `offset`; the line end belongs to the line that it ends. */
export function lineOf(lines: LineIndex, offset: number): number {
  return Math.max(1, countUpTo(lines.starts, offset + 1));
}

/** How many of ascending numbers are smaller than `limit`. */
function countUpTo(ascending: readonly number[], limit: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? Infinity) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
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
  const reached = Math.max(start, Math.min(offset, end));
  // A pair that ends behind the place has not been passed: within it is at its beginning.
  const passed = countUpTo(lines.pairs, reached - 1) - countUpTo(lines.pairs, start);
  const isWithin = lines.pairs[countUpTo(lines.pairs, reached - 1)] === reached - 1;
  return { line, column: reached - start - passed - (isWithin ? 1 : 0) + 1 };
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
