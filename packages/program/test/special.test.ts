/** Functions without a formula of their own, against values that mpmath 1.3 gives with 80 digits. */
import { describe, expect, it, test } from 'vitest';
import { betaQuantile, gammaQuantile, logGamma, negativeBinomialQuantile, stirlingRemainder } from '../src/index.js';

function expectRelative(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual / expected - 1)).toBeLessThan(tolerance);
}

/** x, and loggamma(x) − (x − ½) log x + x − ½ log 2π with its first three derivatives by psi(n, x). */
const REMAINDERS: readonly (readonly [number, readonly number[]])[] = [
  [1e-6, [5.9888309840731795, -499986.761703462, 499999000001.64496, -9.99999e17]],
  [1e-3, [2.5422704679670947, -493.66781665282815, 499001.64253319585, -999000002.3976322]],
  [0.25, [0.27251040121343206, -0.8411591722563748, 5.197329154507111, -49.32773993753692]],
  [1, [0.08106146679532726, -0.07721566490153287, 0.14493406684822643, -0.4041138063191886]],
  [1.5, [0.05481412105191765, -0.03564180079625453, 0.04591331165579042, -0.08805590349357925]],
  [2, [0.0413406959554093, -0.02036284546147817, 0.019934066848226437, -0.02911380631918857]],
  [3.7, [0.022468770580143148, -0.006044145153532239, 0.00324457790378558, -0.002607122441463447]],
  [11.9, [0.007001156051534211, -0.0005880565122571709, 9.876365028241524e-5, -2.4875156465669487e-5]],
  [12.1, [0.006885487402800748, -0.0005687903787713667, 9.395109498737591e-5, -2.3272622212521225e-5]],
  [100, [0.0008333305556349147, -8.333250003967838e-6, 1.6666333357139525e-7, -4.9998333499970006e-9]],
  [1e6, [8.333333333333056e-8, -8.3333333333325e-14, 1.6666666666663333e-19, -4.999999999998334e-25]],
];

test.each(REMAINDERS)('δ and its derivatives at %f', (x, expected) => {
  expected.forEach((value, order) => {
    // Steps down from 12 lose a digit of what is small there.
    expectRelative(stirlingRemainder(x, order), value, x < 12 ? 4e-13 : 1e-15);
  });
});

test.each([
  [1e-6, 13.815509980749432],
  [0.1, 2.252712651734206],
  [2.5, 0.2846828704729192],
  [10, 12.80182748008147],
  [171.5, 709.1431630309282],
  [1e6, 12815504.569147613],
])('log Γ(%f)', (x, expected) => {
  expectRelative(logGamma(x), expected, 5e-15);
});

test.each([
  [0.999, 0.0005780385328913797],
  [1.001, -0.0005763935982833696],
])('log Γ(%f), near a zero, is as near as numbers of size 1 are to each other', (x, expected) => {
  expect(Math.abs(logGamma(x) - expected)).toBeLessThan(1e-15);
});

describe('outside of the domain', () => {
  it('is NaN, and the limit at the ends', () => {
    expect([-1, NaN, -Infinity].map((x) => stirlingRemainder(x, 0))).toEqual([NaN, NaN, NaN]);
    expect([stirlingRemainder(0, 0), stirlingRemainder(0, 1), stirlingRemainder(Infinity, 0)]).toEqual([
      Infinity,
      -Infinity,
      0,
    ]);
    expect([logGamma(0), logGamma(-0.5)]).toEqual([Infinity, NaN]);
  });

  it('no draw is made', () => {
    expect([gammaQuantile(0.5, 0), gammaQuantile(0.5, -1), gammaQuantile(1.1, 1), gammaQuantile(NaN, 1)]).toEqual(
      Array.from({ length: 4 }, () => NaN),
    );
    expect([betaQuantile(0.5, 0, 1), betaQuantile(0.5, 1, Infinity), betaQuantile(-1, 1, 1)]).toEqual([NaN, NaN, NaN]);
    expect([negativeBinomialQuantile(0.5, 0, 1), negativeBinomialQuantile(0.5, 1, -1)]).toEqual([NaN, NaN]);
  });
});

