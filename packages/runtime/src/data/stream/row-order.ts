/** The order of an epoch where rows are read piece by piece: a function of epoch and seed, so that a resumed run needs nothing else. */
import { at } from '@sbn/program';
import type { Column, ColumnPieces, Dataset, RowOrder, RowRange } from '../../dataset.js';
import { noiseKey, shuffledOrder } from '../../noise/noise.js';

/** Bytes of rows that are shuffled at a time, where nobody says how many rows. */
const BUFFER_BYTES = 2 ** 26;

/** The part of a `Dataset` that is its order; nothing where all columns are in memory. */
export function orderOfColumns(columns: readonly Column[]): Pick<Dataset, 'order'> {
  const pieces = columns.flatMap((column) => (column.pieces === undefined ? [] : [column.pieces]));
  const [first] = columns;
  if (pieces.length === 0 || first === undefined) return {};
  const layout = layOut(first.rows, pieces);
  const expect = (ranges: readonly RowRange[]): void => {
    for (const piece of pieces) piece.expect(ranges);
  };
  return { order: (epoch, seed) => createOrder(layout, epoch, seed, expect) };
}

export interface OrderLayout {
  readonly rows: number;
  /** Rows that stay together until they are in the buffer. */
  readonly pieceRows: number;
  /** Rows that are shuffled at a time. */
  readonly buffer: number;
  readonly isSeekable: boolean;
}

/** The largest of what the columns ask for; a buffer holds a piece at least, unless somebody says otherwise. */
function layOut(rows: number, pieces: readonly ColumnPieces[]): OrderLayout {
  const rowBytes = pieces.reduce((sum, piece) => sum + piece.rowBytes, 0);
  const pieceRows = Math.max(...pieces.map((piece) => piece.rows));
  const asked = pieces.flatMap(({ buffer }) => (buffer === undefined ? [] : [buffer]));
  const buffer = asked.length > 0 ? Math.max(...asked) : Math.max(pieceRows, Math.floor(BUFFER_BYTES / rowBytes));
  return { rows, pieceRows, buffer, isSeekable: pieces.every(({ isSeekable }) => isSeekable) };
}

/**
 * Pieces in random order, or in that of the file where it cannot be read in another; of these rows so many at a time as the buffer holds, shuffled. A buffer for all rows gives the order
 * of data in memory. `expect` is told the rows of a buffer and of the next one when its first are asked for.
 */
export function createOrder(
  { rows, pieceRows, buffer, isSeekable }: OrderLayout,
  epoch: number,
  seed: number,
  expect: (ranges: readonly RowRange[]) => void,
): RowOrder {
  if (buffer >= rows) {
    const whole = shuffledOrder(rows, noiseKey(seed, 'shuffle'), epoch);
    expect([[0, rows]]);
    return (start, end) => whole.slice(start, end);
  }
  const pieces = orderPieces(rows, pieceRows, isSeekable, epoch, seed);
  // Where pieces keep their order, buffers must not begin at the same rows in every epoch.
  const first = isSeekable ? buffer : 1 + (shuffledOrder(buffer, noiseKey(seed, 'shuffle/start'), epoch)[0] ?? 0);
  const startOf = (window: number): number => Math.min(rows, window === 0 ? 0 : first + (window - 1) * buffer);
  const key = noiseKey(seed, 'shuffle/rows');
  const rangesOfWindows = (from: number, to: number): readonly RowRange[] =>
    startOf(from) < rows ? rangesOf(pieces, startOf(from), startOf(to)) : [];
  let current: { readonly window: number; readonly rows: Uint32Array } | undefined;
  const rowsOf = (window: number): Uint32Array => {
    if (current?.window === window) return current.rows;
    const count = startOf(window + 1) - startOf(window);
    const listed = listRows(rangesOfWindows(window, window + 1), count);
    current = { window, rows: shuffledOrder(count, key, epoch, window).map((place) => listed[place] ?? 0) };
    return current.rows;
  };
  const windowOf = (place: number): number => (place < first ? 0 : 1 + Math.floor((place - first) / buffer));
  let expected = '';
  return (start, end) => {
    const [from, to] = [windowOf(start), windowOf(Math.max(start, end - 1))];
    if (expected !== `${String(from)}:${String(to)}`) expect(rangesOfWindows(from, to + 2));
    expected = `${String(from)}:${String(to)}`;
    const result = new Uint32Array(end - start);
    for (let window = from; window <= to; window += 1) {
      const [first, last] = [Math.max(start, startOf(window)), Math.min(end, startOf(window + 1))];
      result.set(rowsOf(window).subarray(first - startOf(window), last - startOf(window)), first - start);
    }
    return result;
  };
}

interface PlacedPiece {
  /** Rows of the epoch before it. */
  readonly place: number;
  readonly from: number;
  readonly to: number;
}

function orderPieces(
  rows: number,
  pieceRows: number,
  isSeekable: boolean,
  epoch: number,
  seed: number,
): readonly PlacedPiece[] {
  const count = Math.ceil(rows / pieceRows);
  const order = isSeekable
    ? shuffledOrder(count, noiseKey(seed, 'shuffle/pieces'), epoch)
    : Uint32Array.from({ length: count }, (_, piece) => piece);
  let place = 0;
  return Array.from(order, (piece) => {
    const from = piece * pieceRows;
    const to = Math.min(rows, from + pieceRows);
    const placed = { place, from, to };
    place += to - from;
    return placed;
  });
}

/** The rows at places `[start, end)` of the pieces' order. */
function rangesOf(pieces: readonly PlacedPiece[], start: number, end: number): readonly RowRange[] {
  const ranges: RowRange[] = [];
  for (let piece = pieceAt(pieces, start); piece < pieces.length; piece += 1) {
    const { place, from, to } = at(pieces, piece);
    if (place >= end) break;
    ranges.push([Math.max(from, from + start - place), Math.min(to, from + end - place)]);
  }
  return ranges;
}

function pieceAt(pieces: readonly PlacedPiece[], place: number): number {
  let [low, high] = [0, pieces.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (at(pieces, middle).place <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

function listRows(ranges: readonly RowRange[], count: number): Uint32Array {
  const rows = new Uint32Array(count);
  let place = 0;
  for (const [from, to] of ranges) for (let row = from; row < to; row += 1) rows[place++] = row;
  return rows;
}
