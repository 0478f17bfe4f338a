/** Exactness at many random points, in float64. */
import { createReferenceEngine, verifyGradient } from '@sbn/runtime';
import { describe, expect, test } from 'vitest';
import { ESTIMATOR_TABLE } from './estimator-table.js';
import { ALL_MODELS, compileTiny, pickPoint } from './tiny-models.js';

const SEEDS = [11, 12, 13, 14, 15, 16];

describe.each(ALL_MODELS)('$title', (model) => {
  test.each(ESTIMATOR_TABLE)('%s', async (estimator) => {
    const artifact = compileTiny(model, estimator);
    const engine = createReferenceEngine();
    for (const seed of SEEDS) {
      const { maxRelativeError } = await verifyGradient(artifact, { engine, ...pickPoint(artifact, seed) });
      expect(maxRelativeError, `at seed ${String(seed)}`).toBeLessThan(1e-10);
    }
  });
});
