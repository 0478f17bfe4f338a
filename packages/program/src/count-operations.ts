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
  const shapes = new Map<ValueId, Shape>();
  for (const { id, shape } of [...program.inputs, ...program.instructions]) shapes.set(id, shape);
  let fixed = 0;
  let perRow = 0;
  for (const instruction of program.instructions) {
    const operands = instruction.args.map((arg) => shapes.get(arg) ?? []);
    const { coefficient, power } = countInstruction(instruction, operands);
    if (power === 0) fixed += coefficient;
    else perRow += coefficient;
  }
  return { fixed, perRow };
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
  return isElementwise(kind) ? countElements(shape) : { coefficient: 0, power: 0 };
}
