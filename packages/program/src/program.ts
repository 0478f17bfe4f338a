/**
 * The program: a flat list of single-assignment instructions over dense real tensors. It is pure
 * data, so it prints, reads, verifies and runs the same everywhere. All values are real numbers;
 * truth values are 0 and 1.
 *
 * The meaning of every operation is its float64 kernel in `ops/`, and nothing else.
 */
import type { Shape, Dim } from './shape.js';

/** Values are numbered in order of definition: first the inputs, then the instructions. */
export type ValueId = number;

type None = Readonly<Record<never, never>>;

/** How many operands an operation takes; `many` is one or more. */
type Nullary = readonly [];
type Unary = readonly [ValueId];
type Binary = readonly [ValueId, ValueId];
type Ternary = readonly [ValueId, ValueId, ValueId];
type Many = readonly ValueId[];

/** Element by element, without attributes. */
export type UnaryKind =
  | 'negate'
  | 'reciprocal'
  | 'exp'
  | 'log'
  | 'log1p'
  | 'expm1'
  | 'sqrt'
  | 'square'
  | 'abs'
  | 'sign'
  | 'step'
  | 'sin'
  | 'cos'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'softplus'
  | 'identity'
  | 'stop_gradient';

/** Element by element with numpy broadcasting, without attributes. */
export type BinaryKind =
  'add' | 'subtract' | 'multiply' | 'divide' | 'power' | 'maximum' | 'minimum' | 'less' | 'less_equal' | 'equal';

/** Every operation, with its operands and its attributes. A table over `OpKind` has a row for each. */
export type OpTable = Readonly<
  Record<UnaryKind, { args: Unary; attributes: None }> &
    Record<BinaryKind, { args: Binary; attributes: None }> & {
      /** `values` in row-major order, or a single value that fills the shape. */
      constant: { args: Nullary; attributes: { readonly shape: Shape; readonly values: readonly number[] } };
      /** The number `B` as a scalar. */
      batch_size: { args: Nullary; attributes: None };
      /** `condition ≠ 0 ? a : b`, element by element, with broadcasting. */
      select: { args: Ternary; attributes: None };
      /** Sum over `axes`, which stay as axes of 1 when `keep` is set. A sum over nothing is 0. */
      sum: { args: Unary; attributes: { readonly axes: readonly number[]; readonly keep: boolean } };
      /** Largest element over `axes`; −∞ over an empty axis. */
      max: { args: Unary; attributes: { readonly axes: readonly number[]; readonly keep: boolean } };
      /** `[m, k] · [k, n]`, or `[b, m, k] · [b, k, n]`. */
      matmul: { args: Binary; attributes: None };
      transpose: { args: Unary; attributes: { readonly permutation: readonly number[] } };
      reshape: { args: Unary; attributes: { readonly shape: Shape } };
      /** Stretches axes of 1, and adds leading axes, to reach `shape`. */
      broadcast: { args: Unary; attributes: { readonly shape: Shape } };
      concat: { args: Many; attributes: { readonly axis: number } };
      slice: { args: Unary; attributes: { readonly begin: readonly Dim[]; readonly size: readonly Dim[] } };
      /** Zeros around the operand: `before[axis]` in front of it and `after[axis]` behind it. */
      pad: { args: Unary; attributes: { readonly before: readonly Dim[]; readonly after: readonly Dim[] } };
      /** One-hot vector of the largest element on the last axis (the first of equals). */
      one_hot_argmax: { args: Unary; attributes: None };
      /** A count from a uniform and the parameters ℓ and b of Panjer's class, element by element, with broadcasting. */
      count_quantile: { args: Ternary; attributes: None };
      /** The derivative of this order of δ(x) = log Γ(x) − (x − ½) log x + x − ½ log 2π, element by element; NaN for x < 0. */
      stirling_remainder: { args: Unary; attributes: { readonly order: number } };
      /** A number from a uniform and the shape of a gamma distribution of rate 1, element by element, with broadcasting. */
      gamma_quantile: { args: Binary; attributes: None };
      /** A number from a uniform and the parameters a and b of a beta distribution, likewise. */
      beta_quantile: { args: Ternary; attributes: None };
      /** Failures before the r-th success from a uniform, r, and the odds of a failure, likewise. */
      negative_binomial_quantile: { args: Ternary; attributes: None };
      /** Counts of classes on the last axis from uniforms, probabilities and a number of trials, with broadcasting. */
      multinomial_draw: { args: Ternary; attributes: None };
    }
