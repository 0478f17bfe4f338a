/**
 * The artifact: everything that a compiled model needs to be trained, evaluated and sampled, as
 * versioned JSON without any code to evaluate. Written by the compiler, read by the runtime.
 */
import type { Program } from './program.js';

export const ARTIFACT_FORMAT = 'sbn-artifact';
export const ARTIFACT_VERSION = 3;

/** 1-based, counted in Unicode code points; `line`/`column` of the first character. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
  /** The name of an imported file; `undefined` for a place in the model file. */
  readonly file: string | undefined;
}

/** A model file as it was written, with those that it imports. */
export interface ArtifactSource extends ArtifactText {
  readonly imports: readonly ArtifactText[];
}

export interface ArtifactText {
  readonly file: string;
  readonly text: string;
}

export type ElementKind =
  | { readonly kind: 'real' }
  | { readonly kind: 'binary' }
  | { readonly kind: 'count' }
  | { readonly kind: 'onehot'; readonly classes: number };

/**
 * What the distribution of data asks of them beyond their kind: `non_negative`, `positive`, strictly between 0 and 1
 * (`open_unit`), or counts whose `total` along the last axis is `largest`.
 */
export type DataRange = 'any' | 'non_negative' | 'positive' | 'open_unit' | 'total';

/** A `data` declaration. `shape` is the shape of one row; a one-hot value ends in an axis of `classes`. */
export interface DataPort {
  readonly name: string;
  readonly element: ElementKind;
  /** The largest count that the distribution of the data gives a probability; `undefined` where counts do not end, and for other kinds. */
  readonly largest: number | undefined;
  readonly range: DataRange;
  readonly shape: readonly number[];
  readonly position: SourcePosition;
  readonly doc: string | undefined;
}

export type Initializer =
  | { readonly kind: 'fill'; readonly value: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly standardDeviation: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number };

export interface ParameterInfo {
  readonly name: string;
  /**
   * `estimator`: it belongs to a gradient estimator (the network of a baseline, a learned scale), is trained along by a
   * loss of the estimator's own, and is no part of the model.
   */
  readonly role: 'model' | 'estimator';
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  readonly position: SourcePosition;
}

/** A number or small tensor carried from step to step, e.g. a baseline. */
export interface StateInfo {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: number;
}

export type Verdict =
  | { readonly kind: 'exact' }
  | { readonly kind: 'unbiased' }
  | { readonly kind: 'biased'; readonly reasons: readonly string[] };

/** `plate i in 50`: the variable and the number of elements. */
export interface PlateInfo {
  readonly variable: string;
  readonly size: number;
}

export interface SiteInfo {
  readonly id: string;
  readonly role: 'latent' | 'observed';
  /** Where the value comes from when the model is trained. */
  readonly block: 'model' | 'guide';
  readonly distribution: string;
  /** Kind of value, which fixes the support that is enumerated for verification. */
  readonly element: ElementKind;
  /** The largest value of a count; `undefined` where counts do not end, and for other kinds. */
  readonly largest: number | undefined;
  /** Shape of one row's value, sizes of plates first; a one-hot value ends in an axis of `classes`. */
  readonly shape: readonly number[];
  /** The plates that it is in, outermost first: its elements along these axes are independent given what is outside. */
  readonly plates: readonly PlateInfo[];
  /**
   * How many values each row has where the model is trained and verified, k of `iwae(k)`: an axis in front of `shape` in inputs of
   * role `latent`. `undefined` where there is one value, and no such axis.
   */
  readonly draws: number | undefined;
  readonly parents: readonly string[];
  /** Names of the loss terms that train the site; empty for an observed one. */
  readonly costs: readonly string[];
  /** For a latent site: estimator with its form in words, e.g. `muprop (local, rollout, recursive; centred)`. */
  readonly estimator: string | undefined;
  readonly verdict: Verdict | undefined;
  readonly position: SourcePosition;
  readonly doc: string | undefined;
}

/** Shape of a latent site's value in the programs that train and verify. */
export function trainedShape({ shape, draws }: Pick<SiteInfo, 'shape' | 'draws'>): readonly number[] {
  return draws === undefined ? shape : [draws, ...shape];
}

export type Objective = { readonly position: SourcePosition } &
  /** `bound`: mean log weight is a lower bound of log p, and the log-mean-exp of K tightens it. */
  (
    | { readonly kind: 'bound'; readonly name: 'elbo' | 'likelihood' | 'iwae' }
    /** `cost`: an expression to be minimised; there is no likelihood. */
    | { readonly kind: 'cost'; readonly sign: 1 | -1 }
  );

/** One source of data as written: `bars(n = 4)` or a path with options. */
export interface SourceSpec {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

/** The defaults of a run from the `train { … }` block. */
export interface TrainDefaults {
  readonly data: Readonly<Record<string, SourceSpec>>;
  readonly optimizer: { readonly name: string; readonly options: Readonly<Record<string, number>> } | undefined;
  readonly batch: number | undefined;
  readonly epochs: number | undefined;
  readonly steps: number | undefined;
  readonly seed: number | undefined;
}

/** What an estimator draws beyond one value per latent site: an input of `configuration`, a noise of `gradient`. */
export interface DrawInfo {
  readonly name: string;
  /** `value`: it takes the values of the site `of`. `uniform`: it lies in (0, 1), in the shape of that site. */
  readonly kind: 'value' | 'uniform';
  /** The site whose estimator makes it. */
  readonly site: string;
  readonly of: string;
  /** Shape of one row. */
  readonly shape: readonly number[];
}

/** What each program takes and gives. All take the parameters they use. */
export interface ArtifactPrograms {
  /** (parameters, state, data, noise) → loss, gradients, next state, terms and signal statistics */
  readonly gradient: Program;
  /**
   * (parameters, data, noise) → `log_weight` per row, or `cost` per row where the objective is a cost. The output `total` is the log of
   * the importance weight, or of the mean of k weights under `iwae(k)`; where its mean is not the bound, the bound's term is the output `bound`.
   */
  readonly evaluate: Program;
  /** (parameters, given data, noise) → a `sample` and a `mean` of every site of the model, from the prior */
  readonly sample: Program;
  /** (parameters, data, noise) → a `sample` and a `mean` of every latent site, as in training */
  readonly posterior: Program;
  /** like `gradient`, with drawn latents, further draws and row weights as inputs, and `log_probability` (of the latents, and of each site's further draws) and `cost` per row */
  readonly configuration: Program;
  /** (parameters, data, latents, weights) → the exact expected cost over the given configurations as loss, with its gradients */
  readonly enumeration: Program;
  /** (parameters, state, data, noise) → `site_gradient`, `site_score` and `site_cost` of every latent site, per row */
  readonly profile: Program;
}

export interface Artifact {
  readonly format: typeof ARTIFACT_FORMAT;
  readonly version: typeof ARTIFACT_VERSION;
  readonly name: string;
  readonly doc: string | undefined;
  readonly source: ArtifactSource;
  readonly constants: Readonly<Record<string, number>>;
  readonly data: readonly DataPort[];
  readonly parameters: readonly ParameterInfo[];
  readonly state: readonly StateInfo[];
  readonly sites: readonly SiteInfo[];
  readonly draws: readonly DrawInfo[];
  readonly objective: Objective;
  readonly train: TrainDefaults;
  readonly programs: ArtifactPrograms;
}
