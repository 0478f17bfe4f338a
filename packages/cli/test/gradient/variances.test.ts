/**
 * What leaves the mean right shows in the variance alone: mistakes and choices that no comparison of expectations finds. Variances
 * are exact, over all configurations at one point.
 */
import { measureVariance } from '@sbn/runtime';
import { describe, expect, test } from 'vitest';
import { ESTIMATORS_WITH_MUTANTS } from './mutants/index.js';
import type { ObjectiveName, StructureName } from './model-table.js';
import { compileCell, pickRow, verifyCell, type Cell } from './table-check.js';
import { expectVerdicts } from './table-expectations.js';

interface Comparison {
  readonly what: string;
  readonly worse: string;
  readonly better: string;
  /** By what the variance is larger at least, on which structure and objective. */
  readonly by: readonly (readonly [factor: number, structure: StructureName, objective: ObjectiveName])[];
}

const COMPARISONS: readonly Comparison[] = [
  {
    what: 'a residual that leaves the draws downstream in',
    worse: 'muprop(order = 1, residual = plain)',
    better: 'muprop(order = 1)',
    by: [
      [4.5, 'chain of 2', 'loss'],
      [7, 'chain of 3', 'loss'],
      [3.5, 'cost of some sites', 'loss'],
      [1.4, 'chain of 2', 'elbo'],
    ],
  },
  {
    what: 'costs that the site cannot influence',
    worse: 'costs_of_others',
    better: 'right_first_order',
    by: [
      [7, 'site without descendants', 'elbo'],
      [2.8, 'cost of some sites', 'elbo'],
      [2.4, 'cost of some sites', 'likelihood'],
      [3, 'cost of some sites', 'loss'],
    ],
  },
  {
    what: 'all costs for the likelihood ratio',
    worse: 'likelihood_ratio(costs = full, center = none)',
    better: 'likelihood_ratio(center = none)',
    by: [
      [1.6, 'site without descendants', 'elbo'],
      [1.7, 'cost of some sites', 'loss'],
    ],
  },
  {
    what: 'one mean-field pass in place of rollouts',
    worse: 'muprop(order = 1, expansion = trunk)',
    better: 'muprop(order = 1)',
    by: [
      [3.5, 'skip connection', 'loss'],
      [2, 'siblings', 'loss'],
      [7, 'site without descendants', 'loss'],
    ],
  },
  {
    what: 'no second order',
    worse: 'muprop(order = 1)',
    better: 'muprop(order = 2)',
    by: [
      [1.7, 'skip connection', 'loss'],
      [1.3, 'chain of 3', 'loss'],
    ],
  },
  {
    what: 'no control variate',
    worse: 'likelihood_ratio(center = none)',
    better: 'muprop(order = 1)',
    by: [
      [40, 'chain of 3', 'loss'],
      [5, 'chain of 3', 'elbo'],
    ],
  },
  {
    what: 'one draw in place of two',
    worse: 'likelihood_ratio(center = none)',
    better: 'rloo',
    by: [[14, 'chain of 2', 'likelihood']],
  },
  {
    what: 'independent draws in place of antithetic ones',
    worse: 'rloo',
    better: 'disarm',
    by: [[1.5, 'chain of 2', 'likelihood']],
  },
  { what: 'two draws in place of three', worse: 'rloo', better: 'rloo(3)', by: [[1.6, 'one site', 'elbo']] },
];

const UNIT = { units: 1, classes: 2, cut: 0 };

const CASES = COMPARISONS.flatMap(({ by, ...rest }) =>
  by.map(([factor, structure, objective]) => ({ ...rest, factor, structure, objective })),
);

describe.each(CASES)('$what: $structure, $objective', ({ worse, better, factor, structure, objective }) => {
  const compileOf = (estimator: string): Cell =>
    compileCell(
      { distribution: 'bernoulli', structure, objective },
      `estimator ${estimator}`,
      [{ ...UNIT, units: 2 }, UNIT, UNIT],
      { estimators: ESTIMATORS_WITH_MUTANTS },
    );

  test.each([worse, better])('%s is unbiased', async (estimator) => {
    const cell = compileOf(estimator);
    expectVerdicts(cell.artifact, 'unbiased');
    expect((await verifyCell(cell)).maxRelativeError).toBeLessThan(1e-10);
  });

  test(`${worse} has ${String(factor)} times the variance of ${better}`, async () => {
    const varianceOf = async (estimator: string): Promise<number> => {
      const cell = compileOf(estimator);
      return (await measureVariance(cell.artifact, pickRow(cell)))?.total ?? NaN;
    };
    expect(await varianceOf(worse)).toBeGreaterThan(factor * (await varianceOf(better)));
  });
});
