/** `metrics.csv` as columns. */
import { splitCsvRow } from '../metrics.js';

/** Column → values by row; `undefined` where a row has none. */
export interface Metrics {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | undefined)[])[];
}

export function readMetrics(text: string): Metrics {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const rows = lines.map((line) => splitCsvRow(line).map((cell) => (cell === '' ? undefined : Number(cell))));
  return { columns: splitCsvRow(header), rows };
}

/** Step and value where there is one. */
export function curveOf({ columns, rows }: Metrics, column: string): readonly (readonly [number, number])[] {
  const place = columns.indexOf(column);
  return rows.flatMap((row) => {
    const [step, value] = [row[0], row[place]];
    return step === undefined || value === undefined ? [] : [[step, value] as const];
  });
}
