/** Rows of data as training and evaluation read them. Apps can implement `Dataset` themselves. */

import type { DataPort } from '@sbn/program';
import type { DataFingerprint } from './data/fingerprint.js';

/** Numbers of one data name: typed arrays or plain ones. */
export type NumericArray =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | readonly number[];

export interface ReadRequest {
  /** Rows wanted, each in `[0, rows)`, in the order wanted; a row may come twice. */
  readonly indices: Uint32Array;
  /**
   * Epoch, from 0. A data set that is drawn afresh for each epoch draws by (seed, epoch, row) and
   * nothing else, so that a resumed run sees the same values. Evaluation always reads epoch 0.
   */
  readonly epoch: number;
  /** The run's seed, a uint32. */
  readonly seed: number;
}

/** Values by data name, row-major: `indices.length × widths[name]` each. */
export type RowsByName = Readonly<Record<string, Float32Array>>;

/** Rows `[start, end)` of the order in which an epoch takes the rows of a data set. */
export type RowOrder = (start: number, end: number) => Uint32Array;

export interface Dataset {
  /** How many rows there are, the same for every name. */
  readonly rows: number;
  /** Number of values in one (flattened) row, by data name. */
  readonly widths: Readonly<Record<string, number>>;
  /**
   * Reads rows. It may be called before an earlier call has given its rows: the next batch is asked for while a step runs, unless rows are known to be in memory. The runtime checks what
   * it gets against the model's declarations, and does not keep or change the arrays. `spare` is what an earlier call has given and nobody needs any
   * more: its arrays may be filled and given again, which spares the making of new ones. It can be ignored.
   */
  read(request: ReadRequest, spare?: RowsByName): RowsByName | Promise<RowsByName>;
  /**
   * The order in which training takes the rows of an epoch: each row once, decided by epoch and seed alone, so that a resumed run takes
   * the same. Left out, they are shuffled as a whole, so that any row may come after any other; what is read from a file piece by piece gives an order that goes by its pieces.
   */
  order?(epoch: number, seed: number): RowOrder;
  /** By data name, what tells whether a later data set is this one; of names whose rows are an app's own arrays there is none. */
  fingerprints?(): Promise<Readonly<Record<string, DataFingerprint>>>;
  /** Closes files and ends threads. The runtime does not call it; a process ends without it. */
  close?(): Promise<void>;
}

/** How the rows of a column that is not in memory are read. */
export interface ColumnPieces {
  /** Rows that are read together. */
  readonly rows: number;
  /** Bytes of a row in memory. */
  readonly rowBytes: number;
  /** Whether any piece can be read next; else they come in the order of the file. */
  readonly isSeekable: boolean;
  /** Rows to shuffle at a time; `undefined` where nobody has said. */
  readonly buffer: number | undefined;
  /** Says which rows will be read, so that they are there in time, and are kept until other ones are expected. */
  expect(ranges: readonly RowRange[]): void;
}

/** Rows `[from, to)` of a data set. */
export type RowRange = readonly [from: number, to: number];

/** One data name's rows; columns with the same number of rows make a `Dataset`. */
export interface Column {
  /** The data name. */
  readonly name: string;
  /** Where it comes from, for messages: a path, a generator or `array`. */
  readonly source: string;
  readonly rows: number;
  readonly width: number;
  /** What all its values, in whatever epoch, have been held against; `undefined` where each batch has to be. */
  readonly checked?: DataPort | undefined;
  /** Where it is not in memory. */
  readonly pieces?: ColumnPieces | undefined;
  /** Whether its rows are there at once, so that nothing is won by asking for them before they are needed. */
  readonly isInMemory?: true | undefined;
  /** Writes the rows into `target` (`indices.length × width`). */
  read(request: ReadRequest, target: Float32Array): void | Promise<void>;
  /** What tells whether a later column is this one. */
  fingerprint?(): DataFingerprint | Promise<DataFingerprint>;
  /** Closes its files, and ends its thread. */
  readonly close?: (() => Promise<void>) | undefined;
}

/** A column in memory, whose rows are there at once. */
export interface MemoryColumn extends Column {
  readonly isInMemory: true;
  read(request: ReadRequest, target: Float32Array): void;
}
