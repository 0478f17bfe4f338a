/** Element kinds and shapes of rows: how they are written, compared and broadcast. */
import type { ElementKind } from '@sbn/program';
import type { ValueType } from '../typed-model.js';

/** What can be said of a value apart from whether rows differ. */
export type RowType = Pick<ValueType, 'element' | 'shape'>;

export const REAL: ElementKind = { kind: 'real' };
export const BINARY: ElementKind = { kind: 'binary' };

/** More elements than this in one tensor are refused: they are a slip, and no engine holds them. */
export const MOST_ELEMENTS = 2 ** 31 - 1;

/** As in a declaration: `binary[784]`, `real`, `onehot[49, 10]`. */
export function formatType({ element, shape }: RowType): string {
  return shape.length === 0 ? element.kind : `${element.kind}[${shape.join(', ')}]`;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

export function sameElement(a: ElementKind, b: ElementKind): boolean {
  if (a.kind === 'onehot' && b.kind === 'onehot') return a.classes === b.classes;
  return a.kind === b.kind;
}

/** Same kind of element and same shape; whether rows differ does not count. */
export function sameType(a: RowType, b: RowType): boolean {
  return sameElement(a.element, b.element) && sameShape(a.shape, b.shape);
}

export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** What an axis is called in a message: `first`, `last`, or its number. */
export function nameAxis(rank: number, axis: number): string {
  if (axis === rank - 1) return 'last axis';
  return axis === 0 ? 'first axis' : `axis ${axis}`;
}

export type Broadcast =
  | { readonly fits: true; readonly shape: readonly number[] }
  /** The axes, one of each operand, that have different sizes, neither of them 1. */
  | { readonly fits: false; readonly leftAxis: number; readonly rightAxis: number };

/** Numpy's rule for rows: shapes are aligned at the last axis, and an axis of 1 stretches. */
export function broadcastRows(left: readonly number[], right: readonly number[]): Broadcast {
  const rank = Math.max(left.length, right.length);
  const shape: number[] = [];
  for (let axis = rank - 1; axis >= 0; axis -= 1) {
    const leftAxis = axis - rank + left.length;
    const rightAxis = axis - rank + right.length;
    const a = left[leftAxis] ?? 1;
    const b = right[rightAxis] ?? 1;
    if (a !== b && a !== 1 && b !== 1) return { fits: false, leftAxis, rightAxis };
    shape.unshift(a === 1 ? b : a);
  }
  return { fits: true, shape };
}

/** The kind that is left of a kind when the axis of classes may be gone: its entries are 0 and 1. */
export function withoutClasses(element: ElementKind): ElementKind {
  return element.kind === 'onehot' ? BINARY : element;
}
