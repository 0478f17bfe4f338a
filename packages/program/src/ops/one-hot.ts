/** The choice of the largest element on the last axis, as a one-hot vector. */
import { at } from '../errors.js';
import type { OpDefinition } from './definition.js';

/** The first of equal elements is chosen; an element that is NaN is never larger than another. */
export const one_hot_argmax: OpDefinition<'one_hot_argmax'> = {
  smoothness: 'flat',
  shape: (operands) => {
    const shape = at(operands, 0);
    return shape.length === 0 ? 'a scalar has no last axis to choose on' : shape;
  },
  derive: () => [undefined],
  evaluate: (operands, _, shape) => {
    const { values } = at(operands, 0);
    const classes = at(shape, shape.length - 1);
    const result = new Float64Array(values.length);
    for (let row = 0; row < values.length; row += classes) {
      let best = row;
      for (let place = row + 1; place < row + classes; place += 1) {
        if (at(values, place) > at(values, best)) best = place;
      }
      result[best] = 1;
    }
    return result;
  },
};
