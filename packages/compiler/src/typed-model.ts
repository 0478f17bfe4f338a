/**
 * The typed model: what the file means. Names are resolved, constants folded, loops unrolled,
 * functions inlined, layers replaced by the parameters and operations they stand for; every
 * expression has an element kind and a shape; every sample site has an id that is never renamed.
 *
 * Shapes here are those of one element of one row: the batch axis is a flag (`batched`), plates are a list, and neither is an axis.
 */
import type { SourceFile, SourceSet, Span } from '@sbn/dsl';
import type { BinaryKind, ElementKind, Initializer, TrainDefaults, UnaryKind } from '@sbn/program';
import type { DistributionName } from './distributions/index.js';

/** `plate i in N { … }` as it was entered once; two are the same plate only if they are the same object. */
export interface Plate {
  readonly variable: string;
  readonly size: number;
  /** How many plates are around it. */
  readonly depth: number;
}

export interface ValueType {
  readonly element: ElementKind;
  /** Shape of one row's value; in a plate, of one element's. */
  readonly shape: readonly number[];
  /** Whether rows differ: true for data, for sample sites and for all that is computed from them. */
  readonly batched: boolean;
  /** Plates in whose elements it differs, outermost first: none outside of plates. */
  readonly plates: readonly Plate[];
}

/** Element-wise functions of one value; each is the program operation of the same name. */
export type UnaryOperation = Exclude<UnaryKind, 'identity' | 'stop_gradient'>;

export type ReductionName = 'sum' | 'mean' | 'max' | 'logsumexp' | 'prod' | 'var' | 'std';

export type SpecialName = 'lgamma' | 'digamma' | 'logaddexp';

export type Operation =
  | { readonly kind: 'unary'; readonly name: UnaryOperation }
  /** Element-wise, with numpy broadcasting of the rows' shapes. */
  | { readonly kind: 'binary'; readonly name: BinaryKind }
  /** Over `axes` of one row, which disappear. */
  | { readonly kind: 'reduce'; readonly name: ReductionName; readonly axes: readonly number[] }
  /** Sums of all elements up to each, along one axis. */
  | { readonly kind: 'cumsum'; readonly axis: number }
  /** Along the last axis. */
  | { readonly kind: 'normalize'; readonly name: 'softmax' | 'log_softmax' | 'standardize' }
  /** Element-wise functions that take several program operations, with numpy broadcasting. */
  | { readonly kind: 'special'; readonly name: SpecialName }
  /**
   * Of an image `[height, width, channels]`, at `count` places `stride` apart in each direction, the `kernel · kernel` pixels from there
   * on: `[…count, kernel · kernel · channels]`. The first place is `before` pixels before the image; outside of it there are zeros.
   */
  | {
      readonly kind: 'patches';
      readonly kernel: number;
      readonly stride: number;
      readonly before: readonly [number, number];
      readonly count: readonly [number, number];
    }
  /** Numpy's `@` for operands of one or two axes. */
  | { readonly kind: 'matmul' }
  | { readonly kind: 'reshape'; readonly shape: readonly number[] }
  | { readonly kind: 'transpose'; readonly permutation: readonly number[] }
  | { readonly kind: 'concat'; readonly axis: number }
  /** Per axis `size` entries from `begin` on, each `step` behind the last, or before it; axes in `drop` (of size 1 by then) disappear. */
  | {
      readonly kind: 'slice';
      readonly begin: readonly number[];
      readonly size: readonly number[];
      readonly step: readonly number[];
      readonly drop: readonly number[];
    }
  /** `x[…, i, …]` with the variable of a plate: the axis becomes the elements of the plate. */
  | { readonly kind: 'element'; readonly plate: Plate; readonly axis: number }
  /** Indexing of the first axis of the first operand by the one-hot last axis of the second: `Σ_k onehot_k · table[k, …]`. */
  | { readonly kind: 'contract' }
  /** `args[0] · args[1] + (1 − args[0]) · args[2]`: `if` on a binary value. */
  | { readonly kind: 'mix' }
  /** `args[0] ≠ 0 ? args[1] : args[2]`, for an `args[0]` without a slope. */
  | { readonly kind: 'select' }
  /** The value, through which no derivative passes. */
  | { readonly kind: 'detach' };

