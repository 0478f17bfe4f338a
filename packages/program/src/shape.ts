/**
 * Shapes of tensors in a program. An axis is either a fixed number of elements or a multiple of the
 * batch size `B`, the one length that is not known until a program is run.
 */

/** An axis of `batch · B` elements: rows, or rows times a fixed axis that was folded into them. */
export interface BatchDim {
  readonly batch: number;
}

export type Dim = number | BatchDim;

export type Shape = readonly Dim[];

/** The batch axis itself, `1·B`. */
export const BATCH: BatchDim = { batch: 1 };

export function isBatchDim(dim: Dim): dim is BatchDim {
  return typeof dim !== 'number';
}

export function sameDim(a: Dim, b: Dim): boolean {
  return isBatchDim(a) ? isBatchDim(b) && a.batch === b.batch : a === b;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => b[axis] !== undefined && sameDim(dim, b[axis]));
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
  const dims = shape.map((dim) => (isBatchDim(dim) ? (dim.batch === 1 ? 'B' : `${String(dim.batch)}B`) : String(dim)));
  return `[${dims.join(', ')}]`;
}

/**
 * Numpy broadcasting: shapes are aligned at their last axis, and an axis of 1 stretches.
 * `undefined` where two axes fit neither way.
 */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
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
