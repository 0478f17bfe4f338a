/** RMSprop (Tieleman and Hinton, Coursera lecture 6.5, 2012). */
import { at } from '@sbn/program';
import { commonHyper, rateFactor, type CommonOptions } from './step-options.js';
import type { Optimizer } from './optimizer.js';
import { buildUpdateProgram } from './update-program.js';

export interface RmspropOptions {
  readonly lr: number;
  readonly rho: number;
  readonly eps: number;
}

export const RMSPROP_DEFAULTS: RmspropOptions = { lr: 1e-3, rho: 0.9, eps: 1e-8 };

/** `v ← ρv + (1 − ρ)g²`, `p ← p − lr · g / (√v + eps)`. */
export function createRmsprop({ lr, rho, eps }: RmspropOptions, common: CommonOptions): Optimizer {
  const slots = ['v'];
  const rateOf = (step: number): number => lr * rateFactor(step, common);
  return {
    name: 'rmsprop',
    options: { lr, rho, eps },
    slots,
    program: (parameters) =>
      buildUpdateProgram('rmsprop', slots, parameters, common, (b, { parameter, gradient, slots: before }, hyper) => {
        const fresh = b.multiply(b.emit('square', [gradient], {}), b.constant(1 - rho));
        const next = b.add(b.multiply(at(before, 0), b.constant(rho)), fresh);
        const scale = b.add(b.emit('sqrt', [next], {}), b.constant(eps));
        return {
          parameter: b.subtract(parameter, b.multiply(b.divide(gradient, scale), hyper('lr'))),
          slots: [next],
        };
      }),
    rate: rateOf,
    hyper: (step) => ({ lr: rateOf(step), ...commonHyper(rateOf(step), common) }),
  };
}
