/** Many more random models and mutants, with everything that is rare in them. */
import { expect, test } from 'vitest';
import { missingFeatures, OFTEN, SELDOM } from './expected-features.js';
import { proveModels, refuseMutants } from './prove-models.js';

test('400 random models are what they are said to be', async () => {
  const counts = await proveModels({ seed: 101, runs: 400 });
  expect(missingFeatures(counts, OFTEN, 16)).toEqual([]);
  expect(missingFeatures(counts, SELDOM, 3)).toEqual([]);
});

test('1500 mutants of them are compiled or refused', () => {
  const { refused, codes } = refuseMutants({ seed: 105, runs: 1500 });
  expect(refused).toBeGreaterThan(750);
  expect(codes.size).toBeGreaterThan(30);
});
