/** TensorBoard's event files in a folder: one for each time that a run is begun or taken up again. */
import { closeSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { encodeEvent, ValueEncoder, type RunLogEvent, type SummaryValue } from '../tensorboard/event-proto.js';
import { encodeRecord } from '../tensorboard/record.js';

/** TensorBoard reads the files whose names have `tfevents` in them, in the order of their names. */
const NAME = /^events\.out\.tfevents\.(\d+)\..*$/;

export interface EventFileOptions {
  /** The step that the run starts after: points after it, in earlier files of the folder, are void. */
  readonly startStep: number;
  /** Seconds since 1970; the system's clock unless a test has another. */
  readonly clock?: (() => number) | undefined;
}

/** The names of a folder's event files, the oldest first. */
export function listEventFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort();
}

/** Appends to a file of its own, a record at a time: what was written stays whole, whatever happens later. */
export class EventFile {
  readonly #file: number;
  readonly #clock: () => number;
  readonly #encoder = new ValueEncoder();

  /** @throws the file system's own error */
  constructor(folder: string, { startStep, clock = () => Date.now() / 1000 }: EventFileOptions) {
    this.#clock = clock;
    this.#file = openSync(join(folder, nextName(folder, clock())), 'ax');
    this.#append({ kind: 'version' });
    this.#append({ kind: 'start', step: startStep + 1 });
  }

  /** All points of a step. @throws the file system's own error */
  write(step: number, values: readonly SummaryValue[]): void {
    this.#append({ kind: 'summary', step, values: values.map((value) => this.#encoder.encode(value)) });
  }

  close(): void {
    closeSync(this.#file);
  }

  #append(event: RunLogEvent): void {
    const record = encodeRecord(encodeEvent(event, this.#clock()));
    for (let written = 0; written < record.length;) written += writeSync(this.#file, record, written);
  }
}

/** After all that there are: a clock may have been set back, or be too coarse to tell two runs apart. */
function nextName(folder: string, seconds: number): string {
  const last = listEventFiles(folder).at(-1);
  const lastSeconds = Number(NAME.exec(last ?? '')?.[1] ?? -1);
  const at = Math.max(Math.floor(seconds), lastSeconds + 1);
  return `events.out.tfevents.${String(at).padStart(10, '0')}.sbn`;
}
