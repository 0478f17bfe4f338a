/**
 * Which values are needed to a relative accuracy, however small they are. For all others an error of 2e-7 is one of rounding: float32
 * makes it anyway where a probability is near 1, so that whoever can do with it there can do with it near 0 as well.
 */
import {
  at,
  type Instruction,
  type OpKind,
  type Output,
  type OutputRole,
  type Program,
  type ValueId,
} from '@sbn/program';
import { isLargerProbability, type Defined } from './rules/probability.js';

/**
 * What an operation makes of a small error in an operand. `enlarged`: something large, as a logarithm near 0 does. `kept`: a small error,
 * or the same relative one; the operand is needed as the result is. `hidden`: a small relative error, however small the operand.
 */
type Effect = 'enlarged' | 'kept' | 'hidden';

/** Of an operation whose effect depends on its operands: on the one at `place`. */
type EffectOf = (values: Definitions, args: readonly ValueId[], place: number) => Effect;

const EFFECTS: { readonly [K in OpKind]: Effect | EffectOf } = {
  constant: 'hidden',
  batch_size: 'hidden',
  identity: 'kept',
  stop_gradient: 'kept',
  negate: 'kept',
  abs: 'kept',
  square: 'kept',
  relu: 'kept',
  expm1: 'kept',
  sin: 'kept',
  tanh: 'kept',
  exp: 'hidden',
  cos: 'hidden',
  sigmoid: 'hidden',
  softplus: 'hidden',
  reciprocal: 'enlarged',
  log: (values, [x]) => (isLargerProbability(values.defined(x), values.operandsOf) ? 'hidden' : 'enlarged'),
  log1p: 'enlarged',
  sqrt: (values, [x]) => (isSumOfSquares(values, x) ? 'kept' : 'enlarged'),
  sign: 'enlarged',
  step: 'enlarged',
  add: 'kept',
  subtract: 'kept',
  multiply: 'kept',
  divide: (_, __, place) => (place === 0 ? 'kept' : 'enlarged'),
  power: 'enlarged',
  maximum: (values, args, place) => (values.least(args[1 - place]) >= FAR_ABOVE ? 'hidden' : 'kept'),
  minimum: 'kept',
  less: comparison,
  less_equal: comparison,
  equal: 'enlarged',
  select: (_, __, place) => (place === 0 ? 'enlarged' : 'kept'),
  sum: 'kept',
  max: 'kept',
  matmul: 'kept',
  transpose: 'kept',
  reshape: 'kept',
  broadcast: 'kept',
  concat: 'kept',
  slice: 'kept',
  pad: 'kept',
  one_hot_argmax: 'enlarged',
  stirling_remainder: 'enlarged',
  count_quantile: 'enlarged',
  gamma_quantile: 'enlarged',
  beta_quantile: 'enlarged',
  negative_binomial_quantile: 'enlarged',
  multinomial_draw: 'enlarged',
};

/** Whether a small number in an output is read as one: a probability is, what adds up terms or steps is not. */
const IS_READ: Readonly<Record<OutputRole, boolean>> = {
  loss: false,
  gradient: false,
  state: false,
  parameter: false,
  parameter_sum: false,
  term: false,
  signal_mean: false,
  signal_square: false,
  log_weight: false,
  log_probability: true,
  cost: true,
  sample: true,
  mean: true,
  site_gradient: true,
  site_score: true,
  site_cost: true,
};

/**
 * By value, a 1 where small numbers need their digits. `isHidden` says of which outputs it is known that they need none.
 *
 * What is added to something made of a state of training needs none: a square to an average over steps, a step to a parameter, and a
 * learning signal less its average.
 */
export function findNeededDigits(program: Program, isHidden: (output: Output) => boolean = () => false): Uint8Array {
  const { inputs, instructions, outputs } = program;
  const needed = new Uint8Array(inputs.length + instructions.length);
  const isOfTraining = findTraining(program);
  const values = new Definitions(program);
  for (const output of outputs) if (IS_READ[output.role] && !isHidden(output)) needed[output.value] = 1;
  for (const { id, kind, args } of instructions.toReversed()) {
    if ((kind === 'add' || kind === 'subtract') && args.some((arg) => isOfTraining[arg] === 1)) continue;
    const own = EFFECTS[kind];
    args.forEach((arg: ValueId, place) => {
      const effect = typeof own === 'string' ? own : own(values, args, place);
      if (effect === 'enlarged' || (effect === 'kept' && needed[id] === 1)) needed[arg] = 1;
    });
  }
  return needed;
}

/** A 1 for what depends on a state or a number of the optimiser. */
function findTraining({ inputs, instructions }: Program): Uint8Array {
  const found = new Uint8Array(inputs.length + instructions.length);
  for (const { id, role } of inputs) if (role === 'state' || role === 'hyper') found[id] = 1;
  for (const { id, args } of instructions) if (args.some((arg) => found[arg] === 1)) found[id] = 1;
  return found;
}

/** What computes the values of a program. */
class Definitions {
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  /** Undefined for an input. */
  of(value: ValueId | undefined): Instruction | undefined {
    return value === undefined ? undefined : this.#program.instructions[value - this.#program.inputs.length];
  }

  defined(value: ValueId | undefined): Defined {
    return { instruction: this.of(value) };
  }

  readonly operandsOf = ({ args }: Instruction): readonly Defined[] => args.map((arg) => this.defined(arg));

  /** The least element of a constant; NaN for all else. */
  least(value: ValueId | undefined): number {
    const definition = this.of(value);
    return definition?.kind === 'constant' ? Math.min(...definition.attributes.values) : NaN;
  }

  isNoise(value: ValueId): boolean {
    return this.#program.inputs[value]?.role === 'noise';
  }
}

/** A maximum with a number from here on hides what those far below it have lost. */
const FAR_ABOVE = 1e-3;

/** Among draws, one in five million comes out otherwise. */
function comparison(values: Definitions, args: readonly ValueId[], place: number): Effect {
  return isUniform(values, at(args, 1 - place)) ? 'hidden' : 'enlarged';
}

/** Whether a value is noise, or 1 less noise, moved about. */
function isUniform(values: Definitions, value: ValueId): boolean {
  const definition = values.of(value);
  switch (definition?.kind) {
    case undefined:
      return values.isNoise(value);
    case 'reshape':
    case 'slice':
    case 'broadcast':
    case 'transpose':
      return isUniform(values, definition.args[0]);
    case 'subtract':
      return values.least(definition.args[0]) === 1 && isUniform(values, definition.args[1]);
    default:
      return false;
  }
}

/** A squared length: the error of its root is no larger than that of what is squared. */
function isSumOfSquares(values: Definitions, value: ValueId | undefined): boolean {
  const open = [value];
  const seen = new Set(open);
  for (const next of open) {
    const definition = values.of(next);
    if (definition?.kind === 'square') continue;
    if (definition?.kind !== 'add' && definition?.kind !== 'sum') return false;
    for (const arg of definition.args) {
      if (!seen.has(arg)) open.push(arg);
      seen.add(arg);
    }
  }
  return true;
}
