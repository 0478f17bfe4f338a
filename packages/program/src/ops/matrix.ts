/** Matrix product and transposition. */
import { at } from '../errors.js';
import { dimAt, formatDim, formatShape, operandAt, sameDim, type Shape } from '../shape.js';
import type { OpDefinition } from './definition.js';
import { gather, offsetsOf, stridesOf } from './strides.js';

/** The permutation that transposes the matrices of a value with this shape. */
function matrixTranspose(shape: Shape): readonly number[] {
  return shape.length === 2 ? [1, 0] : [0, 2, 1];
}

function matmulShape(operands: readonly Shape[]): Shape | string {
  const a = operandAt(operands, 0);
  const b = operandAt(operands, 1);
  const both = (): string => `${formatShape(a)} and ${formatShape(b)}`;
  const rank = a.length;
  if (rank !== b.length || (rank !== 2 && rank !== 3)) {
    return `${both()}: both operands must have 2 axes, or both 3, not ${String(rank)} and ${String(b.length)}`;
  }
  const disagree = (left: number, right: number): string | undefined => {
    const from = dimAt(a, left);
    const to = dimAt(b, right);
    if (sameDim(from, to)) return undefined;
    return `${both()}: axis ${String(left)} of the first (${formatDim(from)}) is not axis ${String(right)} of the second (${formatDim(to)})`;
  };
  const problem = (rank === 3 ? disagree(0, 0) : undefined) ?? disagree(rank - 1, rank - 2);
  if (problem !== undefined) return problem;
  const last = dimAt(b, rank - 1);
  return rank === 2 ? [dimAt(a, 0), last] : [dimAt(a, 0), dimAt(a, 1), last];
}

export const matmul: OpDefinition<'matmul'> = {
  smoothness: 'smooth',
  shape: matmulShape,
  derive: (builder, { args: [a, b] }, adjoint, wanted) => {
    const swap = matrixTranspose(builder.shapeOf(a));
    return [
      wanted[0] === true ? builder.matmul(adjoint, builder.transpose(b, swap)) : undefined,
      wanted[1] === true ? builder.matmul(builder.transpose(a, swap), adjoint) : undefined,
    ];
  },
  evaluate: (operands, _, shape) => {
    const [a, b] = [at(operands, 0), at(operands, 1)];
    const inner = at(a.shape, a.shape.length - 1);
    const columns = at(shape, shape.length - 1);
    const rows = at(shape, shape.length - 2);
    const result = new Float64Array((shape.length === 3 ? at(shape, 0) : 1) * rows * columns);
    const lines = columns === 0 ? 0 : result.length / columns;
    for (let line = 0; line < lines; line += 1) {
      const matrix = Math.floor(line / rows) * inner * columns;
      for (let k = 0; k < inner; k += 1) {
        const factor = at(a.values, line * inner + k);
        for (let column = 0; column < columns; column += 1) {
          const target = line * columns + column;
          result[target] = at(result, target) + factor * at(b.values, matrix + k * columns + column);
        }
      }
    }
    return result;
  },
};

export const transpose: OpDefinition<'transpose'> = {
  smoothness: 'smooth',
  shape: (operands, { permutation }) => {
    const shape = operandAt(operands, 0);
    const isPermutation = permutation.length === shape.length && shape.every((_, axis) => permutation.includes(axis));
    if (isPermutation) return permutation.map((axis) => dimAt(shape, axis));
    return `[${permutation.join(', ')}] does not name each axis of ${formatShape(shape)} once`;
  },
  derive: (builder, { args: [x], attributes: { permutation } }, adjoint) => [
    builder.transpose(
      adjoint,
      builder.shapeOf(x).map((_, axis) => permutation.indexOf(axis)),
    ),
  ],
  evaluate: (operands, { permutation }, shape) => {
    const { shape: from, values } = at(operands, 0);
    const strides = stridesOf(from);
    return gather(
      values,
      offsetsOf(
        shape,
        permutation.map((axis) => at(strides, axis)),
      ),
    );
  },
};
