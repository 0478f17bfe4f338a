/** What a kernel of the TensorFlow.js engine is, and what it is made from. */
import type { AttributesOf, OpKind } from '@sbn/program';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ConstantPool } from './constant-pool.js';

/** Computes a new tensor; never changes, disposes of or returns an operand or a pooled tensor. */
export type Kernel = (operands: readonly Tensor[]) => Tensor;

/** Everything that is known of an instruction at one batch size. */
export interface KernelContext<K extends OpKind> {
  readonly attributes: AttributesOf<K>;
  /** Shapes of the operands. */
  readonly operands: readonly (readonly number[])[];
  /** Shape of the result, which has at least one element. */
  readonly shape: readonly number[];
  readonly batch: number;
  /** By operand: whether it is a constant without NaN. */
  readonly neverNaN: readonly boolean[];
  readonly constants: ConstantPool;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

export function sameLengths(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}
