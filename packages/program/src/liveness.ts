/** How long values are needed, and how much a program holds at once. */
import type { Program, ValueId } from './program.js';
import { resolveShape, type Shape } from './shape.js';

/** For each value that an instruction computes and no output needs, the instruction after which it is of no use. */
export function findLastUses(program: Program): ReadonlyMap<ValueId, ValueId> {
  const lastUse = new Map<ValueId, ValueId>();
  for (const { id, args } of program.instructions) {
    lastUse.set(id, id);
    for (const arg of args) lastUse.set(arg, id);
  }
  for (const { id } of program.inputs) lastUse.delete(id);
  for (const { value } of program.outputs) lastUse.delete(value);
  return lastUse;
}

/**
 * Elements that a run of the program holds at its fullest moment, inputs included, with each value freed after its last
 * use. A reshaped value counts nothing: it shares its elements.
 */
export function peakElements(program: Program, batch: number): number {
  const lastUse = findLastUses(program);
  const sizes = new Map<ValueId, number>();
  let held = 0;
  for (const { id, shape } of program.inputs) {
    const size = countElements(shape, batch);
    sizes.set(id, size);
    held += size;
  }
  let peak = held;
  for (const { id, kind, shape, args } of program.instructions) {
    const size = kind === 'reshape' ? 0 : countElements(shape, batch);
    sizes.set(id, size);
    held += size;
    peak = Math.max(peak, held);
    for (const value of new Set([...args, id])) {
      if (lastUse.get(value) === id) held -= sizes.get(value) ?? 0;
    }
  }
  return peak;
}

function countElements(shape: Shape, batch: number): number {
  return resolveShape(shape, batch).reduce((product, length) => product * length, 1);
}
