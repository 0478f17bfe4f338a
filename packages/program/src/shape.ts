/**
 * Shapes of tensors in a program. An axis is either a fixed number of elements or a multiple of the
 * batch size `B`, the one length that is not known until a program is run.
 */

import { InternalError } from './errors.js';

/** An axis of `batch · B` elements: rows, or rows times a fixed axis that was folded into them. */
export interface BatchDim {
  readonly batch: number;
}

export type Dim = number | BatchDim;

export type Shape = readonly Dim[];

/** The batch axis itself, `1·B`. */
export const BATCH: BatchDim = { batch: 1 };

/**
 * The axis that an invariant says is there. `at` would do, but is given lists of all sorts, which makes it slow; this is asked for every
 * instruction of a long program.
 */
export function dimAt(shape: Shape, axis: number): Dim {
  const dim = shape[axis];
  if (dim === undefined) throw new InternalError(`axis ${String(axis)} of ${String(shape.length)}`);
  return dim;
}

/** The shape of an operand that an instruction has, likewise. */
export function operandAt(operands: readonly Shape[], place: number): Shape {
  const operand = operands[place];
  if (operand === undefined) throw new InternalError(`operand ${String(place)} of ${String(operands.length)}`);
  return operand;
}

export function isBatchDim(dim: Dim): dim is BatchDim {
  return typeof dim !== 'number';
}

export function sameDim(a: Dim, b: Dim): boolean {
  return isBatchDim(a) ? isBatchDim(b) && a.batch === b.batch : a === b;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis += 1) {
    const left = a[axis];
    const right = b[axis];
    if (left === undefined || right === undefined || !sameDim(left, right)) return false;
  }
  return true;
}

/** The shape with `B` filled in, e.g. `[2B, 3]` at `B = 5` is `[10, 3]`. */
export function resolveShape(shape: Shape, batch: number): number[] {
  return shape.map((dim) => (isBatchDim(dim) ? dim.batch * batch : dim));
}

/** The number of elements as a polynomial with one term: `coefficient · B^power`. */
export function countElements(shape: Shape): { readonly coefficient: number; readonly power: number } {
  let coefficient = 1;
  let power = 0;
  for (const dim of shape) {
    if (isBatchDim(dim)) {
      coefficient *= dim.batch;
      power += 1;
    } else coefficient *= dim;
  }
  return { coefficient, power };
}

/** `[B, 200]`, `[2B, 3]`, `[]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.map(formatDim).join(', ')}]`;
}

/**
 * Numpy broadcasting: shapes are aligned at their last axis, and an axis of 1 stretches.
 * `undefined` where two axes fit neither way.
 */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let axis = 0; axis < rank; axis += 1) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (sameDim(left, right) || right === 1) result.push(left);
    else if (left === 1) result.push(right);
    else return undefined;
  }
  return result;
}

/** What is wrong with an axis length, or `undefined`: a whole number ≥ 0, or a positive multiple of `B`. */
export function invalidDim(dim: Dim): string | undefined {
  if (isBatchDim(dim)) {
    if (Number.isSafeInteger(dim.batch) && dim.batch > 0) return undefined;
    return `an axis of ${String(dim.batch)}·B: the multiple of B must be a whole number of at least 1`;
  }
  if (Number.isSafeInteger(dim) && dim >= 0) return undefined;
  return `an axis of ${String(dim)}: a length must be a whole number of at least 0`;
}

/** What is wrong with the axes of a shape, or `undefined`. */
export function invalidShape(shape: Shape): string | undefined {
  for (const dim of shape) {
    const problem = invalidDim(dim);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** `a + b`, or `undefined` where a fixed length and a multiple of `B` have no sum that is one axis. */
export function addDims(a: Dim, b: Dim): Dim | undefined {
  if (a === 0) return b;
  if (b === 0) return a;
  if (isBatchDim(a)) return isBatchDim(b) ? { batch: a.batch + b.batch } : undefined;
  return isBatchDim(b) ? undefined : a + b;
}

/** `a − b`, or `undefined` where that is no length for every `B`. */
export function subtractDims(a: Dim, b: Dim): Dim | undefined {
  if (b === 0) return a;
  if (sameDim(a, b)) return 0;
  if (isBatchDim(a)) return isBatchDim(b) && a.batch > b.batch ? { batch: a.batch - b.batch } : undefined;
  return !isBatchDim(b) && a > b ? a - b : undefined;
}

/** `20`, `B`, `2B`. */
export function formatDim(dim: Dim): string {
  return isBatchDim(dim) ? (dim.batch === 1 ? 'B' : `${String(dim.batch)}B`) : String(dim);
}
