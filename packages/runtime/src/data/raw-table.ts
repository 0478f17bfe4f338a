/** Rows as a file or a generator gives them, before they are fitted to a port. */
import type { IdxValues } from './idx.js';

export interface RawTable {
  /** Path or generator. */
  readonly source: string;
  readonly rows: number;
  /** Values in one flattened row. */
  readonly width: number;
  /** `rows × width`, row-major. */
  readonly values: IdxValues;
  /** The value that stands for 1 where values are grey levels: 255 for bytes, else 1. */
  readonly full: number;
}
