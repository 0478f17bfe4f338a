/** How much arithmetic a program is: what a cost model, and `sbnc explain`, go by. */
import { isElementwise } from './ops/index.js';
import { at } from './errors.js';
import type { Instruction, Program, ValueId } from './program.js';
import { countElements, type Shape } from './shape.js';

/** Floating-point operations: `fixed + perRow · B`. A multiplication and an addition are two; layout is free. */
export interface OperationCount {
  readonly fixed: number;
  readonly perRow: number;
}

/** Sums over all instructions; an instruction whose cost grows with B² counts as at B = 1. */
export function countOperations(program: Program): OperationCount {
  return countByPass(program).reduce(
    (sum, { fixed, perRow }) => ({ fixed: sum.fixed + fixed, perRow: sum.perRow + perRow }),
    { fixed: 0, perRow: 0 },
  );
}

export interface PassCount extends OperationCount {
  /** As instructions are marked with it: `rollout(h1)`, `trunk`; `sampled` for all that is of no other pass. */
  readonly pass: string;
}

/** The name of a pass in the origin of an instruction: `rollout(h1)` in `x.rollout(h1).backward`. */
const PASS_NAME = /(?:^|\.)(trunk|[a-z]\w*\([^()]*\))(?=\.|$)/;

/** The same by the pass that the instructions were emitted for, with its backward pass, in order of their appearance. */
export function countByPass(program: Program): readonly PassCount[] {
  const counts = new Map<string, { fixed: number; perRow: number }>([['sampled', { fixed: 0, perRow: 0 }]]);
  const shapes = new Map<ValueId, Shape>();
  for (const { id, shape } of [...program.inputs, ...program.instructions]) shapes.set(id, shape);
  for (const instruction of program.instructions) {
    const operands = instruction.args.map((arg) => shapes.get(arg) ?? []);
    const { coefficient, power } = countInstruction(instruction, operands);
    const pass = PASS_NAME.exec(instruction.origin ?? '')?.[1] ?? 'sampled';
    const count = counts.get(pass) ?? { fixed: 0, perRow: 0 };
    counts.set(pass, count);
    if (power === 0) count.fixed += coefficient;
    else count.perRow += coefficient;
  }
  return [...counts].map(([pass, count]) => ({ pass, ...count }));
}

function countInstruction(
  { kind, shape }: Instruction,
  operands: readonly Shape[],
): { readonly coefficient: number; readonly power: number } {
  if (kind === 'matmul') {
    // Every element of the result is a sum over the inner axis.
    const left = at(operands, 0);
    const { coefficient, power } = countElements([...shape, ...left.slice(-1)]);
    return { coefficient: 2 * coefficient, power };
  }
  if (kind === 'sum' || kind === 'max' || kind === 'one_hot_argmax') return countElements(at(operands, 0));
  if (kind === 'multinomial_draw') return countElements(shape);
  return isElementwise(kind) ? countElements(shape) : { coefficient: 0, power: 0 };
}
