/** The whole table at larger sizes and other points, and all of it in float32 on wasm. */
import { createTfjsEngine, type Engine } from '@sbn/runtime';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  BIASED_TABLE,
  EXACT_TABLE,
  MAIN_FORMS,
  NORMALIZED_TABLE,
  SPECIAL_TABLE,
  VARIANTS,
  type SpecialRow,
} from './estimator-table.js';
import { STRUCTURES, type SiteSize, type TableModel } from './model-table.js';
import { compileCell, errorOfAll, smallSizes, TABLE_MODELS, verifyCell } from './table-check.js';
import { expectBiased, expectExactSum, expectScaled, expectUnbiased } from './table-expectations.js';

const SEEDS = [11, 12];

/** Two Bernoulli units everywhere, one one-hot vector of three classes, one count up to 4. */
function largerSizes({ distribution, structure }: TableModel): readonly SiteSize[] {
  return STRUCTURES[structure].sites.map(() => ({ units: distribution === 'bernoulli' ? 2 : 1, classes: 3, cut: 4 }));
}

describe.each(TABLE_MODELS)('$distribution, $structure, $objective', (model) => {
  const served = (table: readonly SpecialRow[]): readonly string[] =>
    table.filter(({ serves }) => serves.includes(model.distribution)).map(({ estimator }) => estimator);
  const everywhere = (estimator: string): readonly { readonly sizes: readonly SiteSize[]; readonly seed: number }[] => [
    { sizes: smallSizes(model, estimator), seed: 7 },
    ...SEEDS.map((seed) => ({ sizes: largerSizes(model), seed })),
  ];

  test.each([...MAIN_FORMS, ...VARIANTS, ...served(SPECIAL_TABLE)])('%s is unbiased', async (estimator) => {
    for (const options of everywhere(estimator)) await expectUnbiased(model, estimator, options);
  });

  test.each(served(EXACT_TABLE))('%s is exact', async (estimator) => {
    for (const options of everywhere(estimator)) await expectExactSum(model, estimator, options);
  });

  // At the sizes of the short test: integrals over more uniforms than those are coarse. How large a bias is depends on the point: where
  // weights are small, −log p is nearly quadratic in a unit, which the half estimator is right for. Rounding is far below it even so.
  test.each(served(BIASED_TABLE))('%s is biased', async (estimator) => {
    for (const seed of SEEDS) await expectBiased(model, estimator, { seed }, 1e-5);
  });

  test.each(NORMALIZED_TABLE)('%s is exact up to its scale', async (estimator) => {
    for (const options of everywhere(estimator)) await expectScaled(model, estimator, options);
  });
});

describe('in float32 on wasm', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createTfjsEngine({ backend: 'wasm' });
  });

  describe.each(TABLE_MODELS)('$distribution, $structure, $objective', (model) => {
    test.each([...MAIN_FORMS, ...VARIANTS])('%s', async (estimator) => {
      expect(errorOfAll(await verifyCell(compileCell(model, estimator), { engine }))).toBeLessThan(1e-5);
    });
  });
});
