/** What an operation is: how its shape follows, how it is differentiated, and what it computes. */
import type { ProgramBuilder } from '../builder.js';
import type { ArgsOf, AttributesOf, InstructionOf, OpKind, ValueId } from '../program.js';
import type { Shape } from '../shape.js';

/** A dense float64 tensor of the reference interpreter, row-major. */
export interface ReferenceTensor {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/**
 * How an operation behaves between the points of a discrete support, which decides whether a site
 * whose value reaches a cost through it can be relaxed to its mean.
 * - `smooth`: differentiable everywhere on its domain.
 * - `kinked`: continuous, differentiable almost everywhere (`relu`, `abs`, `max`).
 * - `flat`: derivative zero or undefined (`less`, `step`, `one_hot_argmax`, `stop_gradient`).
 */
export type Smoothness = 'smooth' | 'kinked' | 'flat';

export interface OpDefinition<K extends OpKind> {
  readonly smoothness: Smoothness;
  /** The result's shape, or in words why the operands do not fit. */
  readonly shape: (operands: readonly Shape[], attributes: AttributesOf<K>) => Shape | string;
  /**
   * Adjoints of the operands, given the adjoint of the result (of the result's shape), in the
   * operands' shapes; `undefined` where the derivative is zero everywhere. Emits into `builder`,
   * where `instruction` already stands. Only called for operands that `wanted` asks for.
   */
  readonly derive: (
    builder: ProgramBuilder,
    instruction: InstructionOf<K>,
    adjoint: ValueId,
    wanted: readonly boolean[],
  ) => readonly (ValueId | undefined)[];
  /** The semantics. `shape` is the result's, with the batch size filled in. */
  readonly evaluate: (
    operands: readonly ReferenceTensor[],
    attributes: AttributesOf<K>,
    shape: readonly number[],
    batch: number,
  ) => Float64Array;
}

/** Kept so that a definition can name the operand tuple it was written for. */
export type Operands<K extends OpKind> = ArgsOf<K>;
