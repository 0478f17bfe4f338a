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
  const pairs: number[] = [];
  for (let offset = 0; offset < text.length; offset += 1) {
    const unit = text.charCodeAt(offset);
    if (unit === LINE_FEED || unit === CARRIAGE_RETURN) {
      ends.push(offset);
      if (unit === CARRIAGE_RETURN && text.charCodeAt(offset + 1) === LINE_FEED) offset += 1;
      starts.push(offset + 1);
    } else if (isWithin(unit, HIGH_SURROGATES) && isWithin(text.charCodeAt(offset + 1), LOW_SURROGATES)) {
      pairs.push(offset);
    }
  }
  ends.push(text.length);
  return { text, starts, ends, pairs };
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const HIGH_SURROGATES = [0xd800, 0xdbff] as const;
const LOW_SURROGATES = [0xdc00, 0xdfff] as const;

function isWithin(unit: number, [first, last]: readonly [number, number]): boolean {
  return unit >= first && unit <= last;
}

/** The line, counted from 1, that holds `offset`; the line end belongs to the line that it ends. */
export function lineOf(lines: LineIndex, offset: number): number {
  return Math.max(1, lowerBound(lines.starts, offset + 1));
}

/** How many of ascending numbers are smaller than `limit`: the first place that one of `limit` may have. */
export function lowerBound(ascending: readonly number[], limit: number): number {
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
  const passed = lowerBound(lines.pairs, reached - 1) - lowerBound(lines.pairs, start);
  const splitsPair = lines.pairs[lowerBound(lines.pairs, reached - 1)] === reached - 1;
  return { line, column: reached - start - passed - (splitsPair ? 1 : 0) + 1 };
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
