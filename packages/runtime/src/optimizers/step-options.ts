/** What all optimisers have in common: the learning rate over the steps, the largest gradient, and weights that decay. */

/** Each is left out by its default. */
export interface CommonOptions {
  /** Steps over which the learning rate rises from near 0: at step t ≤ warmup it is lr · t / warmup. */
  readonly warmup: number;
  /** Steps over which the learning rate falls along half a cosine (Loshchilov and Hutter 2017, Eq. 5, without restarts), to `final` · lr. */
  readonly cosine: number;
  readonly final: number;
  /** After each `every` steps the learning rate is multiplied by `factor`. */
  readonly every: number;
  readonly factor: number;
  /** Largest norm of all gradients together; larger ones are scaled down to it (Pascanu, Mikolov, Bengio 2013). 0 for none. */
  readonly clip: number;
  /** Decoupled weight decay (Loshchilov and Hutter 2019): in each step parameters lose lr · decay of themselves. */
  readonly decay: number;
}

export const COMMON_DEFAULTS: CommonOptions = {
  warmup: 0,
  cosine: 0,
  final: 0,
  every: 0,
  factor: 1,
  clip: 0,
  decay: 0,
};

/** The factor of the learning rate at a step, counted from 1. */
export function rateFactor(step: number, { warmup, cosine, final, every, factor }: CommonOptions): number {
  const rise = warmup > 0 ? Math.min(1, step / warmup) : 1;
  const share = cosine > 0 ? Math.min(1, (step - 1) / cosine) : 0;
  const fall = final + ((1 - final) * (1 + Math.cos(Math.PI * share))) / 2;
  const steps = every > 0 ? factor ** Math.floor((step - 1) / every) : 1;
  return rise * (cosine > 0 ? fall : 1) * steps;
}

/** Numbers of a step that `buildUpdateProgram` asks for, at the step's learning rate. */
export function commonHyper(rate: number, { decay }: CommonOptions): Readonly<Record<string, number>> {
  return decay === 0 ? {} : { keep: 1 - rate * decay };
}
