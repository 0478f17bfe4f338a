/** Takes the elementwise end off a program where it works on large tensors, as an optimiser's update does. */
import {
  at,
  portKey,
  removeDeadCode,
  type Instruction,
  type OpKind,
  type PortKey,
  type Program,
  type ValueId,
} from '@sbn/program';
import type { VectorOperation } from './module-writer.js';

/** What a kernel reads: a tensor of as many elements as it goes through, or a number. */
export interface KernelOperand {
  readonly value: ValueId;
  readonly key: PortKey;
  readonly isWide: boolean;
}

/** Operations on tensors of one shape, with nothing between them but numbers. */
export interface ElementwiseKernel {
  readonly shape: readonly number[];
  readonly operands: readonly KernelOperand[];
  /** Of the program, in its order and numbers. */
  readonly instructions: readonly Instruction[];
  /** A `sum` is the sum of all elements, the others are tensors. */
  readonly results: readonly { readonly key: PortKey; readonly value: ValueId; readonly isSum: boolean }[];
}

export interface PeeledProgram {
  /** What is left. An output `sample:%peeled n` is what a kernel calls `latent:%peeled n`. */
  readonly program: Program;
  /** To be run after it, in any order. */
  readonly kernels: readonly ElementwiseKernel[];
}

/** One instruction of vectors each; `square` is a product. */
export const VECTOR_OPERATIONS: ReadonlyMap<OpKind, VectorOperation> = new Map<OpKind, VectorOperation>([
  ['add', 'add'],
  ['subtract', 'sub'],
  ['multiply', 'mul'],
  ['divide', 'div'],
  ['maximum', 'max'],
  ['minimum', 'min'],
  ['negate', 'neg'],
  ['abs', 'abs'],
  ['sqrt', 'sqrt'],
  ['square', 'mul'],
]);

/** Below so many elements, or so few operations, a kernel of its own does not pay. */
const FEWEST_ELEMENTS = 128;
const FEWEST_OPERATIONS = 4;

/** Requires a program without batch axes. */
export function peelElementwise(program: Program): PeeledProgram {
  const groups = groupInstructions(program, findPeeled(program));
  const peeled = new Set(groups.flat().map(({ id }) => id));
  if (peeled.size === 0) return { program, kernels: [] };
  const kernels = groups.map((instructions) => describeKernel(program, instructions));
  const needed = new Set(kernels.flatMap(({ operands }) => operands.map(({ value }) => value)));
  const handed = [...needed].filter((value) => value >= program.inputs.length);
  const outputs = [
    ...program.outputs.filter(({ value }) => !peeled.has(value)),
    ...handed.map((value) => ({ role: 'sample' as const, name: peeledName(value), value })),
  ];
  return { program: removeDeadCode({ ...program, outputs }), kernels };
}

function peeledName(value: ValueId): string {
  return `%peeled ${String(value)}`;
}

/** Instructions that kernels can compute, and that nothing but outputs and such instructions uses. */
function findPeeled(program: Program): ReadonlySet<ValueId> {
  const shapes = [...program.inputs, ...program.instructions].map(({ shape }) => shape);
  const stays = new Set<ValueId>();
  const peeled = new Set<ValueId>();
  for (const instruction of program.instructions.toReversed()) {
    const { id, args } = instruction;
    if (
      !stays.has(id) &&
      canPeel(
        instruction,
        args.map((arg) => at(shapes, arg) as readonly number[]),
      )
    )
      peeled.add(id);
    else for (const arg of args) stays.add(arg);
  }
  // A sum of what stays is computed where that is.
  for (const { id, kind, args } of program.instructions)
    if (kind === 'sum' && !args.every((arg) => peeled.has(arg))) peeled.delete(id);
  return peeled;
}

function canPeel({ kind, shape, attributes }: Instruction, operands: readonly (readonly number[])[]): boolean {
  const [first = []] = operands;
  const wide = kind === 'sum' ? first : (shape as readonly number[]);
  if (wide.reduce((product, length) => product * length, 1) < FEWEST_ELEMENTS) return false;
  if (kind === 'sum') return 'axes' in attributes && shape.length === 0 && attributes.axes.length === first.length;
  return VECTOR_OPERATIONS.has(kind) && operands.every((own) => own.length === 0 || own.join() === wide.join());
}

/** Those that work on each other's results, together. */
function groupInstructions(
  { instructions }: Program,
  peeled: ReadonlySet<ValueId>,
): readonly (readonly Instruction[])[] {
  const parents = new Map<ValueId, ValueId>();
  const rootOf = (id: ValueId): ValueId => {
    const parent = parents.get(id) ?? id;
    return parent === id ? id : rootOf(parent);
  };
  const own = instructions.filter(({ id }) => peeled.has(id));
  for (const { id, args } of own) for (const arg of args) if (peeled.has(arg)) parents.set(rootOf(arg), rootOf(id));
  const groups = new Map<ValueId, Instruction[]>();
  for (const instruction of own) {
    const root = rootOf(instruction.id);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [instruction]);
    else group.push(instruction);
  }
  return [...groups.values()].filter((group) => group.length >= FEWEST_OPERATIONS);
}

function describeKernel(program: Program, instructions: readonly Instruction[]): ElementwiseKernel {
  const own = new Set(instructions.map(({ id }) => id));
  const values = new Set(instructions.flatMap(({ args }): readonly ValueId[] => args).filter((arg) => !own.has(arg)));
  const operands = [...values].flatMap((value): readonly KernelOperand[] => {
    const input = program.inputs[value];
    if (input !== undefined) return [{ value, key: portKey(input), isWide: input.shape.length > 0 }];
    const { kind, shape } = at(program.instructions, value - program.inputs.length);
    if (kind === 'constant' && shape.length === 0) return [];
    return [{ value, key: `latent:${peeledName(value)}`, isWide: shape.length > 0 }];
  });
  const isSum = new Map(instructions.map(({ id, kind }) => [id, kind === 'sum']));
  const results = program.outputs
    .filter(({ value }) => own.has(value))
    .map((output) => ({ key: portKey(output), value: output.value, isSum: isSum.get(output.value) === true }));
  const wide = instructions.find(({ kind }) => kind !== 'sum');
  return { shape: (wide?.shape ?? []) as readonly number[], operands, instructions, results };
}
