/** Values that depend on no other value: constants and the batch size. */
import { at } from '../errors.js';
import { countElements, formatShape, invalidShape } from '../shape.js';
import type { OpDefinition } from './definition.js';
import { elementCount } from './strides.js';

export const constant: OpDefinition<'constant'> = {
  smoothness: 'smooth',
  shape: (_, { shape, values }) => {
    const problem = invalidShape(shape);
    if (problem !== undefined) return problem;
    const { coefficient, power } = countElements(shape);
    if (values.length === 1 || (power === 0 && values.length === coefficient)) return shape;
    const wanted = power === 0 && coefficient !== 1 ? `1 or ${String(coefficient)} values` : '1 value';
    return `a constant of shape ${formatShape(shape)} takes ${wanted}, not ${String(values.length)}`;
  },
  derive: () => [],
  evaluate: (_, { values }, shape) => {
    const count = elementCount(shape);
    return values.length === 1 ? new Float64Array(count).fill(at(values, 0)) : Float64Array.from(values);
  },
};

export const batch_size: OpDefinition<'batch_size'> = {
  smoothness: 'smooth',
  shape: () => [],
  derive: () => [],
  evaluate: (_operands, _attributes, _shape, batch) => Float64Array.of(batch),
};
