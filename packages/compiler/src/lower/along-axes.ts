/** Functions along axes that are made of several operations of programs. Axes are counted with the batch axis. */
import { at, isBatchDim, InternalError, type ProgramBuilder, type Shape, type ValueId } from '@sbn/program';

/** Keeps a constant row finite: its standard deviation is taken as √1e-5 more. */
const STANDARDIZE_EPSILON = 1e-5;

/** The mean of squared distances from the mean. `count` elements fall together. */
export function variance(builder: ProgramBuilder, value: ValueId, axes: readonly number[], count: number): ValueId {
  const scale = builder.constant(1 / count);
  const mean = builder.multiply(builder.sum(value, axes, true), scale);
  const square = builder.emit('square', [builder.subtract(value, mean)], {});
  return builder.multiply(builder.sum(square, axes), scale);
}

/** (x − mean)/√(variance + 1e-5) along the last axis. */
export function standardize(builder: ProgramBuilder, value: ValueId): ValueId {
  const last = builder.shapeOf(value).length - 1;
  const scale = builder.constant(1 / lengthOf(builder.shapeOf(value), last));
  const mean = builder.multiply(builder.sum(value, [last], true), scale);
  const centred = builder.subtract(value, mean);
  const spread = builder.multiply(builder.sum(builder.emit('square', [centred], {}), [last], true), scale);
  const deviation = builder.emit('sqrt', [builder.add(spread, builder.constant(STANDARDIZE_EPSILON))], {});
  return builder.divide(centred, deviation);
}

/**
 * The product over `axes`, which disappear: halves of an axis times each other, until one element is left. So the slope by an
 * element is the product of the others, where the exponential of a sum of logarithms would divide by it.
 */
export function multiplyOver(builder: ProgramBuilder, value: ValueId, axes: readonly number[], shape: Shape): ValueId {
  const multiplied = axes.reduce((product, axis) => multiplyAxis(builder, product, axis), value);
  return builder.reshape(
    multiplied,
    shape.filter((_, axis) => !axes.includes(axis)),
  );
}

function multiplyAxis(builder: ProgramBuilder, value: ValueId, axis: number): ValueId {
  const length = lengthOf(builder.shapeOf(value), axis);
  if (length === 1) return value;
  const half = Math.floor(length / 2);
  const product = builder.multiply(take(builder, value, axis, 0, half), take(builder, value, axis, half, half));
  if (length % 2 === 0) return multiplyAxis(builder, product, axis);
  const rest = take(builder, value, axis, length - 1, 1);
  return multiplyAxis(builder, builder.emit('concat', [product, rest], { axis }), axis);
}

/** Sums of all elements up to each, by doubling: after the step of 2ᵏ each has those of the last 2ᵏ⁺¹. */
export function cumulate(builder: ProgramBuilder, value: ValueId, axis: number): ValueId {
  const shape = builder.shapeOf(value);
  const length = lengthOf(shape, axis);
  let sums = value;
  for (let step = 1; step < length; step *= 2) {
    const front = shape.map((_, other) => (other === axis ? step : 0));
    const none = shape.map(() => 0);
    const moved = take(builder, sums, axis, 0, length - step);
    sums = builder.add(sums, builder.emit('pad', [moved], { before: front, after: none }));
  }
  return sums;
}

function take(builder: ProgramBuilder, value: ValueId, axis: number, begin: number, size: number): ValueId {
  const shape = builder.shapeOf(value);
  return builder.slice(
    value,
    shape.map((_, other) => (other === axis ? begin : 0)),
    shape.with(axis, size),
  );
}

function lengthOf(shape: Shape, axis: number): number {
  const dim = at(shape, axis);
  if (isBatchDim(dim)) throw new InternalError('rows are no axis of a row');
  return dim;
}
