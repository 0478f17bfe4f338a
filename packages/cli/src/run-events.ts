/** What happens in a run, as data: what the progress display shows, and what `--json` prints, a line for each. */
import type { Evaluation, SignalStatistics } from '@sbn/runtime';
import type { ExitCode } from './exit.js';
import type { ObjectiveName } from './objective-name.js';
import type { InterruptSignal } from './signals.js';

/** Losses are what is minimised, e.g. a negative bound in nats; `start` says which it is. Times are seconds since this command began to train. */
export type RunEvent = StartEvent | ProgressEvent | ValidationEvent | CheckpointEvent | EndEvent | ErrorEvent;

/** Before the first step. */
export interface StartEvent {
  readonly kind: 'start';
  readonly version: 1;
  readonly model: string;
  /** The folder of the run. */
  readonly run: string;
  /** What losses are, and their unit. */
  readonly objective: ObjectiveName;
  /** Latent sites whose estimator has a learning signal: those that `progress` gives signals of. */
  readonly signalSites: readonly string[];
  /** Rows of the training data, and of the data that are measured on; left out where there are none. */
  readonly rows?: number | undefined;
  readonly validationRows?: number | undefined;
  /** Rows per step. */
  readonly batch: number;
  /** Steps in all, and those made before. */
  readonly steps: number;
  readonly startStep: number;
  readonly stepsPerEpoch?: number | undefined;
  readonly optimizer: { readonly name: string; readonly options: Readonly<Record<string, number>> };
  readonly seed: number;
  readonly engine: string;
  /** What computes, and why. */
  readonly backend: string;
}

/** Now and then, and after the last step. */
export interface ProgressEvent {
  readonly kind: 'progress';
  /** Steps made in all, and the epoch of the last, from 1 (0 without data). */
  readonly step: number;
  readonly epoch: number;
  /** Mean loss over about the last twenty steps (exponential, each step with a weight of 0.05). */
  readonly loss: number;
  readonly learningRate: number;
  /** Of the last step: terms of the loss, as means over its rows. */
  readonly terms: Readonly<Record<string, number>>;
  /** Of the last step, by site: mean and variance over its rows of the learning signal after centring. */
  readonly signals: Readonly<Record<string, SignalStatistics>>;
  readonly seconds: number;
  /** Since this command began to train, measurements and checkpoints included; 0 where no time has passed. */
  readonly rowsPerSecond: number;
  /** At that speed; left out where no time has passed. */
  readonly secondsLeft?: number | undefined;
}

/** A measurement on the validation data, one draw per row. */
export interface ValidationEvent {
  readonly kind: 'validation';
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  /** The least loss that was measured in the run so far, this one included. */
  readonly best: number;
  readonly seconds: number;
}

/** A checkpoint has been written, and is whole. */
export interface CheckpointEvent {
  readonly kind: 'checkpoint';
  readonly step: number;
  /** `newest`: `checkpoint.safetensors`; `best`: `best.safetensors`. */
  readonly what: 'newest' | 'best';
  readonly seconds: number;
}

/** The last event of a run without an error. */
export interface EndEvent {
  readonly kind: 'end';
  /** All steps were made; nothing became better (`--patience`); Ctrl-C, or another signal to end. */
  readonly reason: 'steps' | 'patience' | 'interrupted';
  /** The one that has interrupted it. */
  readonly signal?: InterruptSignal | undefined;
  readonly step: number;
  readonly seconds: number;
  /** Of the time of its steps, the share that passed before they could begin: waiting for rows, and drawing noise. Left out where none was made. */
  readonly preparingShare?: number | undefined;
  readonly run: string;
  /** Left out where it was interrupted. */
  readonly evaluation?: Evaluation | undefined;
  /** What it was measured on; left out for a model without data. */
  readonly measuredOn?: 'training data' | 'validation data' | undefined;
}

/** The last event of a command that failed; stderr has the same for people. */
export interface ErrorEvent {
  readonly kind: 'error';
  readonly exitCode: ExitCode;
  /** e.g. `DataError`. */
  readonly name: string;
  readonly problem: string;
  /** The way out; may be empty. */
  readonly hint: string;
}

/** What follows a run while it goes on. */
export interface RunWatcher {
  /** Whether it wants a `progress` event after this step. Asked after every step. */
  wants(step: number, now: number): boolean;
  see(event: RunEvent): void;
}

/** For `--quiet`. */
export const NO_WATCHER: RunWatcher = { wants: () => false, see: () => undefined };
