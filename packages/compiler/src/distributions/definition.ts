/**
 * What a distribution must say of itself. Everything is per row with a leading batch axis: a
 * parameter arrives as `[B, …]` or, where rows share it, without `B`; a value is `[B, …]`.
 */
import type { ElementKind, ProgramBuilder, Shape, ValueId } from '@sbn/program';

export type ParameterValues = Readonly<Record<string, ValueId>>;

/** One way to write a distribution's parameters, e.g. `logits` or `probs`; `normal` has `loc, scale`. */
export interface Parameterization {
  readonly names: readonly string[];
}

export interface Distribution {
  /** Tried in order; positional arguments fill the first. */
  readonly parameterizations: readonly Parameterization[];
  /** The kind of value, given the shape of one row's (broadcast) parameters. */
  readonly support: (parameterShape: readonly number[]) => ElementKind;
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
}
