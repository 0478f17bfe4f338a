/** Estimators with one mistake each, and the same ones without it. */
import { ESTIMATORS, type Estimator, type EstimatorTable } from '@sbn/compiler';
import { RIGHT_DRAWS, SHARED_NOISE_DRAWS, WRONG_DRAWS } from './draw-mutants.js';
import { NOISY_MUPROP, RIGHT_MUPROP, WRONG_MUPROP } from './muprop-mutants.js';

const namesOf = (estimators: readonly Estimator[]): readonly string[] => estimators.map(({ name }) => name);

/** What both the enumeration and the judge must refuse. */
export const WRONG = namesOf([...WRONG_MUPROP, ...WRONG_DRAWS]);

/** What neither may say anything of: the same code without a mistake. */
export const RIGHT = namesOf([...RIGHT_MUPROP, ...RIGHT_DRAWS]);

/** What only the judge can refuse. */
export const FOR_THE_JUDGE = namesOf(SHARED_NOISE_DRAWS);

/** Mistakes that leave the mean right. */
export const NOISY = namesOf(NOISY_MUPROP);

export const ESTIMATORS_WITH_MUTANTS: EstimatorTable = new Map([
  ...ESTIMATORS,
  ...[...RIGHT_MUPROP, ...WRONG_MUPROP, ...NOISY_MUPROP, ...RIGHT_DRAWS, ...WRONG_DRAWS, ...SHARED_NOISE_DRAWS].map(
    (estimator) => [estimator.name, estimator] as const,
  ),
]);
