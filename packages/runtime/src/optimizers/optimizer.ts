/** What an optimiser is. Its update is a program, so that any engine runs it and one may fuse it. */
import type { Program } from '@sbn/program';

/** A parameter as an optimiser sees it. */
export interface OptimizedParameter {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface Optimizer {
  /** `adam`, `adamw`, `rmsprop` or `sgd`. */
  readonly name: string;
  /** Every option, resolved, e.g. `{ lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-8 }`. */
  readonly options: Readonly<Record<string, number>>;
  /** Tensors kept per parameter, of its shape, zero at the start, e.g. `['sum', 'squares']`. */
  readonly slots: readonly string[];
  /**
   * One step for all the parameters at once. Inputs `parameter:NAME`, `state:gradient/NAME`,
   * `state:SLOT/NAME` and `hyper:…` (scalars); outputs `parameter:NAME`, `state:SLOT/NAME`, and
   * `parameter_sum:NAME`, the sum of the new values, which is finite only if all of them are.
   */
  program(parameters: readonly OptimizedParameter[]): Program;
  /** The learning rate at a step, counted from 1: `lr` times the factor of its schedule. */
  rate(step: number): number;
  /** The `hyper` inputs at a step, counted from 1. */
  hyper(step: number): Readonly<Record<string, number>>;
}

/** An optimiser by name, with the options that differ from its defaults. */
export interface OptimizerChoice {
  readonly name: string;
  readonly options?: Readonly<Record<string, number>> | undefined;
}
