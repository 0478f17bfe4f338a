/** Reads the text of a program, as `printProgram` writes it. */
import { readAttributes, shapeText } from './attribute-text.js';
import { at, ProgramError } from './errors.js';
import { LineCursor } from './line-cursor.js';
import { isOpKind } from './ops/index.js';
import type { Input, Instruction, Output, Program } from './program.js';
import { isInputRole, isOutputRole } from './roles.js';
import { findProblem, type Problem } from './verify.js';

/**
 * `readProgram(printProgram(p))` is deeply equal to `p`. Empty lines are skipped.
 * @throws ProgramError naming the line, for text that is not a program and for a program that breaks
 * a rule of `verifyProgram`.
 */
export function readProgram(text: string): Program {
  return readProgramLines(text.split(/\r?\n/));
}

/** Like `readProgram`, from lines. */
export function readProgramLines(lines: readonly string[]): Program {
  let name: string | undefined;
  const inputs: Input[] = [];
  const instructions: Instruction[] = [];
  const outputs: Output[] = [];
  const numbers: Readonly<Record<Problem['section'], number[]>> = { input: [], instruction: [], output: [] };
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const cursor = new LineCursor(line, index + 1);
    if (name === undefined) {
      name = readHeader(cursor);
    } else if (cursor.accept('input ')) {
      if (instructions.length + outputs.length > 0) outOfOrder('inputs come before instructions and outputs', index);
      inputs.push(readInput(cursor));
      numbers.input.push(index + 1);
    } else if (cursor.accept('output ')) {
      outputs.push(readOutput(cursor));
      numbers.output.push(index + 1);
    } else {
      if (outputs.length > 0) outOfOrder('instructions come before outputs', index);
      instructions.push(readInstruction(cursor));
      numbers.instruction.push(index + 1);
    }
    if (!cursor.atEnd) cursor.fail('the end of the line');
  }
  if (name === undefined) throw new ProgramError('expected a line such as "program gradient", found no text', 'line 1');
  const program: Program = { name, inputs, instructions, outputs };
  const problem = findProblem(program);
  if (problem !== undefined) {
    const line = at(numbers[problem.section], problem.index);
    throw new ProgramError(problem.message, `line ${String(line)}, ${problem.place}`);
  }
  return program;
}

function outOfOrder(rule: string, index: number): never {
  throw new ProgramError(rule, `line ${String(index + 1)}`);
}

function readHeader(cursor: LineCursor): string {
  cursor.expect('program ');
  const expected = 'the name of the program';
  return cursor.startsWith('"') ? cursor.string(expected) : cursor.match(/[A-Za-z_][\w.-]*/y, expected);
}

/** `%0 parameter "w" : [200, 784]`, behind `input`. */
function readInput(cursor: LineCursor): Input {
  const id = cursor.valueId();
  const role = cursor.word(isInputRole, 'the role of an input');
  const name = cursor.string('a name in double quotes');
  cursor.expect(':');
  return { id, role, name, shape: shapeText.read(cursor) };
}

/** `loss "total" %9`, behind `output`. */
function readOutput(cursor: LineCursor): Output {
  const role = cursor.word(isOutputRole, 'the role of an output');
  const name = cursor.string('a name in double quotes');
  return { role, name, value: cursor.valueId() };
}

/** `%6 = sum %5 {axes: [1], keep: false} : [B]  # h1`. */
function readInstruction(cursor: LineCursor): Instruction {
  const id = cursor.valueId();
  cursor.expect('=');
  const kind = cursor.word(isOpKind, 'the name of an operation');
  const args: number[] = [];
  while (cursor.startsWith('%')) args.push(cursor.valueId());
  const attributes = readAttributes(kind, cursor);
  cursor.expect(':');
  const shape = shapeText.read(cursor);
  // One instruction of the union: `attributes` was read for `kind`, and `findProblem` counts the operands.
  return { id, kind, args, attributes, shape, origin: cursor.comment() } as unknown as Instruction;
}
