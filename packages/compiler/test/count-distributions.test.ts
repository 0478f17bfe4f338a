/** Distributions of counts against probabilities that are multiplied out, and where float64 is at its limits. */
import { BATCH, type ProgramBuilder, type ValueId } from '@sbn/program';
import { describe, expect, it, test } from 'vitest';
import { differentiate } from '../src/differentiate.js';
import { DISTRIBUTIONS, type DistributionName } from '../src/distributions/index.js';
import { logGamma } from '../src/distributions/log-gamma.js';
import { evaluate, valuesOf } from './evaluate.js';

interface Case {
  readonly name: DistributionName;
  readonly parameters: Readonly<Record<string, number>>;
  /** p(k) from p(k − 1), and p(0): what the logarithms are not computed by. */
  readonly first: number;
  readonly ratio: (k: number) => number;
  readonly mean: number;
  readonly variance: number;
  /** Values up to which the probabilities sum to 1 in float64. */
  readonly last: number;
}

const poisson = (form: string, value: number, rate: number): Case => ({
  name: 'poisson',
  parameters: { [form]: value },
  first: Math.exp(-rate),
  ratio: (k) => rate / k,
  mean: rate,
  variance: rate,
  last: Math.ceil(rate + 30 * Math.sqrt(rate) + 30),
});
const binomial = (trials: number, form: string, value: number, p: number): Case => ({
  name: 'binomial',
  parameters: { trials, [form]: value },
  first: (1 - p) ** trials,
  ratio: (k) => ((trials - k + 1) / k) * (p / (1 - p)),
  mean: trials * p,
  variance: trials * p * (1 - p),
  last: trials,
});
const geometric = (form: string, value: number, p: number): Case => ({
  name: 'geometric',
  parameters: { [form]: value },
  first: p,
  ratio: () => 1 - p,
  mean: (1 - p) / p,
  variance: (1 - p) / p ** 2,
  last: Math.ceil(50 / p),
});
const sigmoid = (l: number): number => 1 / (1 + Math.exp(-l));

const CASES: readonly Case[] = [
  poisson('rate', 0.3, 0.3),
  poisson('rate', 40, 40),
  poisson('log_rate', -1.2, Math.exp(-1.2)),
  poisson('log_rate', 2.5, Math.exp(2.5)),
  binomial(1, 'logits', 0.4, sigmoid(0.4)),
  binomial(7, 'logits', -1.3, sigmoid(-1.3)),
  binomial(30, 'probs', 0.85, 0.85),
  geometric('probs', 0.25, 0.25),
  geometric('logits', 1.5, sigmoid(1.5)),
];

/** `parameters` are inputs of the program, as they are in one that is compiled. */
function inputsOf(builder: ProgramBuilder, parameters: Readonly<Record<string, number>>): Record<string, ValueId> {
  return Object.fromEntries(Object.keys(parameters).map((name) => [name, builder.input('parameter', name, [])]));
}

function asInputs(parameters: Readonly<Record<string, number>>): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]]));
}

function logProbabilities({ name, parameters }: Pick<Case, 'name' | 'parameters'>, values: readonly number[]) {
  const outputs = evaluate(
    (builder) => {
      const x = builder.input('data', 'x', [BATCH]);
      return { log: DISTRIBUTIONS[name].logProbability(builder, x, inputsOf(builder, parameters)) };
    },
    { x: values, ...asInputs(parameters) },
    values.length,
  );
  return valuesOf(outputs, 'log');
}

function draw({ name, parameters }: Pick<Case, 'name' | 'parameters'>, uniforms: readonly number[]) {
  const outputs = evaluate(
    (builder) => {
      const noise = builder.input('noise', 'u', [BATCH]);
      return { draw: DISTRIBUTIONS[name].sample(builder, inputsOf(builder, parameters), noise, [BATCH]) };
    },
    { u: uniforms, ...asInputs(parameters) },
    uniforms.length,
  );
  return valuesOf(outputs, 'draw');
}

