/** The incomplete beta function, and the quantile functions of the distributions that have it: beta and negative binomial. */
import { findRoot } from './find-root.js';
import { stirlingRemainder } from './stirling.js';

const MOST_TERMS = 50_000;

/** Counts above it are not told apart in float64. */
const LARGEST_COUNT = 2 ** 53;

/** The x with I_x(a, b) = u, for u ∈ [0, 1] and a, b > 0; 0 or 1 where it is too near to them for a float64. */
export function betaQuantile(u: number, a: number, b: number): number {
  if (!(u >= 0 && u <= 1 && a > 0 && b > 0 && a < Infinity && b < Infinity)) return NaN;
  if (u === 0 || u === 1) return u;
  const root = findRoot(
    (t) => {
      const { lower, upper, slope } = betaTails(t, a, b);
      return u <= 0.5 ? [Math.log(lower / u), slope / lower] : [Math.log((1 - u) / upper), slope / upper];
    },
    Math.log(a / b),
  );
  return 1 / (1 + Math.exp(-root));
}

/**
 * min{k ≥ 0 : u ≤ P(X ≤ k)} for the failures before the r-th success, where a failure is `odds` times as likely as a success:
 * P(X ≤ k) = I_p(r, k + 1) with p = 1/(1 + odds), and r need not be whole.
 */
export function negativeBinomialQuantile(u: number, r: number, odds: number): number {
  if (!(u >= 0 && u <= 1 && r > 0 && r < Infinity && odds >= 0 && odds < Infinity)) return NaN;
  if (odds === 0) return 0;
  const t = -Math.log(odds);
  const reaches = (k: number): boolean => betaTails(t, r, k + 1).lower >= u;
  if (reaches(0)) return 0;
  let [low, high] = [0, Math.min(Math.ceil(r * odds) + 1, LARGEST_COUNT)];
  while (high < LARGEST_COUNT && !reaches(high)) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  return high;
}

interface Tails {
  readonly lower: number;
  readonly upper: number;
  /** The derivative of `lower`. */
  readonly slope: number;
}

/** I_x(a, b), 1 − I_x(a, b) and the derivative by t, at x = 1/(1 + e^−t). */
export function betaTails(t: number, a: number, b: number): Tails {
  const [logX, logRest] = [-softplus(-t), -softplus(t)];
  const [x, rest] = [Math.exp(logX), Math.exp(logRest)];
  const s = a + b;
  // x^a (1 − x)^b / B(a, b), by the ratios of x and 1 − x to the mean's: the powers would cancel for large parameters.
  const exponent =
    a * (logX + Math.log(s / a) - (x * (s / a) - 1)) +
    b * (logRest + Math.log(s / b) - (rest * (s / b) - 1)) +
    0.5 * (Math.log(a / s) + Math.log(b) - Math.log(2 * Math.PI)) -
    stirlingRemainder(a, 0) -
    stirlingRemainder(b, 0) +
    stirlingRemainder(s, 0);
  const slope = Math.exp(exponent);
  if (x < (a + 1) / (s + 2)) {
    const lower = (slope / a) * betaFraction(x, a, b);
    return { lower, upper: 1 - lower, slope };
  }
  const upper = (slope / b) * betaFraction(rest, b, a);
  return { lower: 1 - upper, upper, slope };
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** The continued fraction of I_x(a, b) (DLMF 8.17.22), two of its steps at a time, by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < MOST_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return fraction;
}
