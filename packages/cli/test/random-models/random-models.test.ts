/** Random well-typed models compile and are proved; what is nearly one of them is refused or compiled, and never crashes. */
import { expect, test } from 'vitest';
import { missingFeatures, OFTEN } from './expected-features.js';
import { proveModels, refuseMutants } from './prove-models.js';

test('30 random models are what they are said to be', async () => {
  const counts = await proveModels({ seed: 5, runs: 30 });
  expect(missingFeatures(counts, OFTEN, 1)).toEqual([]);
});

test('200 mutants of them are compiled or refused', () => {
  const { refused, codes } = refuseMutants({ seed: 5, runs: 200 });
  expect(refused).toBeGreaterThan(100);
  expect(codes.size).toBeGreaterThan(10);
});