>;

export type OpKind = keyof OpTable;
export type ArgsOf<K extends OpKind> = OpTable[K]['args'];
export type AttributesOf<K extends OpKind> = OpTable[K]['attributes'];

export interface InstructionOf<K extends OpKind> {
  readonly id: ValueId;
  readonly kind: K;
  readonly args: ArgsOf<K>;
  readonly attributes: AttributesOf<K>;
  /** Follows from the operands and attributes; stored so that readers and engines need not infer it. */
  readonly shape: Shape;
  /** What the instruction is for, e.g. `h1`, `h1.rollout`: kept through passes, shown by the printer. */
  readonly origin: string | undefined;
}

/** A union over all operations, so that a `switch` on `kind` narrows operands and attributes. */
export type Instruction = { readonly [K in OpKind]: InstructionOf<K> }[OpKind];

/** What an input means to whoever runs the program. */
export type InputRole =
  | /** a trained tensor */ 'parameter'
    /** carried from step to step, e.g. the running mean of a learning signal */
  | 'state'
  /** rows of a data set, `[B, …]` */
  | 'data'
  /** independent uniforms in (0, 1), `[B, …]`, one tensor per site */
  | 'noise'
  /** the value of a latent site given from outside, `[B, …]` */
  | 'latent'
  /** the weight of each row in the sums over rows, `[B]` */
  | 'weight'
  /** a number of the optimiser, e.g. the learning rate */
  | 'hyper';

export interface Input {
  readonly id: ValueId;
  readonly role: InputRole;
  /** Unique within the role. */
  readonly name: string;
  readonly shape: Shape;
}

export type OutputRole =
  | /** objective to be minimised, averaged (or weighted) over rows, scalar */ 'loss'
    /** derivative of the loss with respect to the parameter of this name */
  | 'gradient'
  /** next value of the state of this name */
  | 'state'
  /** next value of the parameter of this name */
  | 'parameter'
  /** the sum of the next value of the parameter of this name: finite only if all of it is, scalar */
  | 'parameter_sum'
  /** mean over rows of one term of the loss, scalar, named by site */
  | 'term'
  /** mean over rows of a site's learning signal after centring, scalar */
  | 'signal_mean'
  /** mean over rows of the square of a site's learning signal after centring, scalar */
  | 'signal_square'
  /** per row, `[B]`: log weight of the drawn sample, whose mean is the bound */
  | 'log_weight'
  /** per row, `[B]`: log probability of the latents under what they are drawn from */
  | 'log_probability'
  /** per row, `[B]`: the cost */
  | 'cost'
  /** the drawn value of the site of this name, `[B, …]` */
  | 'sample'
  /** the mean of the site of this name given its sampled parents, `[B, …]` */
  | 'mean'
  /** per row, `[B, n]`: the site's part of the gradient, by its distribution's own `n` parameters at the sampled parents */
  | 'site_gradient'
  /** per row, `[B, n]`: ∂ log p(drawn value | sampled parents) by the same parameters */
  | 'site_score'
  /** per row, `[B]`: the sum of the cost terms that the site influences */
  | 'site_cost';

export interface Output {
  readonly role: OutputRole;
  readonly name: string;
  readonly value: ValueId;
}

export interface Program {
  readonly name: string;
  readonly inputs: readonly Input[];
  readonly instructions: readonly Instruction[];
  readonly outputs: readonly Output[];
}

/** `role:name`, the key under which inputs are given and outputs are returned. */
export type PortKey = `${InputRole | OutputRole}:${string}`;

export function portKey(port: { readonly role: InputRole | OutputRole; readonly name: string }): PortKey {
  return `${port.role}:${port.name}`;
}
