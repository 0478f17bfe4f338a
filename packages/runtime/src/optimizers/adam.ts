/** Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015), algorithm 1. */
import { at } from '@sbn/program';
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
 * `m̂ = m/(1 − β₁ᵗ)`, `v̂ = v/(1 − β₂ᵗ)`. Both corrections are scalars, so the host multiplies them
 * into `rate` and `epsilon`: `lr · m̂ / (√v̂ + eps) = rate · m / (√v + epsilon)`.
 */
export function createAdam({ lr, beta1, beta2, eps }: AdamOptions): Optimizer {
  const slots = ['m', 'v'];
  return {
    name: 'adam',
    options: { lr, beta1, beta2, eps },
    slots,
    program: (parameters) =>
      buildUpdateProgram('adam', slots, parameters, (b, values, hyper) => {
        const { parameter, gradient } = values;
        const [m, v] = [at(values.slots, 0), at(values.slots, 1)];
        const square = b.emit('square', [gradient], {});
        const nextM = b.add(m, b.multiply(b.subtract(gradient, m), b.constant(1 - beta1)));
        const nextV = b.add(v, b.multiply(b.subtract(square, v), b.constant(1 - beta2)));
        const scale = b.add(b.emit('sqrt', [nextV], {}), hyper('epsilon'));
        const change = b.multiply(b.divide(nextM, scale), hyper('rate'));
        return { parameter: b.subtract(parameter, change), slots: [nextM, nextV] };
      }),
    hyper: (step) => {
      const root = Math.sqrt(1 - beta2 ** step);
      return { rate: (lr * root) / (1 - beta1 ** step), epsilon: eps * root };
    },
  };
}
