import type { ProgramBuilder, ValueId } from '@sbn/program';
import { meanOfElements } from '../elements.js';
import type { StateUpdate } from './estimator.js';

/** How much of a running average each step keeps. */
const DECAY = 0.9;

/**
 * The exponentially weighted mean, over *previous* steps, of the mean over rows (and elements) of `values`: it depends on nothing drawn
 * in this step. Before the first step it is 0. The sum of the weights is carried along, which makes the
 * mean right from the second step on.
 */
export function emitRunningAverage(
  builder: ProgramBuilder,
  name: string,
  values: ValueId,
): { readonly average: ValueId; readonly state: readonly StateUpdate[] } {
  const total = builder.input('state', `${name}.total`, []);
  const weight = builder.input('state', `${name}.weight`, []);
  const smallest = builder.constant(1e-6);
  const average = builder.divide(total, builder.emit('maximum', [weight, smallest], {}));
  const keep = builder.constant(DECAY);
  const take = builder.constant(1 - DECAY);
  const nextTotal = builder.add(builder.multiply(keep, total), builder.multiply(take, meanOfElements(builder, values)));
  const nextWeight = builder.add(builder.multiply(keep, weight), take);
  return {
    average,
    state: [
      { info: { name: `${name}.total`, shape: [], initial: 0 }, next: nextTotal },
      { info: { name: `${name}.weight`, shape: [], initial: 0 }, next: nextWeight },
    ],
  };
}
