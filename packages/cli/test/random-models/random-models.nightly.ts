/** Many more random models and mutants, with everything that is rare in them. */
import { expect, test } from 'vitest';
import { missingFeatures, OFTEN, SELDOM } from './expected-features.js';
import { proveModels, refuseMutants } from './prove-models.js';

test.each([101, 102, 103, 104])('100 random models are what they are said to be, seed %i', async (seed) => {
  const counts = await proveModels({ seed, runs: 100 });
  expect(missingFeatures(counts, OFTEN, 5)).toEqual([]);
  expect(missingFeatures(counts, SELDOM, 1)).toEqual([]);
});

test('1500 mutants of them are compiled or refused', () => {
  const { refused, codes } = refuseMutants({ seed: 105, runs: 1500 });
  expect(refused).toBeGreaterThan(750);
  expect(codes.size).toBeGreaterThan(40);
});
