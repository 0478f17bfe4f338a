/** Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015), algorithm 1. */
import { at } from '@sbn/program';
import { commonHyper, rateFactor, type CommonOptions } from './step-options.js';
import type { Optimizer } from './optimizer.js';
import { buildUpdateProgram } from './update-program.js';

export interface AdamOptions {
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
}

export const ADAM_DEFAULTS: AdamOptions = { lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8 };

/**
 * `m ← β₁m + (1 − β₁)g`, `v ← β₂v + (1 − β₂)g²`, `p ← p − lr · m̂ / (√v̂ + eps)` with
 * `m̂ = m/(1 − β₁ᵗ)`, `v̂ = v/(1 − β₂ᵗ)`. The slots are the sums `M = m/(1 − β₁)` and `V = v/(1 − β₂)`, which take three operations
 * less for every element: `M ← β₁M + g`, `V ← β₂V + g²`. All factors that are left are scalars, so the host multiplies them into
 * `rate` and `epsilon`: `lr · m̂ / (√v̂ + eps) = rate · M / (√V + epsilon)`.
 */
export function createAdam(
  { lr, beta1, beta2, eps }: AdamOptions,
  common: CommonOptions,
  name: 'adam' | 'adamw' = 'adam',
): Optimizer {
  const slots = ['sum', 'squares'];
  const rateOf = (step: number): number => lr * rateFactor(step, common);
  return {
    name,
    options: { lr, beta1, beta2, eps },
    slots,
    program: (parameters) =>
      buildUpdateProgram(name, slots, parameters, common, (b, values, hyper) => {
        const { parameter, gradient } = values;
        const [sum, squares] = [at(values.slots, 0), at(values.slots, 1)];
        const nextSum = b.add(b.multiply(sum, b.constant(beta1)), gradient);
        const nextSquares = b.add(b.multiply(squares, b.constant(beta2)), b.emit('square', [gradient], {}));
        const scale = b.add(b.emit('sqrt', [nextSquares], {}), hyper('epsilon'));
        const change = b.multiply(b.divide(nextSum, scale), hyper('rate'));
        return { parameter: b.subtract(parameter, change), slots: [nextSum, nextSquares] };
      }),
    rate: rateOf,
    hyper: (step) => {
      const root = Math.sqrt((1 - beta2 ** step) / (1 - beta2));
      const rate = rateOf(step);
      const scaled = (rate * root * (1 - beta1)) / (1 - beta1 ** step);
      return { rate: scaled, epsilon: eps * root, ...commonHyper(rate, common) };
    },
  };
}
