/** The quantile function of the gamma distribution of rate 1: a draw from one uniform. */
import { findRoot } from './find-root.js';
import { normalQuantile } from './normal-quantile.js';
import { stirlingRemainder } from './stirling.js';

/** From this shape on the cube root is normal to 1e-10 (Wilson and Hilferty 1931). */
const LARGE_SHAPE = 1e7;

/** Of a series or a continued fraction; enough for shapes up to `LARGE_SHAPE`. */
const MOST_TERMS = 50_000;

/** The x with P(a, x) = u, for u ∈ [0, 1] and a shape a > 0; 0 where it is too small for a float64. */
export function gammaQuantile(u: number, shape: number): number {
  if (!(u >= 0 && u <= 1 && shape > 0 && shape < Infinity)) return NaN;
  if (u === 0) return 0;
  if (u === 1) return Infinity;
  const cubeRoot = 1 - 1 / (9 * shape) + normalQuantile(u) / (3 * Math.sqrt(shape));
  if (shape >= LARGE_SHAPE) return shape * cubeRoot ** 3;
  // Where that is no start, P(a, x) is nearly x^a / Γ(a + 1).
  const power = (Math.log(u) + logGammaOfNext(shape)) / shape;
  const start = shape >= 1 && cubeRoot > 0.1 ? Math.log(shape) + 3 * Math.log(cubeRoot) : Math.min(power, 1);
  const root = findRoot((t) => {
    const { lower, upper, slope } = gammaTails(shape, t);
    return u <= 0.5 ? [Math.log(lower / u), slope / lower] : [Math.log((1 - u) / upper), slope / upper];
  }, start);
  return Math.exp(root);
}

/** log Γ(a + 1) */
function logGammaOfNext(a: number): number {
  return (a + 0.5) * Math.log(a) - a + 0.5 * Math.log(2 * Math.PI) + stirlingRemainder(a, 0);
}

interface Tails {
  readonly lower: number;
  readonly upper: number;
  /** The derivative of `lower`. */
  readonly slope: number;
}

/** P(a, x), Q(a, x) and the derivative of P by t, at x = e^t. */
export function gammaTails(a: number, t: number): Tails {
  const x = Math.exp(t);
  // x^a e^−x / Γ(a + 1), by the ratio x/a, as the powers would cancel for a large shape.
  const excess = t - Math.log(a) - (x / a - 1);
  const front = Math.exp(a * excess - 0.5 * Math.log(2 * Math.PI * a) - stirlingRemainder(a, 0));
  const slope = a * front;
  if (x < a + 1) {
    const lower = front * lowerSeries(a, x);
    return { lower, upper: 1 - lower, slope };
  }
  const upper = slope * upperFraction(a, x);
  return { lower: 1 - upper, upper, slope };
}

/** Σ_n xⁿ / ((a + 1) … (a + n)) */
function lowerSeries(a: number, x: number): number {
  let [term, sum] = [1, 1];
  for (let n = 1; n < MOST_TERMS && term > sum * 1e-17; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** Legendre's continued fraction 1/(x + 1 − a − 1(1 − a)/(x + 3 − a − …)), evaluated by Lentz's method. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < MOST_TERMS; n += 1) {
    const numerator = n * (a - n);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return fraction;
}
