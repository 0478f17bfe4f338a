/** The reference interpreter: the meaning of a program, in float64, one kernel after the other. */
import { at, ProgramError } from './errors.js';
import type { ReferenceTensor } from './ops/definition.js';
import { evaluateInstruction } from './ops/index.js';
import { elementCount } from './ops/strides.js';
import { portKey, type Input, type PortKey, type Program } from './program.js';
import { formatShape, resolveShape } from './shape.js';

/**
 * Runs a verified program. `inputs` must hold every input of the program in its shape at this batch
 * size, e.g. `[batch, 784]` for `[B, 784]`; inputs that the program does not have are ignored.
 * `batch` is the number of rows, B. Returns every output under its port key, e.g. `gradient:w`.
 * @throws ProgramError naming the port when an input is missing or has another shape.
 */
export function interpretProgram(
  program: Program,
  inputs: ReadonlyMap<PortKey, ReferenceTensor>,
  batch: number,
): Map<PortKey, ReferenceTensor> {
  if (!Number.isSafeInteger(batch) || batch < 0) {
    throw new ProgramError(`the batch size must be a whole number of at least 0, not ${String(batch)}`, program.name);
  }
  const values = program.inputs.map((input) => takeInput(input, inputs, batch));
  for (const instruction of program.instructions) {
    const operands = instruction.args.map((arg) => at(values, arg));
    const shape = resolveShape(instruction.shape, batch);
    values.push({ shape, values: evaluateInstruction(instruction, operands, shape, batch) });
  }
  return new Map(program.outputs.map((output) => [portKey(output), at(values, output.value)]));
}

function takeInput(input: Input, inputs: ReadonlyMap<PortKey, ReferenceTensor>, batch: number): ReferenceTensor {
  const key = portKey(input);
  const shape = resolveShape(input.shape, batch);
  const wanted = `${formatShape(shape)}, which is ${formatShape(input.shape)} at B = ${String(batch)}`;
  const given = inputs.get(key);
  if (given === undefined) throw new ProgramError(`the input is missing; it has shape ${wanted}`, `input ${key}`);
  if (given.shape.length !== shape.length || given.shape.some((length, axis) => length !== shape[axis])) {
    throw new ProgramError(`the shape is ${formatShape(given.shape)} and must be ${wanted}`, `input ${key}`);
  }
  const count = elementCount(shape);
  if (given.values.length !== count) {
    const found = `${String(given.values.length)} values for shape ${formatShape(shape)}, which has ${String(count)}`;
    throw new ProgramError(found, `input ${key}`);
  }
  return given;
}
