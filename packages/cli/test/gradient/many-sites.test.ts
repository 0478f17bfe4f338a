/** Where rollouts for every site would be too dear, the compiler takes the trunk, says so, and stays unbiased. */
import { createReferenceEngine, verifyGradient } from '@sbn/runtime';
import { expect, test } from 'vitest';
import { compileTiny, pickPoint } from './tiny-models.js';

const deep = (layers: number) => ({ title: 'deep', file: 'deep.sbn', constants: { L: layers, H: 1, N: 2 } });
const estimatorOf = (layers: number, estimator = ''): string | undefined =>
  compileTiny(deep(layers), estimator).sites.find(({ id }) => id === 'h[1]')?.estimator;

test('a few layers are rolled out, in the second order', () => {
  expect(estimatorOf(8)).toBe('muprop (local, rollout, recursive, second order; centred)');
});

test('more layers leave the second order out, unless it is asked for', () => {
  expect(estimatorOf(20)).toMatch(
    /^muprop \(local, rollout, recursive; centred; first order, as second would take \d+ passes\)$/,
  );
  expect(estimatorOf(20, 'estimator second_order')).toBe(
    'second_order (local, rollout, recursive, second order; centred)',
  );
});

test('many layers share one mean-field pass, unless rollouts are asked for', () => {
  expect(estimatorOf(40)).toMatch(
    /^muprop \(local, trunk, recursive; centred; trunk, as rollouts would take \d+ passes\)$/,
  );
  expect(estimatorOf(40, 'estimator muprop(form = algorithm1)')).toBe('muprop (full, trunk, plain; centred)');
  expect(estimatorOf(40, 'estimator muprop(expansion = rollout)')).toBe('muprop (local, rollout, recursive; centred)');
});

test('the shared pass is unbiased', async () => {
  const artifact = compileTiny(deep(8), 'estimator muprop(expansion = trunk, order = 2)');
  const result = await verifyGradient(artifact, { engine: createReferenceEngine(), ...pickPoint(artifact, 7) });
  expect(result.configurations).toBe(256);
  expect(result.maxRelativeError).toBeLessThan(1e-10);
});
