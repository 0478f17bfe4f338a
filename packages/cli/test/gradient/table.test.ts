/**
 * Every estimator on every structure, distribution and objective: the unbiased ones' expectation is the exact gradient, the biased
 * ones' is not, and what cannot be served is said to be so. No Monte Carlo.
 */
import { compile } from '@sbn/compiler';
import { createTfjsEngine, type Engine } from '@sbn/runtime';
import { beforeAll, describe, expect, test } from 'vitest';
import { BIASED_TABLE, ESTIMATOR_TABLE, NORMALIZED_TABLE, SAME_FORMS, SPECIAL_TABLE } from './estimator-table.js';
import { differentiateLikelihood } from './exact-likelihood.js';
import { OBJECTIVES } from './model-table.js';
import {
  compileCell,
  DISTRIBUTION_NAMES,
  errorOfAll,
  expectVerdicts,
  pickRow,
  sourceOf,
  STRUCTURE_NAMES,
  TABLE_MODELS,
  verifyCell,
  withVariance,
} from './table-check.js';

/** One name for each form. */
const FORMS = ESTIMATOR_TABLE.filter((estimator) => SAME_FORMS.every(([, other]) => other !== estimator));

test.each(SAME_FORMS)('%s compiles to the programs of %s', (one, other) => {
  const model = { distribution: 'bernoulli', structure: 'skip connection', objective: 'elbo' } as const;
  expect(compileCell(model, other).programs).toEqual(compileCell(model, one).programs);
});

describe.each(TABLE_MODELS)('$distribution, $structure, $objective', (model) => {
  test.each(FORMS)('%s is unbiased', async (estimator) => {
    const artifact = compileCell(model, estimator);
    expectVerdicts(artifact, 'unbiased');
    const { maxRelativeError } = await verifyCell(artifact);
    expect(maxRelativeError).toBeLessThan(1e-10);
  });

  test.each(SPECIAL_TABLE)('$estimator is unbiased, or refuses', async ({ estimator, serves }) => {
    if (!serves.includes(model.distribution)) {
      const { value, diagnostics } = compile(sourceOf(model, estimator));
      expect(value).toBeUndefined();
      expect([...new Set(diagnostics.map(({ code }) => code))]).toEqual(['SBN4005']);
      return;
    }
    const artifact = compileCell(model, estimator);
    expectVerdicts(artifact, 'unbiased');
    const { maxRelativeError } = await verifyCell(artifact);
    expect(maxRelativeError).toBeLessThan(1e-10);
  });

  test('enumerate is exact', async () => {
    const artifact = compileCell(model, 'estimator enumerate');
    expectVerdicts(artifact, 'exact');
    const { maxRelativeError, objective, parameters } = await verifyCell(artifact);
    expect(maxRelativeError).toBeLessThan(1e-10);
    if (model.objective !== 'likelihood') return;
    // The sum inside of the logarithm is part of the objective: it is made here from the model whose sites are drawn.
    const drawn = compileCell(model, 'estimator likelihood_ratio(center = none)');
    const latents = drawn.sites.filter(({ role }) => role === 'latent').map(({ id }) => id);
    const likelihood = differentiateLikelihood(drawn, new Set(latents), pickRow(drawn));
    expect(objective).toBeCloseTo(likelihood.objective, 10);
    for (const { name, exact } of parameters) {
      const numbers = likelihood.gradient.get(name);
      exact.forEach((value, index) => {
        expect(value, name).toBeCloseTo(numbers?.[index] ?? NaN, 8);
      });
    }
  });

  // No cost of the table is quadratic in a unit, or linear in a site's mean: there is no model here that is too simple for the bias.
  test.each(BIASED_TABLE)('%s is biased', async (estimator) => {
    const artifact = compileCell(model, estimator);
    expectVerdicts(artifact, 'biased');
    const { maxRelativeError } = await verifyCell(artifact);
    expect(maxRelativeError).toBeGreaterThan(1e-3);
  });

  // Sites are scaled, and what the costs' own parameters learn directly is not: E(s) = A + sB, with the exact gradient at s = 1.
  test.each(NORMALIZED_TABLE)('%s is exact up to its scale', async (estimator) => {
    const artifact = compileCell(model, estimator);
    expectVerdicts(artifact, 'biased');
    const [whole, half, quarter] = await Promise.all(
      [1, 4, 16].map((variance) => verifyCell(artifact, { state: withVariance(artifact, variance) })),
    );
    expect(whole?.maxRelativeError).toBeLessThan(1e-10);
    const moves: number[] = [];
    whole?.parameters.forEach(({ exact, estimated }, parameter) => {
      const largest = Math.max(...exact.map(Math.abs), 1e-3);
      estimated.forEach((atOne, index) => {
        const atHalf = half?.parameters[parameter]?.estimated[index] ?? NaN;
        const atQuarter = quarter?.parameters[parameter]?.estimated[index] ?? NaN;
        expect(Math.abs(atHalf - atQuarter - (atOne - atHalf) / 2) / largest).toBeLessThan(1e-9);
        moves.push(Math.abs(atOne - atHalf) / largest);
      });
    });
    expect(Math.max(...moves)).toBeGreaterThan(1e-3);
  });
});

/** Every estimator with every distribution, in such an order that every structure and objective comes up. */
const DIAGONAL = [...FORMS, 'estimator enumerate', ...SPECIAL_TABLE.map(({ estimator }) => estimator)].flatMap(
  (estimator, row) =>
    DISTRIBUTION_NAMES.filter((name) =>
      SPECIAL_TABLE.every((special) => special.estimator !== estimator || special.serves.includes(name)),
    ).map((distribution, column) => ({
      estimator,
      distribution,
      structure: STRUCTURE_NAMES[(row + 4 * column) % STRUCTURE_NAMES.length] ?? 'one site',
      objective: OBJECTIVES[(row + Math.floor(row / OBJECTIVES.length) + column) % OBJECTIVES.length] ?? 'loss',
    })),
);

describe('in float32 on wasm', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createTfjsEngine({ backend: 'wasm' });
  });

  test.each(DIAGONAL)('$distribution, $structure, $objective: $estimator', async ({ estimator, ...model }) => {
    expect(errorOfAll(await verifyCell(compileCell(model, estimator), { engine }))).toBeLessThan(1e-5);
  });
});
