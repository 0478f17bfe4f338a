/** Stochastic gradient descent with classical momentum (Polyak 1964). */
import { at } from '@sbn/program';
import { commonHyper, rateFactor, type CommonOptions } from './step-options.js';
import type { Optimizer } from './optimizer.js';
import { buildUpdateProgram } from './update-program.js';

export interface SgdOptions {
  readonly lr: number;
  readonly momentum: number;
}

export const SGD_DEFAULTS: SgdOptions = { lr: 1e-2, momentum: 0 };

/** `u ← momentum · u + g`, `p ← p − lr · u`. Without momentum no slot is kept. */
export function createSgd({ lr, momentum }: SgdOptions, common: CommonOptions): Optimizer {
  const slots = momentum === 0 ? [] : ['u'];
  const rateOf = (step: number): number => lr * rateFactor(step, common);
  return {
    name: 'sgd',
    options: { lr, momentum },
    slots,
    program: (parameters) =>
      buildUpdateProgram('sgd', slots, parameters, common, (b, { parameter, gradient, slots: before }, hyper) => {
        const direction = momentum === 0 ? gradient : b.add(b.multiply(at(before, 0), b.constant(momentum)), gradient);
        return {
          parameter: b.subtract(parameter, b.multiply(direction, hyper('lr'))),
          slots: momentum === 0 ? [] : [direction],
        };
      }),
    rate: rateOf,
    hyper: (step) => ({ lr: rateOf(step), ...commonHyper(rateOf(step), common) }),
  };
}
