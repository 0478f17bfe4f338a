/** What is left of log Γ when Stirling's formula is taken from it, and its derivatives. */

/** B_{2k} / (2k (2k − 1)) for k = 1, …, 9: the coefficients of Stirling's series in 1/x, 1/x³, … */
const SERIES = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
  43867 / 244188,
] as const;

/** From here on the first term that is left out is below 1e-16 of the whole. */
const SERIES_FROM = 12;

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * The derivative of the given order of δ(x) = log Γ(x) − (x − ½) log x + x − ½ log 2π, for x ≥ 0; NaN below. Where Stirling's
 * formula itself cancels, as in a ratio of gamma functions, δ keeps the digits that log Γ has lost. To about 1e-14, relative.
 */
export function stirlingRemainder(x: number, order: number): number {
  if (!(x >= 0)) return NaN;
  if (x === 0) return order % 2 === 0 ? Infinity : -Infinity;
  if (x === Infinity) return 0;
  let shifted = x;
  let sum = 0;
  for (; shifted < SERIES_FROM; shifted += 1) sum += remainderStep(shifted, order);
  return sum + remainderSeries(shifted, order);
}

/** log Γ(x) for x > 0: to about 1e-15 of x log x, or of 1 near the zeros at 1 and 2. */
export function logGamma(x: number): number {
  if (x === 0) return Infinity;
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingRemainder(x, 0);
}

/** Termwise, Σ_k c_k (1 − 2k)(−2k) … (2 − 2k − order) x^{1 − 2k − order}. */
function remainderSeries(x: number, order: number): number {
  return SERIES.reduceRight((sum, coefficient, place) => {
    let factor = coefficient;
    for (let step = 0; step < order; step += 1) factor *= -1 - 2 * place - step;
    return sum + factor * x ** (-1 - 2 * place - order);
  }, 0);
}

/** δ(x) − δ(x + 1) = (x + ½) L(x) − 1 with L(x) = log(1 + 1/x), or that derivative of it: (x + ½) L⁽ⁿ⁾ + n L⁽ⁿ⁻¹⁾. */
function remainderStep(x: number, order: number): number {
  const product = (x + 0.5) * logStep(x, order);
  return order === 0 ? product - 1 : product + order * logStep(x, order - 1);
}

/** L⁽ⁿ⁾(x) = (−1)ⁿ⁻¹ (n − 1)! ((x + 1)⁻ⁿ − x⁻ⁿ) */
function logStep(x: number, order: number): number {
  if (order === 0) return Math.log1p(1 / x);
  let factor = 1;
  for (let step = 1; step < order; step += 1) factor *= -step;
  return factor * ((x + 1) ** -order - x ** -order);
}