export type TypedExpression = { readonly type: ValueType; readonly span: Span } & (
  | { readonly kind: 'number'; readonly value: number }
  /** Numbers known at compile time, row-major in `type.shape`. */
  | { readonly kind: 'array'; readonly values: readonly number[] }
  | { readonly kind: 'data'; readonly name: string }
  | { readonly kind: 'parameter'; readonly name: string }
  /** The value of a sample site of the same block. */
  | { readonly kind: 'site'; readonly id: string }
  /** The value of an earlier `let` of the same block. */
  | { readonly kind: 'binding'; readonly id: string }
  | { readonly kind: 'apply'; readonly operation: Operation; readonly args: readonly TypedExpression[] }
);

/** What `via` or `estimator` asked for. Option values are numbers, names or `true`-like names as written. */
export interface EstimatorRequest {
  readonly name: string;
  readonly options: ReadonlyMap<string, OptionValue>;
  /** Options without a name, in order: `rloo(4)`. */
  readonly positional: readonly OptionValue[];
  readonly span: Span;
}

export interface OptionValue {
  readonly value: number | string;
  readonly span: Span;
}

export interface TypedSite {
  readonly kind: 'site';
  /** `h1`, `h[2]`; for an observed site the data name. */
  readonly id: string;
  readonly role: 'latent' | 'observed';
  readonly block: 'model' | 'guide';
  readonly distribution: DistributionName;
  /** By parameter name, exactly one parameterisation of the distribution: `{ logits }` or `{ loc, scale }`. */
  readonly parameters: Readonly<Record<string, TypedExpression>>;
  /** Of the value as a whole: in plates, their sizes are its first axes. */
  readonly type: ValueType;
  /** The plates that it is in, outermost first. */
  readonly plates: readonly Plate[];
  /** The largest value that it can have, for counts that end. */
  readonly largest: number | undefined;
  readonly via: EstimatorRequest | undefined;
  /** The name on the left. */
  readonly span: Span;
  readonly distributionSpan: Span;
  readonly doc: string | undefined;
}

export interface TypedBinding {
  readonly kind: 'binding';
  /** Unique in its block. */
  readonly id: string;
  readonly value: TypedExpression;
  readonly span: Span;
}

export type TypedStatement = TypedSite | TypedBinding;

export interface TypedParameter {
  /** `mu` for a `param`; `model.h1.dense.weight` for one that a layer owns. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  readonly span: Span;
}

export interface TypedData {
  readonly name: string;
  readonly element: ElementKind;
  /** Shape of one row; a one-hot value ends in its axis of classes. */
  readonly shape: readonly number[];
  readonly span: Span;
  readonly doc: string | undefined;
}

export type TypedObjective =
  /** `maximize elbo`, `maximize likelihood`, `maximize iwae(5)`; `draws` is how many values of the latents each row has: 1 but for the last. */
  | {
      readonly kind: 'bound';
      readonly name: 'elbo' | 'likelihood' | 'iwae';
      readonly draws: number;
      readonly span: Span;
    }
  /** Any expression over the model's sites, a scalar per row. */
  | {
      readonly kind: 'cost';
      readonly direction: 'maximize' | 'minimize';
      readonly value: TypedExpression;
      readonly span: Span;
    };

/** k of `iwae(k)`; `undefined` where each row has one draw, and no axis for it. */
export function drawsPerRow(objective: TypedObjective): number | undefined {
  return objective.kind === 'bound' && objective.name === 'iwae' ? objective.draws : undefined;
}

export interface TypedModel {
  /** The file's name without folder and `.sbn`. */
  readonly name: string;
  readonly doc: string | undefined;
  readonly source: SourceFile;
  /** What spans point into: the file, and those that it imports. */
  readonly sources: SourceSet;
  /** With `--set` applied. */
  readonly constants: Readonly<Record<string, number>>;
  readonly data: readonly TypedData[];
  readonly parameters: readonly TypedParameter[];
  /** In order of execution: a value is defined before it is used. */
  readonly model: readonly TypedStatement[];
  readonly guide: readonly TypedStatement[] | undefined;
  readonly objective: TypedObjective;
  /** The estimator of sites without a `via`. */
  readonly estimator: EstimatorRequest | undefined;
  readonly train: TrainDefaults;
}
