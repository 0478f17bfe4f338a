/** A draw from the multinomial distribution: one binomial after the other. */
import { at } from '../errors.js';
import { countQuantile } from '../ops/count-quantile.js';

/**
 * Counts of `trials` independent choices with these probabilities (up to a factor), from as many uniforms, the last of which is
 * not used: given those before it, the count of class k is binomial with probability p_k / (p_k + … + p_K).
 */
export function drawMultinomial(
  uniforms: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  trials: number,
): readonly number[] {
  const classes = probabilities.length;
  const rests: number[] = [];
  let rest = 0;
  for (let k = classes - 1; k >= 0; k -= 1) rests[k] = rest += probabilities[k] ?? NaN;
  if (!(rest > 0 && rest < Infinity) || !(trials >= 0)) return rests.fill(NaN);
  let left = Math.round(trials);
  return rests.map((total, k) => {
    const share = k === classes - 1 ? 1 : at(probabilities, k) / total;
    const count = left === 0 || total === 0 ? 0 : binomialQuantile(uniforms[k] ?? NaN, left, share);
    left -= count;
    return count;
  });
}

/** By what is rarer, successes or failures, so that the odds are at most 1. */
function binomialQuantile(u: number, trials: number, p: number): number {
  const rarer = Math.min(p, 1 - p);
  const odds = rarer / (1 - rarer);
  const mostlySuccess = p > 0.5;
  const counted = countQuantile(mostlySuccess ? 1 - u : u, Math.log1p(odds), (trials + 1) * odds);
  const count = Math.min(counted, trials);
  return mostlySuccess ? trials - count : count;
}