describe.each(CASES)('$name of $parameters', (distribution) => {
  const { name, parameters, first, ratio, mean, variance, last } = distribution;
  const support = Array.from({ length: last + 1 }, (_, k) => k);
  const logs = logProbabilities(distribution, support);

  test('the probabilities are those that are multiplied out', () => {
    let p = first;
    for (const k of support) {
      if (k > 0) p *= ratio(k);
      expect(Math.abs(Math.exp(logs[k] ?? NaN) - p)).toBeLessThan(1e-13);
    }
  });

  test('they sum to 1, with the mean and the variance that there should be', () => {
    const moment = (power: number): number =>
      support.reduce((sum, k) => sum + (k - mean) ** power * Math.exp(logs[k] ?? NaN), 0);
    expect([moment(0), moment(1), moment(2) / variance].map((value) => Math.abs(value))).toEqual([
      expect.closeTo(1, 11),
      expect.closeTo(0, 11),
      expect.closeTo(1, 11),
    ]);
    const outputs = evaluate(
      (builder) => ({ mean: DISTRIBUTIONS[name].mean(builder, inputsOf(builder, parameters)) }),
      asInputs(parameters),
    );
    expect(valuesOf(outputs, 'mean')[0]).toBeCloseTo(mean, 12);
  });

  test('a draw is the least count whose distribution function reaches the uniform', () => {
    const uniforms = Array.from({ length: 999 }, (_, step) => (step + 0.5) / 999);
    const cumulative: number[] = [];
    logs.reduce((sum, log, k) => (cumulative[k] = sum + Math.exp(log)), 0);
    draw(distribution, uniforms).forEach((k, step) => {
      const u = uniforms[step] ?? NaN;
      // A binomial that counts failures takes the uniform from the other end.
      expect(cumulative[k]).toBeGreaterThan(u - 1e-12);
      if (k > 0) expect(cumulative[k - 1]).toBeLessThan(u + 1e-12);
    });
  });

  test('the third moment over the second is what the second order puts back', () => {
    const moment = (power: number): number =>
      support.reduce((sum, k) => sum + (k - mean) ** power * Math.exp(logs[k] ?? NaN), 0);
    const outputs = evaluate((builder) => {
      const natural = DISTRIBUTIONS[name].natural(builder, inputsOf(builder, parameters));
      return natural === undefined ? {} : { skew: natural.skew, parameter: natural.parameter };
    }, asInputs(parameters));
    const skew = outputs.get('skew');
    if (skew === undefined) expect(parameters).toHaveProperty('trials');
    else expect(skew[0]).toBeCloseTo(moment(3) / moment(2), 9);
  });
});

