/** A choice between two values, element by element. */
import { at } from '../errors.js';
import { broadcastShapes, formatShape } from '../shape.js';
import type { OpDefinition } from './definition.js';
import { broadcastOffsets } from './strides.js';

/** Flat in its condition and linear in the two values; see `smoothnessOf`. */
export const select: OpDefinition<'select'> = {
  smoothness: 'flat',
  shape: (operands) => {
    const [condition, a, b] = [at(operands, 0), at(operands, 1), at(operands, 2)];
    const values = broadcastShapes(a, b);
    const all = values === undefined ? undefined : broadcastShapes(condition, values);
    if (all !== undefined) return all;
    return `a condition of shape ${formatShape(condition)} and values of shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast together`;
  },
  derive: (builder, { args: [condition, a, b] }, adjoint, wanted) => {
    // A second `select` and not a product with the mask: 0 · ∞ would be NaN.
    const zero = builder.constant(0);
    const toA = () => builder.sumTo(builder.emit('select', [condition, adjoint, zero], {}), builder.shapeOf(a));
    const toB = () => builder.sumTo(builder.emit('select', [condition, zero, adjoint], {}), builder.shapeOf(b));
    return [undefined, wanted[1] === true ? toA() : undefined, wanted[2] === true ? toB() : undefined];
  },
  evaluate: (operands, _, shape) => {
    const [condition, a, b] = [at(operands, 0), at(operands, 1), at(operands, 2)];
    const fromA = broadcastOffsets(a.shape, shape);
    const fromB = broadcastOffsets(b.shape, shape);
    return Float64Array.from(broadcastOffsets(condition.shape, shape), (offset, position) =>
      at(condition.values, offset) !== 0 ? at(a.values, at(fromA, position)) : at(b.values, at(fromB, position)),
    );
  },
};
