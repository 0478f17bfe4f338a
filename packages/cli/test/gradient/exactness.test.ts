/**
 * The central claim: the estimator's expectation over all latent configurations, computed by the
 * compiled program, is the gradient of the exactly enumerated objective. No Monte Carlo.
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
import { ALL_MODELS, compileTiny, pickPoint, type TinyModel } from './tiny-models.js';

/** Largest difference over largest magnitude, per parameter. */
const TOLERANCE = { reference: 1e-10, wasm: 1e-5, cpu: 1e-5 } as const;

const MOST_WITH_DRAWS = 600;

describe.each(['reference', 'wasm', 'cpu'] as const)('on the %s engine', (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = name === 'reference' ? createReferenceEngine() : await createTfjsEngine({ backend: name });
  });

  // Several draws at every site multiply the configurations: they are counted out where that takes a second.
  const isSmall = (model: TinyModel, estimator: string): boolean =>
    !/draws|rloo|disarm/.test(estimator) || countConfigurations(compileTiny(model, estimator)) <= MOST_WITH_DRAWS;

  for (const model of ALL_MODELS.filter(({ cancels }) => name === 'reference' || cancels !== true)) {
    test.each(ESTIMATOR_TABLE.filter((estimator) => isSmall(model, estimator)))(
      `${model.title} %s`,
      async (estimator) => {
        const artifact = compileTiny(model, estimator);
        const point = pickPoint(artifact, 7);
        const result = await verifyGradient(artifact, { engine, ...point });
        for (const site of artifact.sites) {
          if (site.role === 'latent') expect(site.verdict).toEqual({ kind: 'unbiased' });
        }
        expect(result.configurations).toBeGreaterThan(1);
        expect(result.maxRelativeError).toBeLessThan(TOLERANCE[name]);
      },
    );
  }
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
    (model) => countConfigurations(compileTiny(model, `estimator ${estimator}`)) <= MOST_WITH_DRAWS * 8,
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

/** DisARM is for Bernoulli sites. */
test.each(['bars', 'sbn1', 'sbn2', 'completion', 'deep, 3 layers', 'skip'])('disarm on %s', async (title) => {
  const model = ALL_MODELS.find((candidate) => candidate.title === title);
  if (model === undefined) throw new Error(`${title} is gone`);
  const artifact = compileTiny(model, 'estimator disarm');
  for (const { role, verdict } of artifact.sites) if (role === 'latent') expect(verdict).toEqual({ kind: 'unbiased' });
  const result = await verifyGradient(artifact, { engine: createReferenceEngine(), ...pickPoint(artifact, 7) });
  expect(result.maxRelativeError).toBeLessThan(1e-10);
});

/** Normalisation divides by the running deviation: nothing is divided while that is below 1, and then the gradient is exact. */
test.each(['estimator nvil', 'estimator muprop(normalize = yes)', 'estimator muprop(order = 2, normalize = yes)'])(
  '%s is exact up to its scale, and not called unbiased',
  async (estimator) => {
    const sbn1 = ALL_MODELS.find(({ title }) => title === 'sbn1');
    if (sbn1 === undefined) throw new Error('sbn1 is gone');
    const artifact = compileTiny(sbn1, estimator);
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
