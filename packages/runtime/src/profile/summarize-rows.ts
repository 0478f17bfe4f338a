/** From the statistics of rows to those of a site: means over rows, each with the standard error that rows give it. */
import { InternalError } from '@sbn/program';
import { estimate } from '../evaluation.js';
import type { Estimate } from '../model.js';
import type { RowStatistics } from './row-moments.js';

/** What is subtracted from the signal: `none`, the best constant for all rows, or the best one for each row. */
export type Centring = 'none' | 'constant' | 'perRow';

/** An estimator at a site under one centring. */
export interface CentredVariance {
  /** Of the gradient of one row with one draw, summed over the elements of the site's parameters, averaged over rows. */
  readonly variance: Estimate;
  /** 1 − variance / variance of the likelihood ratio with the same centring. */
  readonly shareRemoved: Estimate;
  /** √(signal / variance), for one row with one draw; 0 where the signal is lost in the noise of the draws. */
  readonly signalToNoise: number;
}

/** The variance of each row under a centring. */
export function varianceOfRows(rows: readonly RowStatistics[], centring: Centring): Float64Array {
  if (centring === 'perRow') return Float64Array.from(rows, ({ leastVariance }) => leastVariance);
  const centre = centring === 'none' ? 0 : bestConstant(rows);
  return Float64Array.from(rows, ({ a, b, d }) => a - 2 * centre * b + centre * centre * d);
}

/** E⟨G, s⟩ / E‖s‖², as covariances of each row: E[s] = 0. */
function bestConstant(rows: readonly RowStatistics[]): number {
  const score = rows.reduce((sum, { d }) => sum + d, 0);
  return score === 0 ? 0 : rows.reduce((sum, { b }) => sum + b, 0) / score;
}

/** `reference` is the likelihood ratio on the same rows and draws. */
export function summarizeRows(
  rows: readonly RowStatistics[],
  reference: readonly RowStatistics[],
  centring: Centring,
): CentredVariance {
  const own = varianceOfRows(rows, centring);
  const variance = estimate(own);
  return {
    variance,
    shareRemoved: oneMinusRatio(own, varianceOfRows(reference, centring)),
    signalToNoise: Math.sqrt(Math.max(0, signalOf(rows).mean) / variance.mean),
  };
}

/** The mean over rows of ‖E[G]‖², where G is the gradient of one row. Without bias: noise can take it below zero. */
export function signalOf(rows: readonly RowStatistics[]): Estimate {
  return estimate(Float64Array.from(rows, ({ meanSquare }) => meanSquare));
}

/** 1 − Σ above / Σ below; the standard error is that of the ratio to first order, from rows that have both. */
function oneMinusRatio(above: Float64Array, below: Float64Array): Estimate {
  if (above.length !== below.length) throw new InternalError('rows of two sizes');
  const mean = estimate(below).mean;
  const ratio = estimate(above).mean / mean;
  const residuals = above.map((value, row) => (value - ratio * (below[row] ?? NaN)) / mean);
  return { mean: 1 - ratio, standardError: estimate(residuals).standardError };
}
