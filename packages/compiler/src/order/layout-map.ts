/** Where the elements of a value come from, for operations that only move or repeat them. */
import {
  at,
  elementCount,
  evaluateInstruction,
  resolveShape,
  type Instruction,
  type ReferenceTensor,
  type Shape,
} from '@sbn/program';

const LAYOUT: ReadonlySet<Instruction['kind']> = new Set([
  'reshape',
  'broadcast',
  'transpose',
  'slice',
  'concat',
  'pad',
]);

/** An element of an operand. */
export interface Source {
  readonly operand: number;
  readonly element: number;
}

/**
 * For each element of the result with one row, the element that stands there: `undefined` for a zero that was put in. `undefined`
 * as a whole for an operation that computes. The operation's own kernel is run on the numbers of the elements, so that there is no
 * second account of where it puts them.
 */
export function mapLayout(
  instruction: Instruction,
  shapes: readonly Shape[],
): readonly (Source | undefined)[] | undefined {
  if (!LAYOUT.has(instruction.kind)) return undefined;
  const starts: number[] = [];
  // From 1, as `pad` puts in zeros.
  let next = 1;
  const operands = shapes.map((symbolic): ReferenceTensor => {
    const shape = resolveShape(symbolic, 1);
    const start = next;
    starts.push(start);
    next += elementCount(shape);
    return { shape, values: Float64Array.from({ length: next - start }, (_, place) => start + place) };
  });
  const moved = evaluateInstruction(instruction, operands, resolveShape(instruction.shape, 1), 1);
  return Array.from(moved, (place) => {
    if (place === 0) return undefined;
    const operand = starts.findLastIndex((start) => start <= place);
    return { operand, element: place - at(starts, operand) };
  });
}
