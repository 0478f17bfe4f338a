/** Writes a program as text, one value a line; `readProgram` is its inverse. */
import { printAttributes, shapeText } from './attribute-text.js';
import type { Instruction, Program } from './program.js';

/**
 * The same text for the same program, always. Numbers are written so that they read back exactly,
 * −0, infinities and NaN included. Requires a program that `verifyProgram` accepts.
 */
export function printProgram(program: Program): string {
  return `${printProgramLines(program).join('\n')}\n`;
}

/** The lines of `printProgram`. */
export function printProgramLines(program: Program): string[] {
  return [
    `program ${/^[A-Za-z_][\w.-]*$/.test(program.name) ? program.name : JSON.stringify(program.name)}`,
    ...program.inputs.map(
      ({ id, role, name, shape }) =>
        `  input %${String(id)} ${role} ${JSON.stringify(name)} : ${shapeText.print(shape)}`,
    ),
    ...program.instructions.map((instruction) => `  ${printInstruction(instruction)}`),
    ...program.outputs.map(({ role, name, value }) => `  output ${role} ${JSON.stringify(name)} %${String(value)}`),
  ];
}

/** One instruction, e.g. `%6 = sum %5 {axes: [1], keep: false} : [B]  # h1.rollout`. */
export function printInstruction(instruction: Instruction): string {
  const { id, kind, args, shape, origin } = instruction;
  const operation = [kind, ...args.map((arg) => `%${String(arg)}`), printAttributes(instruction)];
  const comment = origin === undefined ? '' : `  # ${origin}`;
  return `%${String(id)} = ${operation.filter((part) => part !== '').join(' ')} : ${shapeText.print(shape)}${comment}`;
}
