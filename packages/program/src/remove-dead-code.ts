import type { Input, Instruction, Output, Program, ValueId } from './program.js';

/** Leaves out instructions and inputs that no output depends on. */
export function removeDeadCode(program: Program): Program {
  const needed = new Set<ValueId>(program.outputs.map((output) => output.value));
  for (const instruction of program.instructions.toReversed()) {
    if (needed.has(instruction.id)) for (const arg of instruction.args) needed.add(arg);
  }
  const numbers = new Map<ValueId, ValueId>();
  const renumber = <T extends Input | Instruction>(definition: T): T => {
    const id = numbers.size;
    numbers.set(definition.id, id);
    return { ...definition, id };
  };
  const numberOf = (value: ValueId): ValueId => numbers.get(value) ?? value;
  const inputs = program.inputs.filter(({ id }) => needed.has(id)).map(renumber);
  const instructions = program.instructions
    .filter(({ id }) => needed.has(id))
    // The operands keep their number; only the numbers change.
    .map((instruction) => renumber({ ...instruction, args: instruction.args.map(numberOf) } as unknown as Instruction));
  const outputs = program.outputs.map((output): Output => ({ ...output, value: numberOf(output.value) }));
  return { ...program, inputs, instructions, outputs };
}
