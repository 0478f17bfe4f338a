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

/** The share of a run at its end over which `tailMean` is taken: what is measured in single steps differs a lot. */
const TAIL = 0.1;

/** The mean over the rows of the last tenth of the steps; undefined where there is nothing. */
export function tailMean(metrics: Metrics, column: string): number | undefined {
  const lastStep = metrics.rows.at(-1)?.[0] ?? 0;
  const tail = curveOf(metrics, column).filter(([step]) => step > (1 - TAIL) * lastStep);
  return tail.length === 0 ? undefined : tail.reduce((sum, [, value]) => sum + value, 0) / tail.length;
}
