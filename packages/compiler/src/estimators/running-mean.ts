import type { ProgramBuilder, ValueId } from '@sbn/program';
import type { StateUpdate } from './estimator.js';

/** How much of the running mean each step keeps. */
const DECAY = 0.9;

/**
 * Centring ("C" in MuProp, section 4): the exponentially weighted mean of the signal over
 * *previous* steps, so that it depends on nothing drawn in this one. Before the first step it is 0.
 * The sum of the weights is carried along, which makes the mean right from the second step on.
 */
export function emitRunningMean(
  builder: ProgramBuilder,
  site: string,
  signal: ValueId,
): { readonly baseline: ValueId; readonly state: readonly StateUpdate[] } {
  const total = builder.input('state', `${site}.signal.total`, []);
  const weight = builder.input('state', `${site}.signal.weight`, []);
  const smallest = builder.constant(1e-6);
  const baseline = builder.divide(total, builder.emit('maximum', [weight, smallest], {}));
  const keep = builder.constant(DECAY);
  const take = builder.constant(1 - DECAY);
  const nextTotal = builder.add(builder.multiply(keep, total), builder.multiply(take, builder.meanRows(signal)));
  const nextWeight = builder.add(builder.multiply(keep, weight), take);
  return {
    baseline,
    state: [
      { info: { name: `${site}.signal.total`, shape: [], initial: 0 }, next: nextTotal },
      { info: { name: `${site}.signal.weight`, shape: [], initial: 0 }, next: nextWeight },
    ],
  };
}
