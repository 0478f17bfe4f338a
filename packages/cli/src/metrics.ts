/** `metrics.csv`: one row for each stretch of training, and what was measured in it. */
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
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
