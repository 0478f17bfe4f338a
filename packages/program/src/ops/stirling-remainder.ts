/** The part of log Γ that Stirling's formula leaves out. */
import { at } from '../errors.js';
import { stirlingRemainder } from '../special/stirling.js';
import type { OpDefinition } from './definition.js';

export const stirling_remainder: OpDefinition<'stirling_remainder'> = {
  smoothness: 'smooth',
  shape: (operands, { order }) => {
    if (Number.isSafeInteger(order) && order >= 0) return at(operands, 0);
    return `a derivative of order ${String(order)}: it must be a whole number of at least 0`;
  },
  derive: (builder, { args: [x], attributes: { order } }, adjoint) => [
    builder.multiply(adjoint, builder.emit('stirling_remainder', [x], { order: order + 1 })),
  ],
  evaluate: (operands, { order }) => at(operands, 0).values.map((x) => stirlingRemainder(x, order)),
};
