/** An evaluation row by row as a file: CSV with a header, or NPY with named fields. */
import { assertNever } from '@sbn/program';
import type { RowEvaluations } from '@sbn/runtime';
import { UsageError } from './exit.js';
import { csvRow } from './metrics.js';
import { encodeTable } from './npy.js';

const FORMATS = ['csv', 'npy'] as const;
export type RowFileFormat = (typeof FORMATS)[number];

/** By the ending of the path. @throws UsageError for another one */
export function rowFileFormat(path: string): RowFileFormat {
  const found = FORMATS.find((format) => path.toLowerCase().endsWith(`.${format}`));
  if (found === undefined)
    throw new UsageError(`--per-row ${path}: what to write follows from the ending`, 'end it in .csv or .npy');
  return found;
}

/**
 * For a bound `row` (from 0), `bound`, `bound_error`, `log_likelihood`, `log_likelihood_error`, all in nats, and `samples`; else `row`, `cost`,
 * `cost_error`, `samples`. What there is not, the error of one draw, is empty in CSV and NaN in NPY.
 */
export function encodeRows(rows: RowEvaluations, format: RowFileFormat): string | Uint8Array {
  const columns = columnsOf(rows);
  switch (format) {
    case 'csv':
      return writeCsv(columns);
    case 'npy':
      return encodeTable(columns);
    default:
      return assertNever(format);
  }
}

type Columns = ReadonlyMap<string, Float64Array>;

function columnsOf(rows: RowEvaluations): Columns {
  const measured: readonly (readonly [string, Float64Array])[] =
    rows.kind === 'bound'
      ? [
          ['bound', rows.bound],
          ['bound_error', rows.standardError],
          ['log_likelihood', rows.logLikelihood],
          ['log_likelihood_error', rows.logLikelihoodError],
        ]
      : [
          ['cost', rows.cost],
          ['cost_error', rows.standardError],
        ];
  const count = rows.standardError.length;
  return new Map([
    ['row', Float64Array.from({ length: count }, (_, row) => row)],
    ...measured,
    ['samples', new Float64Array(count).fill(rows.samples)],
  ]);
}

function writeCsv(columns: Columns): string {
  const all = [...columns.values()];
  const count = all[0]?.length ?? 0;
  const lines = Array.from({ length: count }, (_, row) =>
    csvRow(all.map((values) => (Number.isNaN(values[row]) ? undefined : values[row]))),
  );
  return csvRow([...columns.keys()]) + lines.join('');
}
