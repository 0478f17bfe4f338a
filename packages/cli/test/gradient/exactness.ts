/** The proof of one estimator on one tiny model. */
import { countConfigurations, verifyGradient, type Engine } from '@sbn/runtime';
import { expect } from 'vitest';
import { compileTiny, pickPoint, type TinyModel } from './tiny-models.js';

/** Configurations that are counted out in a second or so. */
export const SMALL = 600;

/** Several draws at every site multiply the configurations. */
export function isSmall(model: TinyModel, estimator: string, most = SMALL): boolean {
  return !/draws|rloo|disarm/.test(estimator) || countConfigurations(compileTiny(model, estimator)) <= most;
}

/** Its verdict is unbiased, and its expectation off by less than `tolerance`: largest difference over largest magnitude, by parameter. */
export async function expectExact(
  model: TinyModel,
  estimator: string,
  engine: Engine,
  tolerance: number,
  seed = 7,
): Promise<void> {
  const artifact = compileTiny(model, estimator);
  for (const { role, verdict } of artifact.sites) if (role === 'latent') expect(verdict).toEqual({ kind: 'unbiased' });
  const { configurations, maxRelativeError } = await verifyGradient(artifact, { engine, ...pickPoint(artifact, seed) });
  expect(configurations).toBeGreaterThan(1);
  expect(maxRelativeError, `at seed ${String(seed)}`).toBeLessThan(tolerance);
}
