/** `metrics.csv`: one row for each stretch of training, and what was measured in it. */
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import type { StepDetails } from '@sbn/runtime';

/** RFC 4180: a field with a comma, a quote or a line break is quoted. */
function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
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
  /** Of the last step: terms of the loss, mean and variance of each site's learning signal. */
  readonly details: StepDetails;
}

/**
 * Takes away the rows after a step: those of a run that went on after its last checkpoint and was cut off. Gives what was measured
 * on the validation data in the rows that stay.
 */
export function cutMetrics(path: string, step: number): readonly number[] {
  if (!existsSync(path)) return [];
  const [header = '', ...rows] = readFileSync(path, 'utf8').split('\n');
  // A row that was cut off in the middle has no line end.
  const whole = rows.slice(0, -1).filter((row) => Number(row.split(',')[0]) <= step);
  const temporary = `${path}.tmp`;
  writeFileSync(temporary, [header, ...whole, ''].join('\n'));
  renameSync(temporary, path);
  return whole.flatMap((row) => {
    const text = row.split(',')[3] ?? '';
    return text === '' ? [] : [Number(text)];
  });
}

/** Writes row by row, so that an interrupted run leaves what it has measured. */
export class MetricsFile {
  readonly #file: number;
  #hasHeader = false;

  /** `append` goes on with the rows that are there. */
  constructor(path: string, append: boolean) {
    this.#file = openSync(path, append ? 'a' : 'w');
    this.#hasHeader = append && fstatSync(this.#file).size > 0;
  }

  write({ step, epoch, loss, validation, seconds, details }: Measurement): void {
    const terms = Object.entries(details.terms).map(([name, value]) => [`term ${name}`, value] as const);
    const signals = Object.entries(details.signals).flatMap(([site, { mean, variance }]) => [
      [`signal mean ${site}`, mean] as const,
      [`signal variance ${site}`, variance] as const,
    ]);
    if (!this.#hasHeader) {
      const named = [...terms, ...signals].map(([name]) => name);
      writeSync(this.#file, csvRow(['step', 'epoch', 'loss', 'validation', 'seconds', ...named]));
      this.#hasHeader = true;
    }
    const values = [...terms, ...signals].map(([, value]) => value);
    writeSync(this.#file, csvRow([step, epoch, loss, validation, Number(seconds.toFixed(3)), ...values]));
  }

  close(): void {
    closeSync(this.#file);
  }
}
