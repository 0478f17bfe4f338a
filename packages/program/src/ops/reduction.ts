/** Sum and largest element over some axes. */
import { at } from '../errors.js';
import { dimAt, formatShape, operandAt, type Dim, type Shape } from '../shape.js';
import type { OpDefinition, ReferenceTensor } from './definition.js';
import { elementCount, offsetsOf, stridesOf } from './strides.js';

interface Reduction {
  readonly axes: readonly number[];
  readonly keep: boolean;
}

/** The operand's shape with the reduced axes set to 1. */
function keptShape<D>(shape: readonly D[], axes: readonly number[]): (D | 1)[] {
  return shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
}

function reducedShape(operands: readonly Shape[], { axes, keep }: Reduction): Shape | string {
  const shape = operandAt(operands, 0);
  for (const [position, axis] of axes.entries()) {
    if (!Number.isSafeInteger(axis) || axis < 0 || axis >= shape.length) {
      return `axis ${String(axis)} is not one of the ${String(shape.length)} axes of ${formatShape(shape)}`;
    }
    if (axes.indexOf(axis) !== position) return `axis ${String(axis)} is named twice in [${axes.join(', ')}]`;
  }
  if (keep) return keptShape(shape, axes);
  const rest: Dim[] = [];
  for (let axis = 0; axis < shape.length; axis += 1) if (!axes.includes(axis)) rest.push(dimAt(shape, axis));
  return rest;
}

/** Folds every element of the operand into the element of the result that it is reduced to. */
function reduce(
  operand: ReferenceTensor,
  axes: readonly number[],
  start: number,
  fold: (left: number, right: number) => number,
): Float64Array {
  const kept = keptShape(operand.shape, axes);
  const strides = stridesOf(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  const targets = offsetsOf(operand.shape, strides);
  const result = new Float64Array(elementCount(kept)).fill(start);
  operand.values.forEach((value, position) => {
    const target = at(targets, position);
    result[target] = fold(at(result, target), value);
  });
  return result;
}

export const sum: OpDefinition<'sum'> = {
  smoothness: 'smooth',
  shape: reducedShape,
  derive: (builder, { args: [x], attributes: { axes } }, adjoint) => {
    const shape = builder.shapeOf(x);
    return [builder.broadcast(builder.reshape(adjoint, keptShape(shape, axes)), shape)];
  },
  evaluate: (operands, { axes }) => reduce(at(operands, 0), axes, 0, (left, right) => left + right),
};

/** The adjoint is shared equally by all elements that equal the largest. */
export const max: OpDefinition<'max'> = {
  smoothness: 'kinked',
  shape: reducedShape,
  derive: (builder, { id, args: [x], attributes: { axes } }, adjoint) => {
    const kept = keptShape(builder.shapeOf(x), axes);
    const isLargest = builder.emit('equal', [x, builder.reshape(id, kept)], {});
    const share = builder.divide(builder.reshape(adjoint, kept), builder.sum(isLargest, axes, true));
    return [builder.multiply(isLargest, share)];
  },
  evaluate: (operands, { axes }) => reduce(at(operands, 0), axes, -Infinity, Math.max),
};
