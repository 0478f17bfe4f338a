/** An app's own estimator is planned, judged and verified like the built-in ones; the documentation shows it as it is. */
import { readFileSync } from 'node:fs';
import { ESTIMATORS } from '@sbn/compiler';
import { createReferenceEngine, verifyGradient } from '@sbn/runtime';
import { expect, test } from 'vitest';
import { constantBaseline } from './constant-baseline.js';
import { compileTiny, pickPoint } from './tiny-models.js';

const SBN1 = { title: 'sbn1', file: 'sbn1.sbn', constants: { H: 3, N: 4 } };

test('an estimator of an app', async () => {
  const estimators = new Map([...ESTIMATORS, [constantBaseline.name, constantBaseline]]);
  const artifact = compileTiny(SBN1, 'estimator constant_baseline(value = 3)', { estimators });
  const [h1] = artifact.sites;
  expect(h1?.estimator).toBe('constant_baseline (baseline 3)');
  expect(h1?.verdict).toEqual({ kind: 'unbiased' });
  const result = await verifyGradient(artifact, { engine: createReferenceEngine(), ...pickPoint(artifact, 7) });
  expect(result.maxRelativeError).toBeLessThan(1e-10);
});

test('docs/extending.md shows this estimator', () => {
  const code = readFileSync(new URL('./constant-baseline.ts', import.meta.url), 'utf8');
  const page = readFileSync(new URL('../../../../docs/extending.md', import.meta.url), 'utf8');
  expect(page).toContain(code.slice(code.indexOf('import')).trim());
});