/** gammainc(a, 0, x, regularized = True), a, x */
test.each([
  [0.4003789804684684, 1e-2, 1e-40],
  [0.9943732438060329, 1e-2, 0.5],
  [1.1142425085473018e-6, 0.3, 1e-20],
  [0.977974019172853, 0.3, 2],
  [9.999999500000016e-8, 1, 1e-7],
  [0.002262655847083079, 7.5, 2],
  [0.4744708702370911, 7.5, 7],
  [0.9995465018648978, 7.5, 20],
  [0.00010321618161983774, 400, 330],
  [0.9999206646825566, 400, 480],
  [0.0007574199211747679, 1e5, 99000],
  [0.9999218099665012, 1e5, 101200],
])('the gamma quantile of %f at shape %f is %f', (u, shape, x) => {
  // A uniform near 1 has lost digits of what is left to 1, and a small shape takes a root of them.
  expectRelative(gammaQuantile(u, shape), x, 1e-11);
});

/** betainc(a, b, 0, x, regularized = True), a, b, x */
test.each([
  [0.3342324090164254, 0.01, 0.02, 1e-30],
  [0.0032812088746947163, 0.3, 4, 1e-9],
  [0.8893580558283096, 0.3, 4, 0.2],
  [0.466064453125, 2, 5, 0.25],
  [0.999945, 2, 5, 0.9],
  [0.09663328513725213, 50, 3, 0.9],
  [0.001853326484607436, 2000, 3000, 0.38],
  [0.9979723323959719, 2000, 3000, 0.42],
])('the beta quantile of %f at %f and %f is %f', (u, a, b, x) => {
  expectRelative(betaQuantile(u, a, b), x, 1e-11);
});

describe('at the ends', () => {
  it('a gamma of a large shape has the median of its cube root’s normal', () => {
    // Between 1e7, where the search ends, and beyond: a − 1/3 up to 8/(405 a).
    for (const shape of [1e4, 9e6, 1.1e7, 1e9])
      expectRelative(gammaQuantile(0.5, shape), shape - 1 / 3, 1e-9 / Math.sqrt(shape / 1e4));
  });

  it('draws grow with the uniform, whatever the parameters', () => {
    const uniforms = Array.from({ length: 200 }, (_, step) => (step + 0.5) / 200);
    const grows = (draws: readonly number[]): boolean =>
      draws.every((draw, place) => Number.isFinite(draw) && (place === 0 || draw >= (draws[place - 1] ?? NaN)));
    for (const a of [1e-6, 1e-2, 1, 30, 1e6]) {
      expect(grows(uniforms.map((u) => gammaQuantile(u, a)))).toBe(true);
      for (const b of [1e-6, 1, 1e6]) {
        expect(grows(uniforms.map((u) => betaQuantile(u, a, b)))).toBe(true);
        expect(grows(uniforms.map((u) => negativeBinomialQuantile(u, a, b)))).toBe(true);
      }
    }
  });

  it('a beta is the mirror image of the one with its parameters changed', () => {
    for (const [a, b] of [
      [0.2, 3],
      [40, 7],
      [1e-6, 1e-6],
    ] as const) {
      for (const u of [0.01, 0.3, 0.5]) expect(1 - betaQuantile(1 - u, b, a)).toBeCloseTo(betaQuantile(u, a, b), 12);
    }
  });

  it('one success and half of the failures are a geometric distribution’s median', () => {
    // P(X ≤ k) = 1 − (1 − p)^{k + 1}
    const p = 1e-6;
    expect(negativeBinomialQuantile(0.5, 1, (1 - p) / p)).toBe(Math.ceil(Math.log(0.5) / Math.log1p(-p)) - 1);
  });
});
