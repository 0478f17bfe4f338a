/** Means and weighted sums over the rows of a step. */
import { BATCH, type ProgramBuilder, type ValueId } from '@sbn/program';

/** How values of rows, [B], become a number. */
export interface OverRows {
  readonly rows: (value: ValueId) => ValueId;
  /** The same but for `factor`. */
  readonly sum: (value: ValueId) => ValueId;
  readonly factor: (() => ValueId) | undefined;
}

export function meanOverRows(builder: ProgramBuilder): OverRows {
  return {
    rows: (value) => builder.meanRows(value),
    sum: (value) => builder.sum(value, [0]),
    factor: () => builder.divide(builder.constant(1), builder.emit('batch_size', [], {})),
  };
}

export function weightedSum(builder: ProgramBuilder): OverRows {
  const weight = builder.input('weight', 'rows', [BATCH]);
  const rows = (value: ValueId): ValueId => builder.sum(builder.multiply(weight, value), [0]);
  return { rows, sum: rows, factor: undefined };
}
