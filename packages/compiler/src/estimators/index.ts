/** The estimators that `via` can name. Adding one means adding a file and a row here. */
import type { Estimator } from './estimator.js';
import { likelihoodRatio } from './likelihood-ratio.js';
import { muprop } from './muprop.js';

export type { Estimator, SiteTerm } from './estimator.js';

export type EstimatorTable = ReadonlyMap<string, Estimator>;

export const DEFAULT_ESTIMATOR = muprop.name;

export const ESTIMATORS: EstimatorTable = new Map(
  [muprop, likelihoodRatio].map((estimator) => [estimator.name, estimator]),
);
