/**
 * Takes off a program what makes numbers of its rows: means over rows, averages over steps. ONNX Runtime takes some 3 µs to hand over
 * an output, and half a microsecond to begin an operation, which is longer than a few hundred numbers take to be added up here.
 */
import { at, portKey, removeDeadCode, type Instruction, type PortKey, type Program, type ValueId } from '@sbn/program';
import { NUMBER_FUNCTIONS } from './number-program.js';

/** What the end of a program begins with: an input of the program, or a piece of the vector that the rest of it hands over. */
export type NumberOperand =
  | { readonly kind: 'input'; readonly value: ValueId; readonly length: number; readonly key: PortKey }
  | { readonly kind: 'piece'; readonly value: ValueId; readonly length: number; readonly start: number }
  | { readonly kind: 'constant'; readonly value: ValueId; readonly length: number; readonly number: number };

/** Operations on numbers and on vectors of one length, and sums of such vectors. */
export interface NumberEnd {
  readonly operands: readonly NumberOperand[];
  /** Of the program, in its order and numbers. */
  readonly instructions: readonly Instruction[];
  /** Numbers all. */
  readonly results: readonly { readonly key: PortKey; readonly value: ValueId }[];
}

export interface PeeledNumbers {
  /** What is left. What the end needs of it is its output `PIECES`, a vector. */
  readonly program: Program;
  readonly end: NumberEnd | undefined;
}

/** Known to the end as `latent:%numbers`. */
export const PIECES = { role: 'sample', name: '%numbers' } as const;

/** More rows are better added up by ONNX Runtime. */
const MOST_ROWS = 4096;

/** Fewer numbers do not pay. */
const FEWEST_RESULTS = 2;

/** Requires a program without batch axes. */
export function peelNumbers(program: Program): PeeledNumbers {
  const peeled = findPeeled(program);
  const results = program.outputs
    .filter(({ value }) => peeled.has(value))
    .map((output) => ({ key: portKey(output), value: output.value }));
  if (results.length < FEWEST_RESULTS) return { program, end: undefined };
  const instructions = program.instructions.filter(({ id }) => peeled.has(id));
  const needed = new Set(
    instructions.flatMap(({ args }): readonly ValueId[] => args).filter((value) => !peeled.has(value)),
  );
  const operands = describeOperands(program, [...needed]);
  const outputs = program.outputs.filter(({ value }) => !peeled.has(value));
  return {
    program: removeDeadCode(withPieces({ ...program, outputs }, operands)),
    end: { operands, instructions, results },
  };
}

/** Numbers, and vectors that become numbers, that nothing else needs. */
function findPeeled({ inputs, instructions, outputs }: Program): ReadonlySet<ValueId> {
  const shapes = [...inputs, ...instructions].map(({ shape }) => shape as readonly number[]);
  const stays = new Set(outputs.map(({ value }) => value).filter((value) => at(shapes, value).length > 0));
  const peeled = new Set<ValueId>();
  for (const instruction of instructions.toReversed()) {
    const { id, args } = instruction;
    const operands = args.map((arg: ValueId) => at(shapes, arg));
    if (!stays.has(id) && canPeel(instruction, operands)) peeled.add(id);
    else for (const arg of args) stays.add(arg);
  }
  return peeled;
}

function canPeel({ kind, shape, attributes }: Instruction, operands: readonly (readonly number[])[]): boolean {
  const isSmall = operands.every((own) => own.length === 0 || (own.length === 1 && at(own, 0) <= MOST_ROWS));
  if (!isSmall) return false;
  if (kind === 'sum') return 'axes' in attributes && attributes.axes.length === 1 && shape.length === 0;
  const length = (shape as readonly number[]).join();
  return NUMBER_FUNCTIONS.has(kind) && operands.every((own) => own.length === 0 || own.join() === length);
}

function describeOperands({ inputs, instructions }: Program, values: readonly ValueId[]): readonly NumberOperand[] {
  let start = 0;
  return values.map((value): NumberOperand => {
    const input = inputs[value];
    const { shape } = input ?? at(instructions, value - inputs.length);
    const length = (shape as readonly number[])[0] ?? 1;
    if (input !== undefined) return { kind: 'input', value, length, key: portKey(input) };
    const instruction = at(instructions, value - inputs.length);
    const [number, ...others] = instruction.kind === 'constant' ? instruction.attributes.values : [];
    if (number !== undefined && others.length === 0) return { kind: 'constant', value, length, number };
    start += length;
    return { kind: 'piece', value, length, start: start - length };
  });
}

/** The pieces behind one another as one more output, if there are any. */
function withPieces(program: Program, operands: readonly NumberOperand[]): Program {
  const pieces = operands.filter(({ kind }) => kind === 'piece');
  if (pieces.length === 0) return program;
  const instructions: Instruction[] = [...program.instructions];
  const add = (instruction: Pick<Instruction, 'kind' | 'args' | 'attributes' | 'shape'>): ValueId => {
    const id = program.inputs.length + instructions.length;
    // Of the same kind, which TypeScript does not follow through the parameter.
    instructions.push({ ...instruction, id, origin: undefined } as Instruction);
    return id;
  };
  const vectors = pieces.map(({ value, length }) => {
    const { shape } = at(program.instructions, value - program.inputs.length);
    if (shape.length === 1) return value;
    return add({ kind: 'reshape', args: [value], attributes: { shape: [length] }, shape: [length] });
  });
  const total = pieces.reduce((sum, { length }) => sum + length, 0);
  const all = add({ kind: 'concat', args: vectors, attributes: { axis: 0 }, shape: [total] });
  return { ...program, instructions, outputs: [...program.outputs, { ...PIECES, value: all }] };
}
