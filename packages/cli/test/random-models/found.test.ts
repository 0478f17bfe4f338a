/** What random models have brought to light, in as few words as show it. */
import { compile } from '@sbn/compiler';
import { renderDiagnostics } from '@sbn/dsl';
import { createReferenceEngine, verifyGradient } from '@sbn/runtime';
import { expect, test } from 'vitest';
import { pickPoint } from '../gradient/tiny-models.js';

const FOUND = {
  'a site without trained parameters': `
    data x: binary[2]
    param p: real = normal(0, 1)
    model {
      z ~ bernoulli(logits = 1)
      x ~ bernoulli(logits = p * z)
    }
    maximize likelihood`,
  'elements of a plate without trained parameters': `
    data x: binary[2]
    param p: real = normal(0, 1)
    model {
      plate i in 2 { z[i] ~ bernoulli(logits = 1) }
      x ~ bernoulli(logits = p * z)
    }
    maximize likelihood`,
  'a cost that is a draw': `
    param p: real = normal(0, 1)
    model { z ~ bernoulli(logits = p) }
    minimize z
    estimator likelihood_ratio(center = none)`,
  'two costs that are one value': `
    param p: real = normal(0, 1)
    model { z ~ bernoulli(logits = p) }
    minimize z + z`,
  'a site drawn from another as it stands, again': `
    param p: real[2] = normal(0, 1)
    model {
      z ~ categorical(logits = p)
      y ~ categorical(logits = z)
      x ~ bernoulli(logits = y[0])
    }
    minimize x * y[0] + z[0] * p[0]
    estimator rloo`,
  'data of a distribution that has a range': `
    data x: real[2]
    data y: real
    data n: count[3]
    model {
      z ~ bernoulli(logits = bias(2))
      x ~ lognormal(loc = dense(z, 2), scale = 0.8)
      y ~ beta(mean = sigmoid(sum(z * bias(2))), concentration = 3)
      n ~ multinomial(4, logits = dense(z, 3))
    }
    maximize likelihood`,
} as const;

test.each(Object.entries(FOUND))('%s', async (_, text) => {
  const source = { name: 'found.sbn', text };
  const { value: artifact, diagnostics } = compile(source);
  if (artifact === undefined) throw new Error(renderDiagnostics(source, diagnostics, { color: false }));
  for (const { role, verdict } of artifact.sites) if (role === 'latent') expect(verdict).toEqual({ kind: 'unbiased' });
  const point = pickPoint(artifact, 7);
  const { maxRelativeError } = await verifyGradient(artifact, { engine: createReferenceEngine(), ...point });
  expect(maxRelativeError).toBeLessThan(1e-10);
});
