/** Training as an asynchronous iteration over steps: what goes in and what comes out. */
import type { Checkpoint } from './checkpoint.js';
import type { Dataset } from './dataset.js';
import type { Optimizer, OptimizerChoice } from './optimizers/optimizer.js';

/** What is left out comes from the checkpoint to resume, else the artifact's `train` block, else the default named here. */
export interface TrainOptions {
  /** Needed unless the model has no data. */
  readonly data?: Dataset | undefined;
  /** Default `{ name: 'adam' }`. */
  readonly optimizer?: OptimizerChoice | undefined;
  /** Learning rate: short for the option `lr` of whichever optimiser it is. */
  readonly lr?: number | undefined;
  /** Rows per step; default 100, or all rows where there are fewer. */
  readonly batch?: number | undefined;
  /** Steps in all, those of a resumed run included. With `epochs` too, whichever ends first. Default 1,000 without data. */
  readonly steps?: number | undefined;
  /** Passes over the data in all. An epoch is `floor(rows / batch)` steps: a last short batch is left out. Default 10 with data. */
  readonly epochs?: number | undefined;
  /** A uint32; default the model's seed. */
  readonly seed?: number | undefined;
  /** Goes on from here, exactly as if the run had never stopped. */
  readonly resume?: Checkpoint | undefined;
  /** Ends the iteration after the current step. */
  readonly signal?: AbortSignal | undefined;
}

/** Every setting of a run, resolved. */
export interface TrainSettings {
  readonly optimizer: Optimizer;
  readonly batch: number;
  /** Steps in all. */
  readonly steps: number;
  /** Undefined where there are no data. */
  readonly stepsPerEpoch: number | undefined;
  readonly seed: number;
  /** The step that training starts after: 0, or the checkpoint's. */
  readonly startStep: number;
}

export interface SignalStatistics {
  /** Mean over rows of the learning signal after centring. */
  readonly mean: number;
  /** Variance over rows of the same. */
  readonly variance: number;
}

export interface StepDetails {
  /** Mean over rows of each term of the loss, by name. */
  readonly terms: Readonly<Record<string, number>>;
  /** By latent site. */
  readonly signals: Readonly<Record<string, SignalStatistics>>;
}

export interface StepReport {
  /** Steps done, counted from 1. */
  readonly step: number;
  /** The epoch this step belongs to, counted from 1; 0 where there are no data. */
  readonly epoch: number;
  /** Whether this step was the last of its epoch. */
  readonly endsEpoch: boolean;
  /** What is minimised, averaged over the step's rows: for a bound its negative, in nats. */
  readonly loss: number;
  /** Downloads the step's statistics. To be called before the next step is asked for. */
  details(): Promise<StepDetails>;
}

/** What steps have taken since the training began. */
export interface TrainingSeconds {
  /** In all, without what was done between steps. */
  readonly stepping: number;
  /** Of these, what passed before a step could begin: waiting for its rows, and drawing its noise. */
  readonly preparing: number;
}

/**
 * A running training: `for await (const report of training) …`. Leave the loop when you like and take
 * a checkpoint after; to iterate again goes on where it stopped.
 */
export interface Training extends AsyncIterable<StepReport> {
  readonly settings: TrainSettings;
  /** Steps done so far. */
  readonly step: number;
  /** Where the time of its steps has gone. */
  readonly seconds: TrainingSeconds;
  /** Whether the abort signal ended the iteration before its last step. */
  readonly interrupted: boolean;
  /** Parameters, optimiser slots and baselines as they are now; not while a step is running. */
  checkpoint(): Promise<Checkpoint>;
  /** Frees the optimiser's and baselines' tensors; the model keeps its parameters, and what was prepared, for another training. */
  dispose(): void;
}
