/** The whole table at larger sizes and other points: a nightly file for each distribution, so that they share the cores. */
import { describe, test } from 'vitest';
import {
  BIASED_TABLE,
  EXACT_TABLE,
  MAIN_FORMS,
  NORMALIZED_TABLE,
  SPECIAL_TABLE,
  VARIANTS,
  type SpecialRow,
} from './estimator-table.js';
import { STRUCTURES, type DistributionName, type SiteSize, type TableModel } from './model-table.js';
import { drawsAgain, smallSizes, TABLE_MODELS } from './table-check.js';
import { expectBiased, expectExactSum, expectScaled, expectUnbiased } from './table-expectations.js';

const SEEDS = [11, 12];

/**
 * Two Bernoulli units everywhere, one one-hot vector of three classes, one count up to 4. Of three sites with counts that are drawn
 * again, one alone has them: the draws of all are 15,000 configurations.
 */
function largerSizes({ distribution, structure }: TableModel, estimator: string): readonly SiteSize[] {
  const { sites } = STRUCTURES[structure];
  const isLarge = distribution === 'poisson' && sites.length > 2 && drawsAgain(estimator);
  return sites.map((_, place) => {
    if (isLarge && place !== 1) return { units: 2, classes: 2, cut: 0, distribution: 'bernoulli' };
    return { units: distribution === 'bernoulli' ? 2 : 1, classes: 3, cut: 4 };
  });
}

export function describeTable(distribution: DistributionName): void {
  describe.each(TABLE_MODELS.filter((model) => model.distribution === distribution))(
    '$structure, $objective',
    (model) => {
      const served = (table: readonly SpecialRow[]): readonly string[] =>
        table.filter(({ serves }) => serves.includes(model.distribution)).map(({ estimator }) => estimator);
      const everywhere = (
        estimator: string,
      ): readonly { readonly sizes: readonly SiteSize[]; readonly seed: number }[] => [
        { sizes: smallSizes(model, estimator), seed: 7 },
        ...SEEDS.map((seed) => ({ sizes: largerSizes(model, estimator), seed })),
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
    },
  );
}
