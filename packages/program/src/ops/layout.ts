/** Operations that move elements without computing: reshape, broadcast, concat, slice, pad. */
import { at } from '../errors.js';
import {
  addDims,
  broadcastShapes,
  countElements,
  formatDim,
  formatShape,
  invalidShape,
  operandAt,
  resolveShape,
  sameDim,
  sameShape,
  subtractDims,
  type Dim,
  type Shape,
} from '../shape.js';
import type { OpDefinition } from './definition.js';
import { broadcastOffsets, elementCount, gather, offsetsOf, stridesOf } from './strides.js';

function formatCount(shape: Shape): string {
  const { coefficient, power } = countElements(shape);
  if (power === 0 || coefficient === 0) return `${String(coefficient)} elements`;
  return `${coefficient === 1 ? '' : String(coefficient)}${power === 1 ? 'B' : `B^${String(power)}`} elements`;
}

export const reshape: OpDefinition<'reshape'> = {
  smoothness: 'smooth',
  shape: (operands, { shape }) => {
    const problem = invalidShape(shape);
    if (problem !== undefined) return problem;
    const from = operandAt(operands, 0);
    const [before, after] = [countElements(from), countElements(shape)];
    if (before.coefficient === after.coefficient && (before.coefficient === 0 || before.power === after.power)) {
      return shape;
    }
    return `${formatShape(from)} has ${formatCount(from)} and cannot be reshaped to ${formatShape(shape)}, which has ${formatCount(shape)}`;
  },
  derive: (builder, { args: [x] }, adjoint) => [builder.reshape(adjoint, builder.shapeOf(x))],
  evaluate: (operands) => at(operands, 0).values.slice(),
};

export const broadcast: OpDefinition<'broadcast'> = {
  smoothness: 'smooth',
  shape: (operands, { shape }) => {
    const problem = invalidShape(shape);
    if (problem !== undefined) return problem;
    const from = operandAt(operands, 0);
    const wide = broadcastShapes(from, shape);
    if (wide !== undefined && sameShape(wide, shape)) return shape;
    return `${formatShape(from)} does not broadcast to ${formatShape(shape)}: only axes of 1 stretch, and axes are added in front`;
  },
  derive: (builder, { args: [x] }, adjoint) => [builder.sumTo(adjoint, builder.shapeOf(x))],
  evaluate: (operands, _, shape) => {
    const { shape: from, values } = at(operands, 0);
    return gather(values, broadcastOffsets(from, shape));
  },
};

function concatShape(operands: readonly Shape[], axis: number): Shape | string {
  const first = at(operands, 0);
  if (!Number.isSafeInteger(axis) || axis < 0 || axis >= first.length) {
    return `axis ${String(axis)} is not one of the ${String(first.length)} axes of ${formatShape(first)}`;
  }
  let total = at(first, axis);
  for (let index = 1; index < operands.length; index += 1) {
    const shape = at(operands, index);
    const both = (): string => `${formatShape(first)} and ${formatShape(shape)} on axis ${String(axis)}`;
    if (shape.length !== first.length) return `${both()}: the numbers of axes differ`;
    const other = shape.findIndex((dim, place) => place !== axis && !sameDim(dim, at(first, place)));
    if (other >= 0) return `${both()}: axis ${String(other)} differs`;
    const length = addDims(total, at(shape, axis));
    if (length === undefined) return `${both()}: ${formatDim(total)} + ${formatDim(at(shape, axis))} is not one axis`;
    total = length;
  }
  return first.with(axis, total);
}

