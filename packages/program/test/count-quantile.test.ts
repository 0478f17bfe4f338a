/** `count_quantile` against distribution functions that are added up term by term, and where no sum can be. */
import { describe, expect, it, test } from 'vitest';
import { at, countQuantile } from '../src/index.js';

/** Probabilities of 0, 1, …, from their logarithms. */
function distribution(last: number, logProbability: (k: number) => number): number[] {
  return Array.from({ length: last + 1 }, (_, k) => Math.exp(logProbability(k)));
}

const logFactorials = [0];
for (let k = 1; k < 20_000; k += 1) logFactorials.push(at(logFactorials, k - 1) + Math.log(k));
const logFactorial = (k: number): number => at(logFactorials, k);

const poisson = (rate: number) =>
  distribution(Math.ceil(rate + 40 * Math.sqrt(rate) + 40), (k) => k * Math.log(rate) - rate - logFactorial(k));
const binomial = (n: number, p: number) =>
  distribution(n, (k) => {
    const ways = logFactorial(n) - logFactorial(k) - logFactorial(n - k);
    return ways + k * Math.log(p) + (n - k) * Math.log1p(-p);
  });
const geometric = (p: number) =>
  distribution(Math.ceil(60 / p), (k) => Math.log(p) + (k === 0 ? 0 : k * Math.log1p(-p)));

const CASES = [
  ...[1e-6, 0.3, 2, 30, 255, 900, 1100, 9000].map((rate) => ({
    name: `poisson(${String(rate)})`,
    of: poisson(rate),
    l: 0,
    b: rate,
  })),
  ...(
    [
      [1, 0.3],
      [5, 0.5],
      [60, 0.02],
      [255, 0.4],
      [6000, 0.3],
      [40, 0.95],
    ] as const
  ).map(([n, p]) => ({
    name: `binomial(${String(n)}, ${String(p)})`,
    of: binomial(n, p),
    l: -Math.log1p(-p),
    b: ((n + 1) * p) / (1 - p),
  })),
  ...[1, 0.9, 0.5, 0.03].map((p) => ({ name: `geometric(${String(p)})`, of: geometric(p), l: Math.log(p), b: 0 })),
];

test.each(CASES)('$name: the least count that the uniform does not exceed', ({ of, l, b }) => {
  const cumulative: number[] = [];
  of.reduce((sum, p, k) => (cumulative[k] = sum + p), 0);
  for (let step = 0; step < 2000; step += 1) {
    const u = (step + 0.5) / 2000;
    const k = countQuantile(u, l, b);
    // The tables and the expansion for large variances are right to so much.
    const slack = 1e-8;
    expect(at(cumulative, k)).toBeGreaterThan(u - slack);
    if (k > 0) expect(at(cumulative, k - 1)).toBeLessThan(u + slack);
  }
});

describe('where no sum can be taken', () => {
  it.each([1e5, 1e6, 1e9, 1e20])('a rate of %d has its mean and variance', (rate) => {
    let [sum, squares] = [0, 0];
    const draws = 20_000;
    for (let step = 0; step < draws; step += 1) {
      const standard = (countQuantile((step + 0.5) / draws, 0, rate) - rate) / Math.sqrt(rate);
      sum += standard;
      squares += standard ** 2;
    }
    expect(Math.abs(sum / draws)).toBeLessThan(1e-3);
    expect(Math.abs(squares / draws - 1)).toBeLessThan(1e-3);
  });

  it('a geometric count of probability 1e-30 is as large as it should be', () => {
    expect(countQuantile(0.5, Math.log(1e-30), 0) / (Math.LN2 * 1e30)).toBeCloseTo(1, 12);
  });

  it('is 0 where there is nothing to count', () => {
    expect([countQuantile(0.7, 0, 0), countQuantile(0.7, 0.5, 0), countQuantile(0.999, 0, 1e-30)]).toEqual([0, 0, 0]);
  });

  it('ends at uniforms of 0 and 1, and at the last value of a binomial', () => {
    expect([countQuantile(0, 0, 3), countQuantile(0, -1, 0), countQuantile(0, 0, 5000) < 5000]).toEqual([0, 0, true]);
    expect(Number.isFinite(countQuantile(1, 0, 3))).toBe(true);
    expect(Number.isFinite(countQuantile(1, 0, 5000))).toBe(true);
    expect(countQuantile(1, Math.LN2, 8)).toBe(7);
  });

  it('is NaN for what is no distribution of these families', () => {
    const wrong = [
      [NaN, 0, 1],
      [0.5, NaN, 1],
      [0.5, NaN, 0],
      [0.5, 0, NaN],
      [0.5, 0, -1],
      [0.5, 0, Infinity],
      [0.5, -1, 1],
      [1.5, 0, 1],
    ] as const;
    for (const [u, l, b] of wrong) expect(countQuantile(u, l, b)).toBeNaN();
  });
});
