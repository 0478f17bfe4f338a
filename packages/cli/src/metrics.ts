/** `metrics.csv`: one row for each stretch of training, and what was measured in it. */
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { StepDetails } from '@sbn/runtime';
import { replaceFile, syncFile } from './files.js';

/** RFC 4180: a field with a comma, a quote or a line break is quoted. */
function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The cells of a line without a line break in it. */
export function splitCsvRow(line: string): string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
    .slice(0, -1)
    .map(([, cell = '']) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}

export function csvRow(fields: readonly (string | number | undefined)[]): string {
  return `${fields.map((field) => csvField(field === undefined ? '' : String(field))).join(',')}\n`;
}

export interface Measurement {
  readonly step: number;
  readonly epoch: number;
  /** Mean of the losses of the steps since the row before. */
  readonly loss: number;
  /** Loss on the validation data, where it was measured. */
  readonly validation: number | undefined;
  /** Seconds since the run began. */
  readonly seconds: number;
  /** Of the last step. */
  readonly learningRate: number;
  /** Over the steps since the row before, without what came between them; undefined where no time has passed. */
  readonly rowsPerSecond: number | undefined;
  /** Of the last step: terms of the loss, mean and variance of each site's learning signal. */
  readonly details: StepDetails;
}

/** Where measurements are written. */
export interface MeasurementLog {
  write(measurement: Measurement): void;
  /** Returns when what was written would survive a power cut. */
  sync(): void;
  /** Syncs, too. */
  close(): void;
}

/**
 * Takes away the rows after a step: those of a run that went on after its last checkpoint and was cut off. Gives what was measured
 * on the validation data in the rows that stay.
 */
export function cutMetrics(path: string, step: number): readonly number[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const [header = '', ...rows] = text.split('\n');
  // A row that was cut off in the middle has no line end.
  const whole = rows.slice(0, -1).filter((row) => Number(row.split(',')[0]) <= step);
  const cut = [header, ...whole, ''].join('\n');
  // Of an empty file there is nothing to take away.
  if (cut !== text && text !== '') replaceFile(path, cut, { directory: '' });
  return whole.flatMap((row) => {
    const cell = row.split(',')[3] ?? '';
    return cell === '' ? [] : [Number(cell)];
  });
}

/** Writes row by row, so that an interrupted run leaves what it has measured. */
export class MetricsFile implements MeasurementLog {
  readonly #file: number;
  /** Of the header, once there is one. */
  #columns: readonly string[] | undefined;
  #isSynced = true;

  /** `append` goes on with the rows that are there, and with their columns. */
  constructor(path: string, append: boolean) {
    const header = append && existsSync(path) ? readFileSync(path, 'utf8').split('\n', 1)[0] : '';
    if (header !== undefined && header !== '') this.#columns = splitCsvRow(header);
    this.#file = openSync(path, append ? 'a' : 'w');
  }

  write(measurement: Measurement): void {
    this.#isSynced = false;
    const cells = cellsOf(measurement);
    if (this.#columns === undefined) {
      this.#columns = [...cells.keys()];
      writeSync(this.#file, csvRow(this.#columns));
    }
    writeSync(this.#file, csvRow(this.#columns.map((column) => cells.get(column))));
  }

  sync(): void {
    if (!this.#isSynced) syncFile(this.#file);
    this.#isSynced = true;
  }

  close(): void {
    this.sync();
    closeSync(this.#file);
  }
}

/** By column, in their order. */
function cellsOf(measurement: Measurement): ReadonlyMap<string, number | undefined> {
  const { step, epoch, loss, validation, seconds, learningRate, rowsPerSecond, details } = measurement;
  return new Map<string, number | undefined>([
    ['step', step],
    ['epoch', epoch],
    ['loss', loss],
    ['validation', validation],
    ['seconds', Number(seconds.toFixed(3))],
    ...Object.entries(details.terms).map(([name, value]) => [`term ${name}`, value] as const),
    ...Object.entries(details.signals).flatMap(([site, { mean, variance }]) => [
      [`signal mean ${site}`, mean] as const,
      [`signal variance ${site}`, variance] as const,
    ]),
    ['learning rate', learningRate],
    ['rows per second', rowsPerSecond === undefined ? undefined : Math.round(rowsPerSecond)],
  ]);
}
