/**
 * The central claim: the estimator's expectation over all latent configurations, computed by the
 * compiled program, is the gradient of the exactly enumerated objective. No Monte Carlo. The full product
 * of models, estimators and engines is in the nightly run.
 */
import {
  countConfigurations,
  createReferenceEngine,
  createTfjsEngine,
  verifyGradient,
  type Engine,
} from '@sbn/runtime';
import { beforeAll, describe, expect, test } from 'vitest';
import { ESTIMATOR_TABLE } from './estimator-table.js';
import { expectExact, isSmall, SMALL } from './exactness.js';
import { ALL_MODELS, compileTiny, findModel, pickPoint, type TinyModel } from './tiny-models.js';

/** Every estimator on these; every model with these. */
const SOME_MODELS: readonly string[] = ['sbn2', 'chain', 'binomial'];
const SOME_ESTIMATORS: readonly string[] = ['', 'estimator algorithm1', 'estimator likelihood_ratio'];

const PRODUCT = ALL_MODELS.flatMap((model) =>
  ESTIMATOR_TABLE.filter((estimator) => isSmall(model, estimator)).map((estimator) => ({ model, estimator })),
);

describe('in float64', () => {
  const chosen = PRODUCT.filter(
    ({ model, estimator }) => SOME_MODELS.includes(model.title) || SOME_ESTIMATORS.includes(estimator),
  );
  test.each(chosen)('$model.title $estimator', ({ model, estimator }) =>
    expectExact(model, estimator, createReferenceEngine(), 1e-10),
  );
});

/** Each model and each estimator, in turn. */
const DIAGONAL = ALL_MODELS.filter(({ cancels }) => cancels !== true).flatMap((model, down) =>
  ESTIMATOR_TABLE.filter((estimator, across) => (across + down) % 5 === 0 && isSmall(model, estimator)).map(
    (estimator) => ({ model, estimator }),
  ),
);

describe.each(['wasm', 'cpu'] as const)('on %s', (backend) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createTfjsEngine({ backend });
  });

  test.each(DIAGONAL)('$model.title $estimator', ({ model, estimator }) => expectExact(model, estimator, engine, 1e-5));
});

/** Estimators that are biased by their nature, and the models (by the start of their title) too simple to show it. */
const BIASED_TABLE = [
  { estimator: 'straight_through', exactOn: undefined, servesCounts: true },
  // Its cost is quadratic in each unit.
  { estimator: 'half', exactOn: 'toy', servesCounts: false },
  { estimator: 'gumbel(0.5)', exactOn: undefined, servesCounts: false },
] as const;

describe.each(BIASED_TABLE)('$estimator', ({ estimator, exactOn, servesCounts }) => {
  const isServed = ({ counts }: TinyModel): boolean => servesCounts || counts !== true;
  const models = ALL_MODELS.filter(isServed).filter(
    (model) => countConfigurations(compileTiny(model, `estimator ${estimator}`)) <= 8 * SMALL,
  );
  if (!servesCounts) {
    test.each(ALL_MODELS.filter(({ counts }) => counts === true))('is refused for the counts of $title', (model) => {
      expect(() => compileTiny(model, `estimator ${estimator}`)).toThrow('error[SBN4005]');
    });
  }
  test.each(models)('is said to be biased, and is where it can be, on $title', async (model) => {
    const artifact = compileTiny(model, `estimator ${estimator}`);
    for (const { role, verdict } of artifact.sites) if (role === 'latent') expect(verdict?.kind).toBe('biased');
    const result = await verifyGradient(artifact, { engine: createReferenceEngine(), ...pickPoint(artifact, 7) });
    if (exactOn !== undefined && model.title.startsWith(exactOn)) expect(result.maxRelativeError).toBeLessThan(1e-10);
    else expect(result.maxRelativeError).toBeGreaterThan(1e-3);
  });
});

/** DisARM is for Bernoulli sites; on larger models in the nightly run. */
test.each(['bars', 'sbn1', 'skip'])('disarm on %s', async (title) => {
  await expectExact(findModel(title), 'estimator disarm', createReferenceEngine(), 1e-10);
});

/** Normalisation divides by the running deviation: nothing is divided while that is below 1, and then the gradient is exact. */
test.each(['estimator nvil', 'estimator muprop(normalize = yes)', 'estimator muprop(order = 2, normalize = yes)'])(
  '%s is exact up to its scale, and not called unbiased',
  async (estimator) => {
    const artifact = compileTiny(findModel('sbn1'), estimator);
    expect(artifact.sites.find(({ id }) => id === 'h1')?.verdict?.kind).toBe('biased');
    const point = pickPoint(artifact, 7);
    const engine = createReferenceEngine();
    const at = (variance: number): Record<string, number> => ({
      ...point.state,
      'h1.variance.total': variance,
      'h1.variance.weight': 1,
    });
    const unscaled = await verifyGradient(artifact, { engine, ...point, state: at(0.5) });
    expect(unscaled.maxRelativeError).toBeLessThan(1e-10);
    const scaled = await verifyGradient(artifact, { engine, ...point, state: at(16) });
    // The guide's gradient comes from h1 alone: it is a quarter as long, in the same direction.
    const guide = scaled.parameters.filter(({ name }) => name.startsWith('guide.'));
    for (const { estimated, exact } of guide) {
      estimated.forEach((value, index) => {
        expect(value).toBeCloseTo((exact[index] ?? NaN) / 4, 10);
      });
    }
  },
);