describe('at the limits', () => {
  const EXTREMES = [
    { name: 'poisson', parameters: { rate: 1e-6 }, values: [0, 1, 5] },
    { name: 'poisson', parameters: { rate: 1e6 }, values: [0, 1e6, 1.01e6] },
    { name: 'poisson', parameters: { rate: 0 }, values: [0, 3] },
    { name: 'poisson', parameters: { log_rate: -50 }, values: [0, 3] },
    { name: 'poisson', parameters: { log_rate: 14 }, values: [0, 1e6] },
    { name: 'binomial', parameters: { trials: 10, logits: 50 }, values: [0, 10] },
    { name: 'binomial', parameters: { trials: 10, logits: -50 }, values: [0, 10] },
    { name: 'binomial', parameters: { trials: 1e6, probs: 0.5 }, values: [0, 5e5, 1e6] },
    { name: 'binomial', parameters: { trials: 10, probs: 0 }, values: [0, 10] },
    { name: 'binomial', parameters: { trials: 10, probs: 1 }, values: [0, 10] },
    { name: 'geometric', parameters: { logits: 50 }, values: [0, 10] },
    { name: 'geometric', parameters: { logits: -50 }, values: [0, 1e6] },
    { name: 'geometric', parameters: { probs: 1 }, values: [0, 10] },
    { name: 'geometric', parameters: { probs: 1e-6 }, values: [0, 1e6] },
  ] as const;

  it.each(EXTREMES)('$name of $parameters is finite, and draws', (distribution) => {
    for (const log of logProbabilities(distribution, distribution.values)) expect(Number.isFinite(log)).toBe(true);
    for (const k of draw(distribution, [1e-7, 0.5, 1 - 1e-7])) expect(k >= 0 && Number.isInteger(k)).toBe(true);
  });

  it('a Poisson of rate 1e6 has the density of its normal limit at the mean', () => {
    const [log = NaN] = logProbabilities({ name: 'poisson', parameters: { rate: 1e6 } }, [1e6]);
    // −½ log(2πλ) − 1/(12λ), up to the cancellation of terms of 1e7.
    expect(Math.abs(log + 0.5 * Math.log(2 * Math.PI * 1e6) + 1 / 12e6)).toBeLessThan(1e-8);
  });

  it('what is certain is drawn', () => {
    const at = [0.001, 0.5, 0.999];
    expect(draw({ name: 'binomial', parameters: { trials: 10, logits: 50 } }, at)).toEqual([10, 10, 10]);
    expect(draw({ name: 'binomial', parameters: { trials: 10, probs: 1 } }, at)).toEqual([10, 10, 10]);
    expect(draw({ name: 'binomial', parameters: { trials: 10, probs: 0 } }, at)).toEqual([0, 0, 0]);
    expect(draw({ name: 'geometric', parameters: { probs: 1 } }, at)).toEqual([0, 0, 0]);
  });

  it('no draw of a binomial passes its trials', () => {
    const ends = [1e-12, 1 - 1e-12, 1 - 2 ** -53];
    for (const trials of [1, 3, 1000, 1e6]) {
      for (const logits of [-30, -1, 0, 1, 30]) {
        const draws = draw({ name: 'binomial', parameters: { trials, logits } }, ends);
        for (const k of draws) expect(k >= 0 && k <= trials).toBe(true);
      }
    }
  });
});

describe('log Γ', () => {
  const values = (xs: readonly number[]): readonly number[] =>
    valuesOf(
      evaluate((builder) => ({ y: logGamma(builder, builder.input('data', 'x', [BATCH])) }), { x: xs }, xs.length),
      'y',
    );

  it('is that of factorials and of half-integers, to 1e-12', () => {
    let [factorial, half] = [0, 0.5 * Math.log(Math.PI) - Math.LN2];
    for (let n = 1; n < 400; n += 1) {
      const [whole = NaN, between = NaN] = values([n, n + 0.5]);
      expect(Math.abs(whole - factorial)).toBeLessThan(1e-12 * Math.max(1, factorial));
      expect(Math.abs(between - half)).toBeLessThan(1e-12 * Math.max(1, half));
      factorial += Math.log(n);
      half += Math.log(n + 0.5);
    }
  });

  it('is Stirling’s where it is large', () => {
    const x = 1e6;
    const expected = (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x);
    expect((values([x])[0] ?? NaN) / expected).toBeCloseTo(1, 14);
  });

  it('has the digamma and the trigamma function as derivatives', () => {
    const outputs = evaluate(
      (builder) => {
        const x = builder.input('data', 'x', [BATCH]);
        const one = builder.fill(1, [BATCH]);
        const [first = NaN] = differentiate(builder, [{ value: logGamma(builder, x), adjoint: one }], [x]);
        const [second = NaN] = differentiate(builder, [{ value: first, adjoint: one }], [x]);
        return { first, second };
      },
      { x: [1, 1.5, 2] },
      3,
    );
    const euler = 0.5772156649015329;
    const firsts = [-euler, 2 - euler - 2 * Math.LN2, 1 - euler];
    const seconds = [Math.PI ** 2 / 6, Math.PI ** 2 / 2 - 4, Math.PI ** 2 / 6 - 1];
    firsts.forEach((value, place) => {
      expect(valuesOf(outputs, 'first')[place]).toBeCloseTo(value, 11);
    });
    seconds.forEach((value, place) => {
      expect(valuesOf(outputs, 'second')[place]).toBeCloseTo(value, 10);
    });
  });
});
