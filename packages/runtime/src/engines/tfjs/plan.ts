/**
 * A program at one batch size as a straight line of kernel calls: shapes resolved, each value
 * disposed of after its last use.
 */
import {
  at,
  findLastUses,
  portKey,
  resolveShape,
  type Instruction,
  type OpKind,
  type Output,
  type PortKey,
  type Program,
  type ValueId,
} from '@sbn/program';
import * as tf from '@tensorflow/tfjs-core';
import type { ConstantPool } from './constant-pool.js';
import { sizeOf, type Kernel, type KernelContext } from './kernel.js';
import { KERNELS } from './kernels.js';

interface Step {
  readonly kernel: Kernel;
  readonly args: readonly ValueId[];
  /** Values of earlier steps that nothing uses any more after this one. */
  readonly release: readonly ValueId[];
}

export interface Plan {
  readonly inputs: readonly { readonly key: PortKey; readonly shape: readonly number[] }[];
  readonly steps: readonly Step[];
  readonly outputs: readonly Output[];
}

/** Requires a verified program. Inputs are never released: they are the caller's. */
export function planProgram(program: Program, batch: number, constants: ConstantPool): Plan {
  const shapes = [...program.inputs, ...program.instructions].map(({ shape }) => resolveShape(shape, batch));
  const lastUse = findLastUses(program);
  const pure = new Set(program.instructions.filter(isConstantWithoutNaN).map(({ id }) => id));
  const steps = program.instructions.map((instruction): Step => {
    const release = new Set(
      [...instruction.args, instruction.id].filter((value) => lastUse.get(value) === instruction.id),
    );
    const operands = instruction.args.map((arg) => at(shapes, arg));
    const neverNaN = instruction.args.map((arg) => pure.has(arg));
    const context = {
      attributes: instruction.attributes,
      operands,
      shape: at(shapes, instruction.id),
      batch,
      neverNaN,
      constants,
    };
    return { kernel: makeKernel(instruction.kind, context), args: instruction.args, release: [...release] };
  });
  const inputs = program.inputs.map((input) => ({ key: portKey(input), shape: at(shapes, input.id) }));
  return { inputs, steps, outputs: program.outputs };
}

function isConstantWithoutNaN(instruction: Instruction): boolean {
  return instruction.kind === 'constant' && !instruction.attributes.values.some(Number.isNaN);
}

function makeKernel(kind: OpKind, context: KernelContext<OpKind>): Kernel {
  const { shape } = context;
  if (sizeOf(shape) === 0) return () => tf.zeros([...shape]);
  // The row and the attributes are of the same kind, which TypeScript cannot follow through the table.
  const factory = KERNELS[kind] as (context: KernelContext<OpKind>) => Kernel;
  return factory(context);
}

/** Runs the steps. `inputs` are in the order and shapes of the plan; the result holds new tensors, one per output. */
export function runPlan(plan: Plan, inputs: readonly tf.Tensor[]): readonly tf.Tensor[] {
  return tf.tidy(() => {
    const values = [...inputs];
    for (const { kernel, args, release } of plan.steps) {
      values.push(kernel(args.map((arg) => at(values, arg))));
      for (const value of release) at(values, value).dispose();
    }
    // A clone shares its values: an input that is returned, or a value returned twice, is disposed of apart.
    return plan.outputs.map(({ value }) => tf.clone(at(values, value)));
  });
}
