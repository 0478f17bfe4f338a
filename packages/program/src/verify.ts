/** Checks that a program keeps the rules of the instruction set; run after every pass and every read. */
import { ProgramError } from './errors.js';
import { inferShape, isBinary, isOpKind, isUnary } from './ops/index.js';
import { portKey, type Input, type Instruction, type Program, type ValueId } from './program.js';
import { formatShape, invalidShape, operandAt, sameShape, type Shape } from './shape.js';

/** A broken rule, and the line of the program that breaks it. */
export interface Problem {
  readonly section: 'input' | 'instruction' | 'output';
  readonly index: number;
  /** The value or port in words, e.g. `%5 = matmul`. */
  readonly place: string;
  readonly message: string;
}

/**
 * Ensures: values are numbered in order, inputs first; operands are defined before they are used;
 * every stored shape is the one that follows from the operands; inputs and outputs are unique by
 * role and name; outputs are defined; origins fit on one line.
 * @throws ProgramError naming the first value or port that breaks a rule.
 */
export function verifyProgram(program: Program): void {
  const problem = findProblem(program);
  if (problem !== undefined) throw new ProgramError(problem.message, problem.place);
}

/** The first broken rule, or `undefined` for a program that keeps them all. */
export function findProblem(program: Program): Problem | undefined {
  const shapes: Shape[] = [];
  const inputKeys = new Set<string>();
  for (const [index, input] of program.inputs.entries()) {
    const message = checkInput(input, shapes.length, inputKeys);
    if (message !== undefined) {
      return { section: 'input', index, place: `input %${String(input.id)} ${portKey(input)}`, message };
    }
    shapes.push(input.shape);
  }
  // Instructions of one origin stand together.
  let origin: string | undefined;
  const { instructions } = program;
  for (const [index, instruction] of instructions.entries()) {
    const message =
      checkInstruction(instruction, shapes) ??
      (instruction.origin === origin ? undefined : checkOrigin(instruction.origin));
    origin = instruction.origin;
    if (message !== undefined) {
      const place = `%${String(instruction.id)} = ${instruction.kind}`;
      return { section: 'instruction', index, place, message };
    }
    shapes.push(instruction.shape);
  }
  const outputKeys = new Set<string>();
  for (const [index, output] of program.outputs.entries()) {
    const key = portKey(output);
    const place = `output ${key}`;
    const broken = (message: string): Problem => ({ section: 'output', index, place, message });
    if (outputKeys.has(key)) return broken('there is an output of this role and name already');
    if (shapes[output.value] === undefined) return broken(`value %${String(output.value)} is not defined`);
    outputKeys.add(key);
  }
  return undefined;
}

function checkInput(input: Input, id: number, keys: Set<string>): string | undefined {
  const key = portKey(input);
  if (input.id !== id) return misnumbered(id);
  if (keys.has(key)) return 'there is an input of this role and name already';
  keys.add(key);
  return invalidShape(input.shape);
}

function checkInstruction(instruction: Instruction, shapes: readonly Shape[]): string | undefined {
  const { kind, args, attributes, shape } = instruction;
  if (instruction.id !== shapes.length) return misnumbered(shapes.length);
  if (!isOpKind(kind)) return 'there is no operation of this name';
  // Element by element, operands of one shape make a result of that shape: programs are long, and most of their instructions are so.
  let isSame = args.length === 1 ? isUnary(kind) : args.length === 2 && isBinary(kind);
  for (const arg of args) {
    const operand = shapes[arg];
    if (operand === undefined) return `operand %${String(arg)} is not defined before it is used`;
    isSame &&= sameShape(operand, shape);
  }
  if (isSame) return undefined;
  // Not filled by `push`, which takes room for sixteen more.
  const operands = args.map((arg: ValueId) => operandAt(shapes, arg));
  const inferred = inferShape(kind, operands, attributes);
  if (typeof inferred === 'string') return inferred;
  if (!sameShape(inferred, shape)) {
    return `the shape is stored as ${formatShape(shape)}, but the operands make it ${formatShape(inferred)}`;
  }
  return undefined;
}

function checkOrigin(origin: string | undefined): string | undefined {
  if (origin !== undefined && /[\p{Cc}\u2028\u2029]/u.test(origin)) {
    return `the origin ${JSON.stringify(origin)} holds a control character or a line break`;
  }
  return undefined;
}

function misnumbered(id: number): string {
  return `values are numbered in order of definition, so this one must be %${String(id)}`;
}
