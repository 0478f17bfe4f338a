/** What a file holds, before anything is asked of it: named fields of the same number of rows. */
import type { RawPlace, RawValues } from '../raw-table.js';

export interface RawField {
  /** A column's header, an array's name, a key; `undefined` where a file has one array without a name. */
  readonly name: string | undefined;
  /** Of one row: `[28, 28]`; `[]` for a number. */
  readonly shape: readonly number[];
  /** `rows × width`, row-major; NaN where there is a text. */
  readonly values: RawValues;
  /** Texts of the rows, where they are no numbers. */
  readonly texts?: readonly string[] | undefined;
  /** Whether its texts are kept though all of them are numbers. */
  readonly isNumeric?: boolean | undefined;
  /** The value that stands for 1 where values are grey levels: 255 for bytes, else 1. */
  readonly full: number;
}

export interface RawFile {
  /** Path, for messages. */
  readonly source: string;
  readonly rows: number;
  /** The number of its first row, where it is a part of a file. */
  readonly firstRow?: number | undefined;
  readonly fields: readonly RawField[];
  /** Where a row stands, in the words of the format: `line 7`; by default its number, from 0, in the source. */
  readonly placeRow?: ((row: number) => RawPlace) | undefined;
}

export function widthOf({ shape }: Pick<RawField, 'shape'>): number {
  return shape.reduce((product, length) => product * length, 1);
}
