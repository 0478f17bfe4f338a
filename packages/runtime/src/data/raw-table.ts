/** Rows as a file or a generator gives them, before they are fitted to a port. */
import type { DataPlace } from '../errors.js';
import type { IdxValues } from './idx.js';

export type RawValues = IdxValues | Uint8ClampedArray | Uint16Array | Uint32Array;

export interface RawTable {
  /** Path or generator. */
  readonly source: string;
  readonly rows: number;
  /** The number of its first row in the source, where it is a part of one. */
  readonly firstRow?: number | undefined;
  /** Values in one flattened row. */
  readonly width: number;
  /** `rows × width`, row-major. */
  readonly values: RawValues;
  /** The value that stands for 1 where values are grey levels: 255 for bytes, else 1. */
  readonly full: number;
  /** Where a row stands in its file, and in which file, for messages; by default its number in `source`. */
  readonly place?: ((row: number, column: number) => RawPlace) | undefined;
}

/** Of a value, as a `DataError` says it. */
export type RawPlace = Pick<DataPlace, 'source' | 'rowName' | 'columnName'>;

/** The place of a value of a table, with its numbers. */
export function placeInTable(table: RawTable, data: string, row: number, column: number, value: number): DataPlace {
  return { data, source: table.source, row: numberOf(table, row), column, value, ...table.place?.(row, column) };
}

/** The number of a table's row in its source. */
export function numberOf({ firstRow = 0 }: RawTable, row: number): number {
  return firstRow + row;
}
