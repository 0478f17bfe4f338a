import { BATCH, type ProgramBuilder, type ValueId } from '@sbn/program';
import { describe, expect, test } from 'vitest';
import { DISTRIBUTIONS, type DistributionName } from '../src/distributions/index.js';
import { normalQuantile } from '../src/distributions/normal-quantile.js';
import { evaluate, valuesOf } from './evaluate.js';

const LOGITS = [0.3, -1.2, 2];
const softmax = (logits: readonly number[]): number[] => {
  const weights = logits.map(Math.exp);
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
};

interface Case {
  readonly title: string;
  readonly name: DistributionName;
  readonly parameter: string;
  readonly values: readonly number[];
  /** Every value of the support, as rows. */
  readonly support: readonly (readonly number[])[];
}

const cube = Array.from({ length: 8 }, (_, index) => [index & 1, (index >> 1) & 1, (index >> 2) & 1]);
const corners = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

const CASES: readonly Case[] = [
  { title: 'bernoulli logits', name: 'bernoulli', parameter: 'logits', values: LOGITS, support: cube },
  { title: 'bernoulli probs', name: 'bernoulli', parameter: 'probs', values: [0.2, 0.5, 0.9], support: cube },
  { title: 'categorical logits', name: 'categorical', parameter: 'logits', values: LOGITS, support: corners },
  { title: 'categorical probs', name: 'categorical', parameter: 'probs', values: softmax(LOGITS), support: corners },
];

describe.each(CASES)('$title', ({ name, parameter, values, support }) => {
  const distribution = DISTRIBUTIONS[name];
  const parameters = (builder: ProgramBuilder): Record<string, ValueId> => ({
    [parameter]: builder.input('parameter', 'theta', [3]),
  });
  const outputs = evaluate(
    (builder) => ({
      log: builder.sumEvent(
        distribution.logProbability(builder, builder.input('data', 'x', [BATCH, 3]), parameters(builder)),
      ),
      mean: distribution.mean(builder, parameters(builder)),
    }),
    { x: support.flat(), theta: values },
    support.length,
  );
  const probabilities = valuesOf(outputs, 'log').map(Math.exp);

  test('probabilities sum to one over the support', () => {
    expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  test('the mean is the expectation over the support', () => {
    const expectation = [0, 1, 2].map((unit) =>
      support.reduce((sum, row, index) => sum + (row[unit] ?? NaN) * (probabilities[index] ?? NaN), 0),
    );
    valuesOf(outputs, 'mean').forEach((mean, unit) => {
      expect(mean).toBeCloseTo(expectation[unit] ?? NaN, 12);
    });
  });

  test('draws from a fine grid of uniforms have the mean', () => {
    // A lattice that fills the cube of three uniforms evenly (Korobov).
    const rows = 4001;
    const noise = Array.from({ length: rows }, (_, row) =>
      [1, 1571, 1571 ** 2].map((g) => (((g % rows) * row) % rows) / rows + 0.5 / rows),
    ).flat();
    const drawn = evaluate(
      (builder) => {
        const uniform = builder.input('noise', 'u', [BATCH, 3]);
        return { draw: distribution.sample(builder, parameters(builder), uniform, [BATCH, 3]) };
      },
      { u: noise, theta: values },
      rows,
    );
    const draws = valuesOf(drawn, 'draw');
    valuesOf(outputs, 'mean').forEach((mean, unit) => {
      const frequency = draws.filter((_, index) => index % 3 === unit).reduce((a, b) => a + b, 0) / rows;
      expect(Math.abs(frequency - mean)).toBeLessThan(0.01);
    });
  });
});

test('a Bernoulli at logits of ±1000 is finite, and so is its probability', () => {
  const outputs = evaluate(
    (builder) => {
      const logits = builder.input('parameter', 'theta', [2]);
      const value = builder.input('data', 'x', [BATCH, 2]);
      return { log: builder.sumEvent(DISTRIBUTIONS.bernoulli.logProbability(builder, value, { logits })) };
    },
    { theta: [1000, -1000], x: [1, 0, 0, 1] },
    2,
  );
  expect(valuesOf(outputs, 'log')).toEqual([0, -2000]);
});

test('the normal has its density', () => {
  const outputs = evaluate(
    (builder) => {
      const [loc, scale] = [builder.constant(1), builder.constant(2)];
      return {
        log: DISTRIBUTIONS.normal.logProbability(builder, builder.input('data', 'x', [BATCH, 1]), { loc, scale }),
      };
    },
    { x: [2] },
  );
  expect(valuesOf(outputs, 'log')[0]).toBeCloseTo(Math.log(Math.exp(-1 / 8) / (2 * Math.sqrt(2 * Math.PI))), 12);
});

test('quantiles of the normal', () => {
  // From tables: Φ(1.959963985) = 0.975, Φ(3.090232306) = 0.999, Φ(0.6744897502) = 0.75.
  const outputs = evaluate(
    (builder) => ({ z: normalQuantile(builder, builder.input('noise', 'u', [BATCH])) }),
    {
      u: [0.975, 0.025, 0.999, 0.75, 0.5, 1e-6],
    },
    6,
  );
  [1.959963985, -1.959963985, 3.090232306, 0.6744897502, 0, -4.753424309].forEach((quantile, index) => {
    expect(Math.abs((valuesOf(outputs, 'z')[index] ?? NaN) - quantile)).toBeLessThan(2e-6);
  });
});
