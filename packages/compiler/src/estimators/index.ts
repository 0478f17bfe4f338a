/** The estimators that `via` can name. Adding one means adding a file and a row here. */
import type { Estimator } from './estimator.js';
import { half } from './half.js';
import { likelihoodRatio, nvil } from './likelihood-ratio.js';
import { muprop } from './muprop.js';
import { straightThrough } from './straight-through.js';

export type { Estimator, SiteTerm } from './estimator.js';

export type EstimatorTable = ReadonlyMap<string, Estimator>;

export const DEFAULT_ESTIMATOR = muprop.name;

export const ESTIMATORS: EstimatorTable = new Map(
  [muprop, likelihoodRatio, nvil, straightThrough, half].map((estimator) => [estimator.name, estimator]),
);
