/** The source lines that a diagnostic speaks of, with what it says under them. */
import { displayText, displayWidth } from './display-width.js';
import type { Paint, Role } from './paint.js';
import { lineOf, lineRange, type LineIndex } from './positions.js';
import type { Span } from './span.js';

/** A place and what to write under it. */
export interface Mark {
  readonly span: Span;
  readonly text: string;
  readonly role: Role;
}

/** Lines with more code units than this are shown in part. */
const LONGEST_LINE = 160;
/** What is shown before the first mark of a line that is shown in part. */
const LEAD = 60;
const CUT = '…';

/** The rows below the head of a diagnostic: source lines in ascending order, each with its marks; gaps are `·`. */
export function renderSnippet(
  lines: LineIndex,
  marks: readonly Mark[],
  width: number,
  paint: Paint,
): readonly string[] {
  const bar = paint('gutter', `${' '.repeat(width)} │`);
  const rows: string[] = [];
  const sourceRow = (line: number, text: string): string =>
    `${paint('gutter', `${String(line).padStart(width)} │`)} ${text}`.trimEnd();
  let last: number | undefined;
  for (const [line, segments] of segmentsByLine(lines, marks)) {
    if (last !== undefined && line === last + 2) rows.push(sourceRow(last + 1, excerpt(lines, last + 1, []).text));
    if (last !== undefined && line > last + 2) rows.push(paint('gutter', `${' '.repeat(width)} ·`));
    const shown = excerpt(lines, line, segments);
    rows.push(sourceRow(line, shown.text));
    for (const row of annotate(shown.segments, paint)) rows.push(`${bar} ${row}`);
    last = line;
  }
  return rows;
}

/** The last line that any of the marks reaches: its number is the widest. */
export function lastLineOf(lines: LineIndex, marks: readonly Mark[]): number {
  return Math.max(...marks.map(({ span }) => lineOf(lines, trimmedEnd(lines, span))));
}

/** A part of a mark within one line, in offsets of the text. */
type Segment = Mark;

/** Lines in ascending order. Of a mark over several lines the first and the last are shown; its text is at the last. */
function segmentsByLine(lines: LineIndex, marks: readonly Mark[]): ReadonlyMap<number, readonly Segment[]> {
  const segments: (readonly [number, Segment])[] = [];
  for (const mark of marks) {
    const { start } = mark.span;
    const end = trimmedEnd(lines, mark.span);
    const [firstLine, lastLine] = [lineOf(lines, start), lineOf(lines, end)];
    if (firstLine === lastLine) segments.push([firstLine, { ...mark, span: { start, end } }]);
    else {
      segments.push([firstLine, { ...mark, text: '', span: { start, end: lineRange(lines, firstLine).end } }]);
      segments.push([lastLine, { ...mark, span: { start: firstInk(lines, lastLine, end), end } }]);
    }
  }
  const ascending = segments.toSorted(([a], [b]) => a - b);
  return new Map(
    ascending.map(([line]) => [line, ascending.filter(([other]) => other === line).map(([, mark]) => mark)]),
  );
}

/** Without the spaces and line ends at its end, which may reach into a line that it is not about. */
function trimmedEnd(lines: LineIndex, { start, end }: Span): number {
  return start + lines.text.slice(start, end).trimEnd().length;
}

/** The first character of a line that is no space, though not beyond `end`. */
function firstInk(lines: LineIndex, line: number, end: number): number {
  const { start } = lineRange(lines, line);
  return start + (/^\s*/.exec(lines.text.slice(start, end))?.[0].length ?? 0);
}

/** A segment in columns of the screen, counted from 0. */
interface ColumnSegment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly role: Role;
}

interface Excerpt {
  readonly text: string;
  readonly segments: readonly ColumnSegment[];
}

/** A line as it is shown, in part where it is very long. */
function excerpt(lines: LineIndex, line: number, segments: readonly Segment[]): Excerpt {
  const range = lineRange(lines, line);
  const isLong = range.end - range.start > LONGEST_LINE;
  const firstMark = Math.min(...segments.map(({ span }) => span.start), range.end);
  const start = isLong ? Math.max(range.start, Math.min(firstMark - LEAD, range.end - LONGEST_LINE)) : range.start;
  const end = isLong ? Math.min(range.end, start + LONGEST_LINE) : range.end;
  const before = start > range.start ? CUT : '';
  const columnOf = (offset: number): number => {
    const within = Math.min(Math.max(offset, start), end);
    return displayWidth(before + lines.text.slice(start, within));
  };
  return {
    text: before + displayText(lines.text.slice(start, end)) + (end < range.end ? CUT : ''),
    segments: segments.map(({ span, text, role }) => {
      const column = columnOf(span.start);
      return { start: column, end: Math.max(columnOf(span.end), column + 1), text, role };
    }),
  };
}

/**
 * The rows under a source line: one that underlines all segments, with the text of the rightmost at its end, then the
 * other texts from right to left, each under its place.
 */
function annotate(segments: readonly ColumnSegment[], paint: Paint): readonly string[] {
  // The primary segment is painted last, and so over the others.
  const inPaintingOrder = segments.toSorted((a, b) => Number(a.role !== 'related') - Number(b.role !== 'related'));
  const cells: (Role | undefined)[] = [];
  for (const { start, end, role } of inPaintingOrder) {
    for (let column = start; column < end; column += 1) cells[column] = role;
  }
  const byStart = segments.toSorted((a, b) => (a.start === b.start ? a.end - b.end : a.start - b.start));
  const rightmost = byStart.at(-1);
  const inline = rightmost?.end === cells.length ? rightmost : undefined;
  const ending = inline === undefined || inline.text === '' ? '' : ` ${paint(inline.role, displayText(inline.text))}`;
  const hanging = byStart.filter((segment) => segment !== inline && segment.text !== '');
  const rows = [underline(cells, paint) + ending];
  for (let last = hanging.pop(); last !== undefined; last = hanging.pop()) rows.push(hang(last, hanging, paint));
  return rows;
}

/** Runs of `^`, each painted as one. */
function underline(cells: readonly (Role | undefined)[], paint: Paint): string {
  let row = '';
  for (let column = 0; column < cells.length;) {
    const role = cells[column];
    let end = column + 1;
    while (end < cells.length && cells[end] === role) end += 1;
    row += role === undefined ? ' '.repeat(end - column) : paint(role, '^'.repeat(end - column));
    column = end;
  }
  return row;
}

/** A text under its place, with a line down to each of the texts that are still to come. */
function hang({ start, text, role }: ColumnSegment, others: readonly ColumnSegment[], paint: Paint): string {
  let row = '';
  let column = 0;
  for (const other of others) {
    if (other.start < column || other.start >= start) continue;
    row += ' '.repeat(other.start - column) + paint(other.role, '│');
    column = other.start + 1;
  }
  return row + ' '.repeat(start - column) + paint(role, displayText(text));
}
