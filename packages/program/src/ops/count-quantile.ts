/** The quantile function of the count distributions of Panjer's class: a draw from one uniform. */
import { at } from '../errors.js';
import { broadcastShapes, formatShape } from '../shape.js';
import type { OpDefinition } from './definition.js';
import { normalQuantile } from '../special/normal-quantile.js';
import { broadcastOffsets } from './strides.js';

/** From this variance on the expansion of Cornish and Fisher errs by less than a uniform of float32 is apart from the next. */
const LARGE_VARIANCE = 1000;

/** Terms below e^−700 are not summed: float64 would call them 0, and no uniform is as small. */
const SMALLEST_LOG = -700;

/**
 * min{k ≥ 0 : u ≤ p_0 + … + p_k} with p_k = (a + b/k) p_{k−1} (Panjer 1981) and a = 1 − e^ℓ, which leaves no freedom in
 * p_0 = e^{ℓ(a + b)/a}, or e^−b where a = 0.
 *
 * | distribution | ℓ | b |
 * | --- | --- | --- |
 * | Poisson of rate λ | 0 | λ |
 * | binomial, n trials of probability p | −log(1 − p) | (n + 1)p/(1 − p) |
 * | geometric of probability p | log p | 0 |
 *
 * The values of a support that ends do so where a + b/k first is 0 or less. NaN for what is in none of these families.
 */
export function countQuantile(u: number, l: number, b: number): number {
  if (Number.isNaN(l) || !(u >= 0 && u <= 1 && b >= 0) || (l < 0 && b > 0)) return NaN;
  // log(1 − u)/log(1 − p), less 1 and rounded up: P(X > k) = (1 − p)^{k + 1}
  if (b === 0) return l < 0 ? Math.max(0, Math.ceil(Math.log1p(-u) / Math.log1p(-Math.exp(l))) - 1) : 0;
  const a = -Math.expm1(l);
  const mean = (a + b) * Math.exp(-l);
  const variance = mean * Math.exp(-l);
  if (variance >= LARGE_VARIANCE) return expandQuantile(u, a, mean, variance);
  if (!(mean > 0)) return mean <= 0 ? 0 : NaN;
  return searchQuantile(u, a, b, a === 0 ? -b : (l * (a + b)) / a);
}

/** Adds up probabilities from 0 on: a few thousand at most, unless a variance is small where the mean is large. */
function searchQuantile(u: number, a: number, b: number, logFirst: number): number {
  let k = 0;
  let ratio = a + b;
  let log = logFirst;
  while (log < SMALLEST_LOG && ratio > 1) {
    k += 1;
    log += Math.log(ratio);
    ratio = a + b / (k + 1);
  }
  let term = Math.exp(log);
  let sum = term;
  while (sum < u && ratio > 0) {
    k += 1;
    term *= ratio;
    ratio = a + b / (k + 1);
    // Past the mode, and too small to bring the sum nearer to a uniform that rounding left above it.
    if (ratio < 1 && sum + term === sum) break;
    sum += term;
  }
  return k;
}

/**
 * The expansion of Cornish and Fisher (1938) to the fourth cumulant. The distribution function at k is the expansion's at k + ½
 * with Sheppard's corrections of the cumulants, −1/12 and 1/120 (Kolassa and McCullagh 1990): a lattice is inverted with
 * 2 sin(t/2) where a density has t.
 */
function expandQuantile(u: number, a: number, mean: number, ofCount: number): number {
  const variance = ofCount - 1 / 12;
  const deviation = Math.sqrt(variance);
  // κ₃/κ₂ = (1 + a)/(1 − a) and κ₄/κ₂ = 1 + 6a/(1 − a)²
  const skewness = ((ofCount * (1 + a)) / (1 - a)) * deviation ** -3;
  const excess = (ofCount * (1 + (6 * a) / (1 - a) ** 2) + 1 / 120) * variance ** -2;
  // Finite at 0 and 1 too.
  const z = normalQuantile(Math.min(Math.max(u, Number.MIN_VALUE), 1 - Number.EPSILON / 2));
  const step =
    z + ((z ** 2 - 1) * skewness) / 6 + ((z ** 3 - 3 * z) * excess) / 24 - ((2 * z ** 3 - 5 * z) * skewness ** 2) / 36;
  return Math.max(0, Math.ceil(mean + deviation * step - 0.5));
}

/** Operands (u, ℓ, b), element by element with broadcasting. Flat: a draw has no derivative. */
export const count_quantile: OpDefinition<'count_quantile'> = {
  smoothness: 'flat',
  shape: (operands) => {
    const [u, l, b] = [at(operands, 0), at(operands, 1), at(operands, 2)];
    const parameters = broadcastShapes(l, b);
    const all = parameters === undefined ? undefined : broadcastShapes(u, parameters);
    if (all !== undefined) return all;
    return `uniforms of shape ${formatShape(u)} and parameters of shapes ${formatShape(l)} and ${formatShape(b)} do not broadcast together`;
  },
  derive: () => [undefined, undefined, undefined],
  evaluate: (operands, _, shape) => {
    const [u, l, b] = [at(operands, 0), at(operands, 1), at(operands, 2)];
    const fromL = broadcastOffsets(l.shape, shape);
    const fromB = broadcastOffsets(b.shape, shape);
    return Float64Array.from(broadcastOffsets(u.shape, shape), (offset, position) =>
      countQuantile(at(u.values, offset), at(l.values, at(fromL, position)), at(b.values, at(fromB, position))),
    );
  },
};
