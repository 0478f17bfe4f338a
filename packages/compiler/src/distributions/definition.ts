/**
 * What a distribution must say of itself. Everything is per row with a leading batch axis: a
 * parameter arrives as `[B, …]` or, where rows share it, without `B`; a value is `[B, …]`.
 */
import {
  InternalError,
  type DataRange,
  type ElementKind,
  type ProgramBuilder,
  type Shape,
  type ValueId,
} from '@sbn/program';

export type ParameterValues = Readonly<Record<string, ValueId>>;

/** One way to write a distribution's parameters, e.g. `logits` or `probs`; `normal` has `loc, scale`. */
export interface Parameterization {
  readonly names: readonly string[];
}

/**
 * For an exponential family with a natural parameter η for each unit, log p(x) = η·x − A(η) + c(x): the score by η is
 * δ = x − E[x], and E[δ³]/E[δ²] = A‴/A″.
 */
export interface NaturalForm {
  readonly parameter: ValueId;
  /** E[δ³]/E[δ²] */
  readonly skew: ValueId;
}

export interface Distribution {
  /** Tried in order; positional arguments fill the first. */
  readonly parameterizations: readonly Parameterization[];
  /** The kind of value, given the shape of one row's (broadcast) parameters. */
  readonly support: (parameterShape: readonly number[]) => ElementKind;
  /** The parameter that is the largest value: a whole number of at least 1, known at compile time. `undefined` for values that do not end, or are no counts. */
  readonly largest: string | undefined;
  /** What it asks of data beyond their kind; what is found elsewhere is refused before it is judged to have no probability. */
  readonly range: DataRange;
  /** Whether a latent site may have it: there is a mean to relax the value to, and a way to draw it. */
  readonly latent: boolean;
  /** Number of trailing axes of a value that make one draw: 0 for a Bernoulli, 1 for a one-hot vector. */
  readonly eventAxes: 0 | 1;
  /**
   * log p of each unit: `[B, …]` → `[B, …]` without the event axes, broadcast as the operands are, extended smoothly
   * between the points of the support. Units are independent given the parameters.
   */
  readonly logProbability: (builder: ProgramBuilder, value: ValueId, parameters: ParameterValues) => ValueId;
  /** E[value], as `[B, …]` or, where rows share the parameters, without `B`. */
  readonly mean: (builder: ProgramBuilder, parameters: ParameterValues) => ValueId;
  /** A draw of shape `shape`, from uniforms in (0, 1) of the same shape. */
  readonly sample: (builder: ProgramBuilder, parameters: ParameterValues, noise: ValueId, shape: Shape) => ValueId;
  /** Its form as an exponential family, where it has one of a single number for each unit; with it the second order does more. */
  readonly natural: (builder: ProgramBuilder, parameters: ParameterValues) => NaturalForm | undefined;
}

/** A parameter that the parameterisation has. */
export function parameterOf(parameters: ParameterValues, name: string): ValueId {
  const value = parameters[name];
  if (value === undefined) throw new InternalError(`a distribution without ${name}`);
  return value;
}
