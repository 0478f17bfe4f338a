/** On which elements of a site's value each element of what is computed from it depends, with one row for all. */
import {
  at,
  broadcastOffsets,
  elementCount,
  InternalError,
  isElementwise,
  resolveShape,
  type Instruction,
  type InstructionOf,
  type Program,
  type Shape,
  type ValueId,
} from '@sbn/program';
import { addRow, emptyRow, rowOfBits } from '../bit-rows.js';
import { findZeros, type Zeros } from './find-zeros.js';
import { mapLayout } from './layout-map.js';

/** Numbers of elements of the site's value as a row of bits; `undefined` for none. Rows are shared, and never changed. */
export type Dependences = readonly (Uint32Array | undefined)[];

/** What is not known to leave elements apart is taken to mix all of them. */
export interface UnitDependence {
  /** For each element of a value; `undefined` where none depends on the site. */
  readonly of: (value: ValueId) => Dependences | undefined;
  readonly shapeOf: (value: ValueId) => Shape;
}

/** `dependents` are the instructions that depend on `source`, in order; `unitOf` numbers the elements of `source`, `bits` of them. */
export function dependenceOnUnits(
  program: Program,
  source: ValueId,
  dependents: readonly Instruction[],
  { unitOf, bits }: { readonly unitOf: (element: number) => number; readonly bits: number },
): UnitDependence {
  const { inputs, instructions } = program;
  const shapeOf = (value: ValueId): Shape => {
    const shape = (inputs[value] ?? instructions[value - inputs.length])?.shape;
    if (shape === undefined) throw new InternalError(`no value %${String(value)}`);
    return shape;
  };
  const own = elementCount(resolveShape(shapeOf(source), 1));
  const table = new Map<ValueId, Dependences>([
    [source, Array.from({ length: own }, (_, element) => rowOfBits([unitOf(element)], bits))],
  ]);
  const operand = (value: ValueId): Operand => ({ shape: resolveShape(shapeOf(value), 1), rows: table.get(value) });
  const context: Spreading = { zeros: findZeros(program), bits, shapeOf };
  for (const instruction of dependents) {
    table.set(instruction.id, spread(instruction, instruction.args.map(operand), context));
  }
  return { of: (value) => table.get(value), shapeOf };
}

interface Operand {
  readonly shape: readonly number[];
  readonly rows: Dependences | undefined;
}

interface Spreading {
  readonly zeros: Zeros;
  readonly bits: number;
  readonly shapeOf: (value: ValueId) => Shape;
}

function spread(instruction: Instruction, operands: readonly Operand[], context: Spreading): Dependences {
  const shape = resolveShape(instruction.shape, 1);
  switch (instruction.kind) {
    case 'sum':
    case 'max':
      return spreadReduction(at(operands, 0), instruction.attributes.axes, context);
    case 'matmul':
      return spreadProduct(instruction, operands, shape, context);
    default: {
      if (isElementwise(instruction.kind)) return spreadElementwise(instruction, operands, shape, context);
      const sources = mapLayout(instruction, instruction.args.map(context.shapeOf));
      if (sources === undefined) return mixAll(operands, shape, context);
      return sources.map((source) =>
        source === undefined ? undefined : operands[source.operand]?.rows?.[source.element],
      );
    }
  }
}

function join(a: Uint32Array | undefined, b: Uint32Array | undefined): Uint32Array | undefined {
  if (a === undefined || a === b) return b;
  if (b === undefined) return a;
  const sum = Uint32Array.from(a);
  addRow(sum, b);
  return sum;
}

/** What a factor of zero leaves of an element is nothing, and of two branches one that is never taken. */
function spreadElementwise(
  instruction: Instruction,
  operands: readonly Operand[],
  shape: readonly number[],
  { zeros }: Spreading,
): Dependences {
  const offsets = operands.map((operand) => broadcastOffsets(operand.shape, shape));
  const offsetOf = (place: number, element: number): number => at(at(offsets, place), element);
  const flags = instruction.kind === 'multiply' ? instruction.args.map(zeros) : [];
  const isNeverTaken = instruction.kind === 'select' ? zeros(instruction.args[0]) : undefined;
  return Array.from({ length: elementCount(shape) }, (_, element) => {
    if (flags.some((isZero, place) => isZero?.(offsetOf(place, element)) === true)) return undefined;
    const skipped = isNeverTaken?.(offsetOf(0, element)) === true ? 1 : -1;
    return operands.reduce<Uint32Array | undefined>(
      (row, { rows }, place) => (place === skipped ? row : join(row, rows?.[offsetOf(place, element)])),
      undefined,
    );
  });
}

function spreadReduction({ shape, rows }: Operand, axes: readonly number[], { bits }: Spreading): Dependences {
  const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const sums: (Uint32Array | undefined)[] = Array.from({ length: elementCount(kept) }, () => undefined);
  broadcastOffsets(kept, shape).forEach((target, element) => {
    const row = rows?.[element];
    if (row === undefined) return;
    const sum = sums[target] ?? emptyRow(bits);
    addRow(sum, row);
    sums[target] = sum;
  });
  return sums;
}

/** `[m, k] · [k, n]`, or several of them: a term with a factor of zero is none. */
function spreadProduct(
  { args }: InstructionOf<'matmul'>,
  operands: readonly Operand[],
  shape: readonly number[],
  { zeros, bits }: Spreading,
): Dependences {
  const [left, right] = [at(operands, 0), at(operands, 1)];
  const [isLeftZero, isRightZero] = [zeros(args[0]), zeros(args[1])];
  const [rows, columns, inner] = [
    at(shape, shape.length - 2),
    at(shape, shape.length - 1),
    at(left.shape, left.shape.length - 1),
  ];
  const blocks = elementCount(shape.slice(0, -2));
  const result: (Uint32Array | undefined)[] = [];
  for (let block = 0; block < blocks; block += 1) {
    for (let i = 0; i < rows; i += 1) {
      for (let j = 0; j < columns; j += 1) {
        let sum: Uint32Array | undefined;
        for (let k = 0; k < inner; k += 1) {
          const [a, b] = [(block * rows + i) * inner + k, (block * inner + k) * columns + j];
          const [rowOfLeft, rowOfRight] = [left.rows?.[a], right.rows?.[b]];
          if (rowOfLeft === undefined && rowOfRight === undefined) continue;
          if (isLeftZero?.(a) === true || isRightZero?.(b) === true) continue;
          sum ??= emptyRow(bits);
          if (rowOfLeft !== undefined) addRow(sum, rowOfLeft);
          if (rowOfRight !== undefined) addRow(sum, rowOfRight);
        }
        result.push(sum);
      }
    }
  }
  return result;
}

function mixAll(operands: readonly Operand[], shape: readonly number[], { bits }: Spreading): Dependences {
  const all = emptyRow(bits);
  for (const { rows } of operands) for (const row of rows ?? []) if (row !== undefined) addRow(all, row);
  return Array.from({ length: elementCount(shape) }, () => all);
}
