import type { Input, Instruction, Output, Program, ValueId } from './program.js';
import { renumberInstruction } from './renumber.js';

/** A 1 for each value, by its number, that an output depends on. */
export function findNeeded(program: Program): Uint8Array {
  const needed = new Uint8Array(program.inputs.length + program.instructions.length);
  for (const { value } of program.outputs) needed[value] = 1;
  for (let index = program.instructions.length - 1; index >= 0; index -= 1) {
    const instruction = program.instructions[index];
    if (instruction === undefined || needed[instruction.id] !== 1) continue;
    for (const arg of instruction.args) needed[arg] = 1;
  }
  return needed;
}

/** Leaves out instructions and inputs that no output depends on. */
export function removeDeadCode(program: Program): Program {
  const needed = findNeeded(program);
  if (!needed.includes(0)) return program;
  const numbers = new Int32Array(needed.length);
  let count = 0;
  const numberOf = (value: ValueId): ValueId => numbers[value] ?? value;
  const inputs: Input[] = [];
  for (const input of program.inputs) {
    if (needed[input.id] !== 1) continue;
    numbers[input.id] = count;
    inputs.push({ ...input, id: count });
    count += 1;
  }
  const instructions: Instruction[] = [];
  for (const instruction of program.instructions) {
    if (needed[instruction.id] !== 1) continue;
    numbers[instruction.id] = count;
    instructions.push(renumberInstruction(instruction, count, numberOf));
    count += 1;
  }
  const outputs = program.outputs.map((output): Output => ({ ...output, value: numberOf(output.value) }));
  return { ...program, inputs, instructions, outputs };
}
