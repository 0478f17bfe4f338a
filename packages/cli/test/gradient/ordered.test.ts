/** Sites that read their own earlier elements: every estimator that serves them is exact, and what holds for independent units alone is caught. */
import { createReferenceEngine, measureVariance, verifyGradient, type GradientVerification } from '@sbn/runtime';
import { compile, type CompileOptions } from '@sbn/compiler';
import { renderDiagnostics } from '@sbn/dsl';
import type { Artifact } from '@sbn/program';
import { describe, expect, test } from 'vitest';
import { ESTIMATORS_WITH_MUTANTS } from './mutants/index.js';
import { pickPoint } from './tiny-models.js';

const MODELS = {
  'a masked layer, in the model and in the guide': `
    data x: binary[3]
    model {
      h: binary[3] ~ bernoulli(logits = masked_dense(h, 3))
      x ~ bernoulli(logits = dense(h, 3) + masked_dense(x, 3))
    }
    guide { h: binary[3] ~ bernoulli(logits = masked_dense(h, 3) + dense(x, 3)) }
    maximize elbo`,
  'two masked layers': `
    data y: real
    fn made(h: real[n], out: int) -> real[out] { return masked_dense(tanh(masked_dense(h, 2 * out)), out, diagonal = 0) }
    model {
      h: binary[3] ~ bernoulli(logits = made(h, 3))
      y ~ normal(sum(h * [1, 2, -3]), 1)
    }
    maximize likelihood`,
  'a chain of such sites, and one below': `
    data y: real
    model {
      h[1]: binary[2] ~ bernoulli(logits = masked_dense(h[1], 2))
      h[2]: binary[2] ~ bernoulli(logits = masked_dense(h[2], 2) + dense(h[1], 2))
      z ~ bernoulli(logits = dense(h[2], 2))
      y ~ normal(sum(h[2] * [1, 2]) + sum(z * [2, 0.5]), 1)
    }
    maximize likelihood`,
  'one-hot groups and counts': `
    param p: real[3] = normal(0, 1)
    model {
      z: onehot[2, 3] ~ categorical(logits = stack(bias(3), dense(z[0], 3)))
      n: count[2] ~ binomial(2, logits = [0, n[0] - 1] + dense(flatten(z), 2))
    }
    minimize (sum(z @ p) + sum(n * [0.4, -0.7])) ^ 3`,
  'elements of a plate': `
    data y: real[2]
    model {
      a ~ bernoulli(logits = bias(2))
      plate i in 2 {
        h[i]: binary[2] ~ bernoulli(logits = masked_dense(h[i], 2) + dense(a, 2))
        y[i] ~ normal(sum(h[i] * [1, 2]), 1)
      }
    }
    maximize likelihood`,
} as const satisfies Readonly<Record<string, string>>;

const ESTIMATORS: readonly string[] = [
  '',
  'estimator muprop(expansion = trunk)',
  'estimator muprop(expansion = trunk, residual = plain, scale = learned)',
  'estimator muprop(costs = full, baseline = input)',
  'estimator algorithm1',
  'estimator likelihood_ratio',
];

function compileText(text: string, options: CompileOptions = {}): Artifact {
  const { value, sources, diagnostics } = compile({ name: 'm.sbn', text: `${text}\n` }, options);
  if (value === undefined) throw new Error(renderDiagnostics(sources, diagnostics, { color: false }));
  return value;
}

async function verify(artifact: Artifact): Promise<GradientVerification> {
  return verifyGradient(artifact, { engine: createReferenceEngine(), ...pickPoint(artifact, 11) });
}

describe.each(Object.entries(MODELS))('%s', (_, text) => {
  test.each(ESTIMATORS)('is unbiased: %s', async (estimator) => {
    const artifact = compileText(`${text}\n${estimator}`);
    const latents = artifact.sites.filter(({ role }) => role === 'latent');
    expect(latents.map(({ verdict }) => verdict?.kind)).toEqual(latents.map(() => 'unbiased'));
    expect((await verify(artifact)).maxRelativeError).toBeLessThan(1e-10);
  });
});

test.each(['estimator rloo(2)', 'estimator muprop(draws = 2)'])('two draws are unbiased: %s', async (estimator) => {
  const artifact = compileText(`${MODELS['a masked layer, in the model and in the guide']}\n${estimator}`);
  expect(artifact.sites.map(({ verdict }) => verdict?.kind)).toContain('unbiased');
  expect((await verify(artifact)).maxRelativeError).toBeLessThan(1e-10);
});

test('summed out, it is exact', async () => {
  const artifact = compileText(`${MODELS['two masked layers']}\nestimator enumerate`);
  expect((await verify(artifact)).maxRelativeError).toBeLessThan(1e-10);
});

test('the control variate takes most of the variance away', async () => {
  const totals: number[] = [];
  for (const estimator of ['', 'estimator likelihood_ratio']) {
    const artifact = compileText(`${MODELS['two masked layers']}\n${estimator}`);
    totals.push((await measureVariance(artifact, pickPoint(artifact, 11)))?.total ?? NaN);
  }
  const [muprop = NaN, likelihoodRatio = NaN] = totals;
  expect(muprop).toBeLessThan(0.5 * likelihoodRatio);
});

// The first subtracts g·(x − x̄) with an x̄ that is free of the draw, whose mean is not what the analytic term puts back.
test('a first order with the means at the draw is not', async () => {
  const artifact = compileText(`${MODELS['two masked layers']}\nestimator right_first_order`, {
    estimators: ESTIMATORS_WITH_MUTANTS,
  });
  expect(artifact.sites.map(({ verdict }) => verdict?.kind)).toContain('unbiased');
  expect((await verify(artifact)).maxRelativeError).toBeLessThan(1e-10);
});

test.each(['reference_at_the_expansion', 'right_second_order'])(
  '%s, right for independent units, is caught',
  async (name) => {
    const artifact = compileText(`${MODELS['two masked layers']}\nestimator ${name}`, {
      estimators: ESTIMATORS_WITH_MUTANTS,
    });
    expect(artifact.sites.map(({ verdict }) => verdict?.kind)).toContain('biased');
    expect((await verify(artifact)).maxRelativeError).toBeGreaterThan(1e-3);
  },
);
