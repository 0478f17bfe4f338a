/** What the table of estimators and tiny models leaves out for counts: several draws of a site, and what the second order gains. */
import { compile } from '@sbn/compiler';
import { renderDiagnostics } from '@sbn/dsl';
import type { Artifact } from '@sbn/program';
import { createReferenceEngine, measureVariance, verifyGradient } from '@sbn/runtime';
import { describe, expect, test } from 'vitest';
import { pickPoint } from './tiny-models.js';

const SITES = {
  poisson: 'a ~ poisson(rate = sigmoid(u) / 4)',
  binomial: 'a ~ binomial(3, logits = u)',
  geometric: 'a ~ geometric(probs = 0.8 + sigmoid(u) / 8)',
} as const;

function compileSite(site: string, estimator: string, cost = 'tanh(a + u) + a ^ 2 / 8'): Artifact {
  const text = `param u: real = zeros\nmodel { ${site} }\nminimize ${cost}\nestimator ${estimator}`;
  const source = { name: 'site.sbn', text };
  const { value, diagnostics } = compile(source);
  if (value === undefined) throw new Error(renderDiagnostics(source, diagnostics, { color: false }));
  return value;
}

describe.each(Object.entries(SITES))('%s', (_, site) => {
  test.each(['rloo', 'rloo(3)', 'muprop(draws = 2)', 'muprop(order = 2, draws = 2)'])('%s is exact', async (name) => {
    const artifact = compileSite(site, name);
    const [latent] = artifact.sites;
    expect(latent?.verdict).toEqual({ kind: 'unbiased' });
    const result = await verifyGradient(artifact, { engine: createReferenceEngine(), ...pickPoint(artifact, 7) });
    expect(result.maxRelativeError).toBeLessThan(1e-10);
  });
});

/** Of means around 1, and a cost that a quadratic comes near to: where counts are rare, no expansion says much of them. */
test.each(['poisson(log_rate = u)', 'binomial(6, logits = u)', 'geometric(logits = u)'])(
  'the second order of %s has less variance than the first, and that less than the likelihood ratio',
  async (distribution) => {
    const variances = [];
    for (const name of ['muprop(order = 2, center = none)', 'muprop(order = 1, center = none)', 'likelihood_ratio']) {
      const artifact = compileSite(`a ~ ${distribution}`, name, 'tanh(a / 3) + a ^ 2 / 9');
      variances.push((await measureVariance(artifact, pickPoint(artifact, 7)))?.total ?? NaN);
    }
    const [second = NaN, first = NaN, score = NaN] = variances;
    expect(second).toBeLessThan(first / 2);
    expect(first).toBeLessThan(score / 2);
  },
);

test.each(['disarm', 'gumbel(0.5)', 'half'])('%s is refused', (name) => {
  expect(() => compileSite(SITES.poisson, name)).toThrow('error[SBN4005]');
});
