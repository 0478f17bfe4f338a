/** The exactness check and the judge can fail: each catches every mutant, on its own. */
import { createReferenceEngine, verifyGradient } from '@sbn/runtime';
import { expect, test } from 'vitest';
import { expectOverPairs } from './batch-enumeration.js';
import { ESTIMATORS_WITH_MUTANTS, MUTANTS } from './mutants.js';
import { compileTiny, pickPoint } from './tiny-models.js';

const SBN2 = { title: 'sbn2', file: 'sbn2.sbn', constants: { H: 3, N: 4 } };

test.each(MUTANTS)('the judge finds that %s is biased', (name) => {
  const artifact = compileTiny(SBN2, `estimator ${name}`, { estimators: ESTIMATORS_WITH_MUTANTS });
  const verdicts = artifact.sites.filter(({ role }) => role === 'latent').map(({ verdict }) => verdict?.kind);
  expect(verdicts).toContain('biased');
});

// The enumeration weighs rows one by one; what leaks between the rows of a batch shows over pairs of rows, below.
const ENUMERABLE = MUTANTS.filter((name) => name !== 'batch_centring');

test.each(ENUMERABLE)('the enumeration finds that %s is biased', async (name) => {
  const artifact = compileTiny(SBN2, `estimator ${name}`, { estimators: ESTIMATORS_WITH_MUTANTS });
  const result = await verifyGradient(artifact, { engine: createReferenceEngine(), ...pickPoint(artifact, 7) });
  expect(result.maxRelativeError).toBeGreaterThan(1e-3);
});

test.each([
  ['muprop', 0, 1e-12],
  ['batch_centring', 0.3, Infinity],
] as const)('over all pairs of rows, %s is off by between %d and %d of the gradient', async (name, least, most) => {
  const toy = { title: 'toy', file: 'toy.sbn', constants: { N: 2 } };
  const artifact = compileTiny(toy, `estimator ${name}`, { estimators: ESTIMATORS_WITH_MUTANTS });
  const point = pickPoint(artifact, 3);
  const { parameters } = await verifyGradient(artifact, { engine: createReferenceEngine(), ...point });
  const expectation = expectOverPairs(artifact, point);
  const errors = parameters.map(({ name: parameter, exact }) => {
    const found = expectation.get(parameter) ?? new Float64Array([NaN]);
    const scale = Math.max(...exact.map(Math.abs));
    return Math.max(...exact.map((value, index) => Math.abs(value - (found[index] ?? NaN)))) / scale;
  });
  expect(Math.max(...errors)).toBeGreaterThanOrEqual(least);
  expect(Math.max(...errors)).toBeLessThan(most);
});