export const concat: OpDefinition<'concat'> = {
  smoothness: 'smooth',
  shape: (operands, { axis }) => concatShape(operands, axis),
  derive: (builder, { args, attributes: { axis } }, adjoint, wanted) => {
    let offset: Dim = 0;
    return args.map((arg, position) => {
      const size = builder.shapeOf(arg);
      const begin = size.map((_, place) => (place === axis ? offset : 0));
      // The shape rule has seen to it that the lengths add up to one axis.
      offset = addDims(offset, at(size, axis)) ?? offset;
      return wanted[position] === true ? builder.slice(adjoint, begin, size) : undefined;
    });
  },
  evaluate: (operands, { axis }, shape) => {
    const result = new Float64Array(elementCount(shape));
    const strides = stridesOf(shape);
    let offset = 0;
    for (const operand of operands) {
      const targets = offsetsOf(operand.shape, strides, offset * at(strides, axis));
      targets.forEach((target, position) => (result[target] = at(operand.values, position)));
      offset += at(operand.shape, axis);
    }
    return result;
  },
};

/** `Σ index · stride` of the corner at which a block starts. */
function cornerOffset(corner: readonly Dim[], strides: readonly number[], batch: number): number {
  return resolveShape(corner, batch).reduce((offset, index, axis) => offset + index * at(strides, axis), 0);
}

function sliceShape(shape: Shape, begin: readonly Dim[], size: readonly Dim[]): Shape | string {
  if (begin.length !== shape.length || size.length !== shape.length) {
    return `${formatShape(shape)} with begin ${formatShape(begin)} and size ${formatShape(size)}: all must have as many axes`;
  }
  const problem = invalidShape(begin) ?? invalidShape(size);
  if (problem !== undefined) return problem;
  for (const [axis, dim] of shape.entries()) {
    const end = addDims(at(begin, axis), at(size, axis));
    if (end === undefined || subtractDims(dim, end) === undefined) {
      return `${formatShape(shape)}: ${formatDim(at(size, axis))} from ${formatDim(at(begin, axis))} is not within axis ${String(axis)}`;
    }
  }
  return size;
}

export const slice: OpDefinition<'slice'> = {
  smoothness: 'smooth',
  shape: (operands, { begin, size }) => sliceShape(at(operands, 0), begin, size),
  derive: (builder, { args: [x], attributes: { begin, size } }, adjoint) => {
    const after = builder.shapeOf(x).map((dim, axis) => {
      const end = addDims(at(begin, axis), at(size, axis));
      // The shape rule has seen to it that the block lies within the axis.
      return (end === undefined ? undefined : subtractDims(dim, end)) ?? 0;
    });
    return [builder.emit('pad', [adjoint], { before: begin, after })];
  },
  evaluate: (operands, { begin }, shape, batch) => {
    const { shape: from, values } = at(operands, 0);
    const strides = stridesOf(from);
    return gather(values, offsetsOf(shape, strides, cornerOffset(begin, strides, batch)));
  },
};

function padShape(shape: Shape, before: readonly Dim[], after: readonly Dim[]): Shape | string {
  if (before.length !== shape.length || after.length !== shape.length) {
    return `${formatShape(shape)} with before ${formatShape(before)} and after ${formatShape(after)}: all must have as many axes`;
  }
  const problem = invalidShape(before) ?? invalidShape(after);
  if (problem !== undefined) return problem;
  const result: Dim[] = [];
  for (const [axis, dim] of shape.entries()) {
    const [front, back] = [at(before, axis), at(after, axis)];
    const start = addDims(front, dim);
    const length = start === undefined ? undefined : addDims(start, back);
    if (length === undefined) {
      return `${formatShape(shape)}: ${formatDim(front)} + ${formatDim(dim)} + ${formatDim(back)} on axis ${String(axis)} is not one axis`;
    }
    result.push(length);
  }
  return result;
}

export const pad: OpDefinition<'pad'> = {
  smoothness: 'smooth',
  shape: (operands, { before, after }) => padShape(at(operands, 0), before, after),
  derive: (builder, { args: [x], attributes: { before } }, adjoint) => [
    builder.slice(adjoint, before, builder.shapeOf(x)),
  ],
  evaluate: (operands, { before }, shape, batch) => {
    const operand = at(operands, 0);
    const strides = stridesOf(shape);
    const result = new Float64Array(elementCount(shape));
    const targets = offsetsOf(operand.shape, strides, cornerOffset(before, strides, batch));
    targets.forEach((target, position) => (result[target] = at(operand.values, position)));
    return result;
  },
};
