/** The estimators that `via` can name. Adding one means adding a file and a row here. */
import type { Estimator } from './estimator.js';
import { disarm } from './disarm.js';
import { gumbel } from './gumbel.js';
import { half } from './half.js';
import { likelihoodRatio, nvil, rloo } from './likelihood-ratio.js';
import { algorithm1, muprop, secondOrder } from './muprop.js';
import { straightThrough } from './straight-through.js';

export type { Estimator, SiteTerm } from './estimator.js';

export type EstimatorTable = ReadonlyMap<string, Estimator>;

export const DEFAULT_ESTIMATOR = muprop.name;

export const ESTIMATORS: EstimatorTable = new Map(
  [muprop, secondOrder, algorithm1, likelihoodRatio, nvil, rloo, disarm, straightThrough, half, gumbel].map(
    (estimator) => [estimator.name, estimator],
  ),
);
