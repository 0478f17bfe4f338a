/** Rows of data as training and evaluation read them. Apps can implement `Dataset` themselves. */

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

export interface Dataset {
  /** How many rows there are, the same for every name. */
  readonly rows: number;
  /** Number of values in one (flattened) row, by data name. */
  readonly widths: Readonly<Record<string, number>>;
  /**
   * Reads rows. Called for one batch at a time. The runtime checks what it gets against the model's
   * declarations, and does not keep or change the arrays.
   */
  read(request: ReadRequest): RowsByName | Promise<RowsByName>;
}

/** One data name's rows; columns with the same number of rows make a `Dataset`. */
export interface Column {
  /** The data name. */
  readonly name: string;
  /** Where it comes from, for messages: a path, a generator or `array`. */
  readonly source: string;
  readonly rows: number;
  readonly width: number;
  /** Writes the rows into `target` (`indices.length × width`). */
  read(request: ReadRequest, target: Float32Array): void;
}
