/** One Bernoulli unit: every estimator's mean and variance by hand. */
import { compile } from '@sbn/compiler';
import { createReferenceEngine, measureVariance, verifyGradient } from '@sbn/runtime';
import { describe, expect, test } from 'vitest';

/** f(b) = c₀ + c₁ b + c₂ b² + c₃ b³ */
const C = [0.6, -1.1, 0.35, 0.8] as const;
const f = (b: number): number => C[0] + C[1] * b + C[2] * b ** 2 + C[3] * b ** 3;
const slope = (b: number): number => C[1] + 2 * C[2] * b + 3 * C[3] * b ** 2;
const bend = (b: number): number => 2 * C[2] + 6 * C[3] * b;

const DIFFERENCE = f(1) - f(0);

/** What a local signal holds: all but the summand that is the same for both values. */
const local = (b: number): number => f(b) - C[0];

interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/** By the logit, with all that an estimator carries held at `state`. */
async function measure(estimator: string, eta: number, state: Readonly<Record<string, number>> = {}): Promise<Moments> {
  const cost = `${String(C[0])} + ${String(C[1])} * b + ${String(C[2])} * b ^ 2 + ${String(C[3])} * b ^ 3`;
  const text = `param eta: real = 0\nmodel { b ~ bernoulli(logits = eta) }\nminimize ${cost}\nestimator ${estimator}`;
  const { value: artifact } = compile({ name: 'unit.sbn', text });
  if (artifact === undefined) throw new Error(`${estimator} does not compile`);
  const parameters = { eta: { shape: [], values: Float64Array.of(eta) } };
  const point = { parameters, data: {}, rows: 1, state };
  const { parameters: found } = await verifyGradient(artifact, { engine: createReferenceEngine(), ...point });
  const variance = await measureVariance(artifact, point);
  return { mean: found[0]?.estimated[0] ?? NaN, variance: variance?.total ?? NaN };
}

/** Var[S(b)(b − p)], of a signal of two values. */
const ofScore = (p: number, s1: number, s0: number): number => p * (1 - p) * ((1 - p) * s1 + p * s0) ** 2;

/**
 * With the mean of the others for a baseline k draws make the sample covariance of S and b: (S(1) − S(0)) times the sample variance of
 * b, which has the variance (μ₄ − σ⁴ (k − 3)/(k − 1))/k.
 */
function ofLeaveOneOut(p: number, k: number, s1: number, s0: number): number {
  const square = p * (1 - p);
  return ((s1 - s0) ** 2 * (square * (1 - 3 * square) - (square ** 2 * (k - 3)) / (k - 1))) / k;
}

describe.each([-1.3, 0.4, 2.1])('at the logit %d', (eta) => {
  const p = 1 / (1 + Math.exp(-eta));
  const square = p * (1 - p);
  const residual = (b: number): number => f(b) - f(p) - slope(p) * (b - p);
  // Of one unit, all of ½Hδ² is subtracted, and ½(1 − 2p)Hδ² is put back.
  const second = (b: number): number => residual(b) - (bend(p) * (b - p) ** 2) / 2;
  const putBack = (b: number): number => ((1 - 2 * p) * bend(p) * (b - p) ** 2) / 2;

  const running = { 'b.signal.total': 0.3, 'b.signal.weight': 0.75 };
  const baseline = 0.4;

  test.each<readonly [estimator: string, variance: number, state: Readonly<Record<string, number>>]>([
    ['likelihood_ratio(center = none)', ofScore(p, local(1), local(0)), {}],
    ['likelihood_ratio(costs = full, center = none)', ofScore(p, f(1), f(0)), {}],
    ['likelihood_ratio', ofScore(p, local(1) - baseline, local(0) - baseline), running],
    ['rloo', DIFFERENCE ** 2 * square * (0.5 - square), {}],
    ['rloo', ofLeaveOneOut(p, 2, f(1), f(0)), {}],
    ['rloo(3)', ofLeaveOneOut(p, 3, f(1), f(0)), {}],
    ['rloo(4)', ofLeaveOneOut(p, 4, f(1), f(0)), {}],
    // The two differ with the probability 2 min(p, 1 − p), and weigh ½ max(p, 1 − p).
    ['disarm', DIFFERENCE ** 2 * square * (Math.max(p, 1 - p) / 2 - square), {}],
    ['muprop(order = 1, center = none)', ofScore(p, residual(1), residual(0)), {}],
    ['muprop(order = 1)', ofScore(p, residual(1) - baseline, residual(0) - baseline), running],
    ['muprop(order = 1, draws = 2)', ofLeaveOneOut(p, 2, residual(1), residual(0)), {}],
    [
      'muprop(order = 2, center = none)',
      square * ((1 - p) * second(1) + putBack(1) - (-p * second(0) + putBack(0))) ** 2,
      {},
    ],
  ])('%s', async (estimator, variance, state) => {
    const measured = await measure(estimator, eta, state);
    expect(Math.abs(measured.mean - square * DIFFERENCE)).toBeLessThan(1e-12);
    expect(Math.abs(measured.variance - variance)).toBeLessThan(1e-12);
    expect(variance).toBeGreaterThan(1e-6);
  });

  test('straight-through and the half estimator have these means', async () => {
    const straight = square * (p * slope(1) + (1 - p) * slope(0));
    expect((await measure('straight_through', eta)).mean).toBeCloseTo(straight, 12);
    expect((await measure('half', eta)).mean).toBeCloseTo((square * (slope(1) + slope(0))) / 2, 12);
    expect(Math.abs(straight - square * DIFFERENCE)).toBeGreaterThan(1e-3);
  });
});
