/** A compiled model on an engine: the runtime's main entrance. */
import { readArtifact, type Artifact } from '@sbn/program';
import type { Dataset } from './dataset.js';
import type { Engine, Values } from './engine.js';
import type { Checkpoint } from './checkpoint.js';
import { LoadedModel } from './loaded-model.js';
import { checkSeed } from './noise/noise.js';
import type { Training, TrainOptions } from './training.js';

export interface LoadOptions {
  readonly engine: Engine;
  /** Draws the initial parameters. A uint32; the artifact's, else 0. */
  readonly seed?: number | undefined;
}

export interface TensorValues {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Values;
}

/** Parameters by name. */
export type ParameterValues = Readonly<Record<string, TensorValues>>;

/** A mean over rows, with the standard error of that mean (NaN for a single row). */
export interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}

/** In nats. `bound ≤ logLikelihood ≤ log p`, in expectation; they are equal at one sample. */
export interface BoundEvaluation {
  readonly kind: 'bound';
  readonly rows: number;
  readonly samples: number;
  /** Mean log weight: the lower bound that is trained. */
  readonly bound: Estimate;
  /** Per row the log of the mean of `samples` weights: the importance-sampled log likelihood. */
  readonly logLikelihood: Estimate;
}

export interface CostEvaluation {
  readonly kind: 'cost';
  readonly rows: number;
  readonly samples: number;
  readonly cost: Estimate;
}

export type Evaluation = BoundEvaluation | CostEvaluation;

/** What a bound and its log likelihood are for each row, in nats. Errors are those of the draws; NaN for one draw, and 0 where nothing is drawn. */
export interface BoundRows {
  readonly kind: 'bound';
  readonly samples: number;
  /** Mean log weight, and its standard error. */
  readonly bound: Float64Array;
  readonly standardError: Float64Array;
  /** Log of the mean of `samples` weights, and its standard error to first order: too small where few of the weights make up the mean. */
  readonly logLikelihood: Float64Array;
  readonly logLikelihoodError: Float64Array;
}

export interface CostRows {
  readonly kind: 'cost';
  readonly samples: number;
  /** Mean cost, and its standard error. */
  readonly cost: Float64Array;
  readonly standardError: Float64Array;
}

export type RowEvaluations = BoundRows | CostRows;

export interface EvaluateOptions {
  /** Draws per row, default 1. */
  readonly samples?: number | undefined;
  /** A uint32, default 0. */
  readonly seed?: number | undefined;
  /** Rows at a time, default 100. It does not change the result but for rounding. */
  readonly batch?: number | undefined;
  /** How many rows: for a model without data (default 1,000), or the first ones of the data (default all). */
  readonly rows?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SampleOptions {
  /** How many rows to draw; default 1, or all rows of `given`. */
  readonly rows?: number | undefined;
  /** Data that the model is conditioned on, where its prior needs them (structured prediction). */
  readonly given?: Dataset | undefined;
  /** A uint32, default 0. */
  readonly seed?: number | undefined;
  readonly batch?: number | undefined;
}

export interface PosteriorOptions {
  /** A uint32, default 0. */
  readonly seed?: number | undefined;
  readonly batch?: number | undefined;
  /** The first `rows` rows of the data; default all. */
  readonly rows?: number | undefined;
  /** Also the mean of each observed site at the drawn latents; default no. */
  readonly reconstruct?: boolean | undefined;
}

/** Values of one site for several rows, row-major. */
export interface SiteValues {
  /** Shape of one row's value. */
  readonly shape: readonly number[];
  /** Drawn values, `rows × shape`. */
  readonly sample: Values;
  /** Means given the sampled parents, `rows × shape`. */
  readonly mean: Values;
}

export interface Draws {
  readonly rows: number;
  /** By site id, e.g. `h1`, `h[2]`, `x`. */
  readonly sites: Readonly<Record<string, SiteValues>>;
}

export interface PosteriorDraws extends Draws {
  /**
   * By observed site, its mean at the drawn latents, `rows × shape`: with a guide, the data as the latents remember them. Empty unless they
   * were asked for, and where latents are summed out of a likelihood.
   */
  readonly reconstructions: Readonly<Record<string, { readonly shape: readonly number[]; readonly mean: Values }>>;
}

export interface Model {
  readonly artifact: Artifact;
  readonly engine: Engine;
  readonly seed: number;
  /**
   * Starts training; iterate over the result. The model's parameters change with each step. A model
   * has one training at a time: starting another ends the one before.
   * @throws SettingsError, CheckpointError at once; DataError, NonFiniteError while iterating.
   */
  train(options?: TrainOptions): Training;
  /** Draws `samples` times per row. `data` may be left out only where the model has none. @throws DataError, SettingsError */
  evaluate(data?: Dataset, options?: EvaluateOptions): Promise<Evaluation>;
  /** The same for each row by itself; `summarizeEvaluations` makes of it what `evaluate` gives. */
  evaluateRows(data?: Dataset, options?: EvaluateOptions): Promise<RowEvaluations>;
  /**
   * One number per row: the log of the mean weight of `samples` draws (an estimate of log p), or
   * for a model with a cost the mean cost.
   */
  score(data?: Dataset, options?: EvaluateOptions): Promise<Float64Array>;
  /** Draws every site of the model from its prior. */
  sample(options?: SampleOptions): Promise<Draws>;
  /**
   * Draws the latent sites given data, as in training. Those that a likelihood sums out come from their exact posterior given
   * the data and the other sites, and have its mean.
   */
  posterior(data?: Dataset, options?: PosteriorOptions): Promise<PosteriorDraws>;
  parameters(): Promise<ParameterValues>;
  /** Replaces the named parameters, and leaves the others. @throws SettingsError on an unknown name, wrong shape, or a value that is not finite. */
  setParameters(values: ParameterValues): void;
  /** Takes the parameters of a checkpoint of this model. @throws CheckpointError */
  restore(checkpoint: Checkpoint): void;
  /** Frees everything the model holds on the engine, its training included. */
  dispose(): void;
}

/**
 * Puts a model on an engine, with freshly drawn parameters.
 * @throws ArtifactError when a text is not a valid artifact; SettingsError for a bad seed.
 */
export function loadModel(artifact: Artifact | string, options: LoadOptions): Promise<Model> {
  // Errors reject: a caller has one way to see them.
  return Promise.resolve().then(() => {
    const read = typeof artifact === 'string' ? readArtifact(artifact) : artifact;
    return new LoadedModel(read, options.engine, checkSeed(options.seed ?? read.train.seed ?? 0));
  });
}
