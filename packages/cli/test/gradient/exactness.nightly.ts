/** Exactness of every estimator on every tiny model: at many random points in float64, and on every engine. */
import { createReferenceEngine, createTfjsEngine, type Engine } from '@sbn/runtime';
import { beforeAll, describe, test } from 'vitest';
import { ESTIMATOR_TABLE } from './estimator-table.js';
import { expectExact, isSmall } from './exactness.js';
import { ALL_MODELS, findModel } from './tiny-models.js';

const SEEDS = [11, 12, 13, 14, 15, 16];

/** With several draws at one point alone where there are more configurations than this. */
const MODERATE = 6000;

describe.each(ALL_MODELS)('$title', (model) => {
  test.each(ESTIMATOR_TABLE)('%s', async (estimator) => {
    const seeds = isSmall(model, estimator, MODERATE) ? SEEDS : SEEDS.slice(0, 1);
    for (const seed of seeds) await expectExact(model, estimator, createReferenceEngine(), 1e-10, seed);
  });
});

test.each(['sbn2', 'completion', 'deep, 3 layers'])('disarm on %s', (title) =>
  expectExact(findModel(title), 'estimator disarm', createReferenceEngine(), 1e-10),
);

describe.each(['wasm', 'cpu'] as const)('on %s', (backend) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createTfjsEngine({ backend });
  });

  describe.each(ALL_MODELS.filter(({ cancels }) => cancels !== true))('$title', (model) => {
    test.each(ESTIMATOR_TABLE.filter((estimator) => isSmall(model, estimator)))('%s', (estimator) =>
      expectExact(model, estimator, engine, 1e-5),
    );
  });
});
