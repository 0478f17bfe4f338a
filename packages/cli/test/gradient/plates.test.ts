/**
 * Plates and several draws for each row: the exactness of every estimator; the same model written with a loop, whose elements are
 * sites of their own; what a signal for each element is worth; and signals that leave out what an element influences.
 */
import { compile, differentiate, emitPass, ESTIMATORS, NO_EXPANSION, regroup, weightScore } from '@sbn/compiler';
import { renderDiagnostics } from '@sbn/dsl';
import type { Artifact } from '@sbn/program';
import { createReferenceEngine, createTfjsEngine, measureVariance, verifyGradient } from '@sbn/runtime';
import { describe, expect, test } from 'vitest';
import { ESTIMATOR_TABLE } from './estimator-table.js';
import { expectExact, isSmall } from './exactness.js';
import { mutant } from './mutants/mutant.js';
import { compileTiny, PLATE_MODELS, pickPoint, readModel } from './tiny-models.js';

const reference = createReferenceEngine();

function compileText(text: string): Artifact {
  const source = { name: 'text.sbn', text };
  const { value, diagnostics } = compile(source);
  if (value === undefined) throw new Error(renderDiagnostics(source, diagnostics, { color: false }));
  return value;
}

describe.each(PLATE_MODELS)('$title', (model) => {
  const estimators = ESTIMATOR_TABLE.filter((estimator) => isSmall(model, estimator, 5000));

  test.each(estimators)('%s', (estimator) => expectExact(model, estimator, reference, 1e-10));

  test('on wasm', async () => {
    // Some gradients here are small differences of large terms, of which float32 has four digits.
    await expectExact(model, '', await createTfjsEngine({ backend: 'wasm' }), 1e-4);
  });
});

/** The same joint distribution with a plate, and with a loop over elements that are sites of their own. */
const PAIRS = [
  {
    title: 'a latent of each element, summed out',
    plate: `param p: real[3] = normal(0, 1)
model {
  plate i in 3 {
    k[i] ~ categorical(logits = p) via enumerate
    x[i] ~ normal(sum(mu[k[i]] * t[i]), 0.8)
  }
}
maximize likelihood`,
    loop: `param p: real[3] = normal(0, 1)
model {
  for i in 0..2 { k[i] ~ categorical(logits = p) via enumerate }
  let m = concat(reshape(sum(mu[k[0]] * t[0]), 1), reshape(sum(mu[k[1]] * t[1]), 1), reshape(sum(mu[k[2]] * t[2]), 1))
  x ~ normal(m, 0.8)
}
maximize likelihood`,
  },
  {
    title: 'a latent of each element, drawn, and one for all',
    plate: `param p: real[3] = normal(0, 1)
model {
  a ~ bernoulli(logits = t[0])
  plate i in 3 {
    k[i] ~ categorical(logits = p * (1 + a))
    x[i] ~ normal(sum(mu[k[i]] * t[i]) * a, 0.8)
  }
}
maximize likelihood`,
    loop: `param p: real[3] = normal(0, 1)
model {
  a ~ bernoulli(logits = t[0])
  for i in 0..2 { k[i] ~ categorical(logits = p * (1 + a)) }
  let m = concat(reshape(sum(mu[k[0]] * t[0]), 1), reshape(sum(mu[k[1]] * t[1]), 1), reshape(sum(mu[k[2]] * t[2]), 1))
  x ~ normal(m * a, 0.8)
}
maximize likelihood`,
  },
] as const;

const HEAD = 'data x: real[3]\nparam mu: real[3, 2] = normal(0, 1)\nparam t: real[3] = normal(0, 1)\n';

test.each(PAIRS)('a plate is a loop: $title', async ({ plate, loop }) => {
  const [plated, looped] = [compileText(HEAD + plate), compileText(HEAD + loop)];
  const point = pickPoint(looped, 5);
  const ofPlate = await verifyGradient(plated, { engine: reference, ...point, state: pickPoint(plated, 5).state });
  const ofLoop = await verifyGradient(looped, { engine: reference, ...point });
  expect(ofPlate.objective).toBeCloseTo(ofLoop.objective, 10);
  for (const { name, exact, estimated } of ofLoop.parameters) {
    const same = ofPlate.parameters.find((parameter) => parameter.name === name);
    expect(same?.exact.length).toBe(exact.length);
    exact.forEach((value, index) => {
      expect(same?.exact[index]).toBeCloseTo(value, 10);
      expect(same?.estimated[index]).toBeCloseTo(estimated[index] ?? NaN, 10);
    });
  }
});

/** Elements that have nothing to do with one another: the signal of the whole row is noise to each of them. */
const INDEPENDENT = (body: string): string => `${HEAD}model {\n${body}\n}\nmaximize likelihood`;

test('an element learns from its own costs alone', async () => {
  const plated = INDEPENDENT(
    'plate i in 3 {\n  z[i] ~ bernoulli(logits = t[i])\n  x[i] ~ normal(z[i] * mu[i, 0], 0.8)\n}',
  );
  const whole = INDEPENDENT('z ~ bernoulli(logits = t)\nx ~ normal(z * mu[.., 0], 0.8)');
  const varianceOf = async (text: string): Promise<number> => {
    const artifact = compileText(`${text}\nestimator likelihood_ratio(center = none)`);
    return (await measureVariance(artifact, pickPoint(artifact, 5)))?.total ?? NaN;
  };
  expect(await varianceOf(plated)).toBeLessThan(0.5 * (await varianceOf(whole)));
});

test('under a cost of all elements, a signal for each is no worse than one for the row', async () => {
  const cost = 'minimize (sum(z * t) - 0.4) ^ 3';
  const head = 'param t: real[3] = normal(0, 1)\n';
  const texts = [
    `${head}model { plate i in 3 { z[i] ~ bernoulli(logits = t[i]) } }\n${cost}`,
    `${head}model { z ~ bernoulli(logits = t) }\n${cost}`,
  ];
  const [plated, whole] = await Promise.all(
    texts.map(async (text) => {
      const artifact = compileText(`${text}\nestimator muprop(order = 1, center = none)`);
      return (await measureVariance(artifact, pickPoint(artifact, 5)))?.total;
    }),
  );
  expect(plated).toBeCloseTo(whole ?? NaN, 10);
});

test.each(['sum(z)', 'sum(z) + (sum(z) - 1) ^ 2', 'sum(z * t) - mean(z)', 'max(z) + sum(z) * sum(t * z)'])(
  'a cost of all elements that is a sum itself, %s, is judged as it is',
  async (cost) => {
    const text = `param t: real[3] = normal(0, 1)\nmodel { plate i in 3 { z[i] ~ bernoulli(logits = t[i]) } }\nminimize ${cost}`;
    for (const estimator of ['muprop', 'muprop(order = 1)', 'likelihood_ratio', 'rloo(2)']) {
      const artifact = compileText(`${text}\nestimator ${estimator}`);
      expect(artifact.sites[0]?.verdict).toEqual({ kind: 'unbiased' });
      const { maxRelativeError } = await verifyGradient(artifact, { engine: reference, ...pickPoint(artifact, 3) });
      expect(maxRelativeError).toBeLessThan(1e-10);
    }
  },
);

/** A signal that takes the costs of a pooled plate element by element. */
const TOO_FINE = mutant('too_fine', (context) => {
  const { builder, graph, base, site } = context;
  const values = graph.costs.map(({ value }) => regroup(builder, base.valueOf(value), site.elements, site.elements));
  const signal = values.reduce((sum, value) => builder.add(sum, value));
  const { held, weighted } = weightScore(context, signal, { baseline: undefined, scale: undefined });
  const scores = [{ branch: undefined, signal, baseline: undefined, curvature: undefined, held }];
  return { ...NO_EXPANSION, site: site.id, scores, statistic: held, surrogate: weighted };
});

/** A control variate summed over the row, whose expectation is put back for one element. */
const SLOPE_OF_ANOTHER_LEVEL = mutant('halved_slope', (context) => {
  const { builder, graph, base, site } = context;
  const pass = emitPass(builder, graph, 'mean', ({ id }) => ({ kind: id === site.id ? 'mean' : 'base' }), base);
  const costs = graph.costs.map(({ value }) => pass.valueOf(value));
  const seeds = costs.map((value) => ({ value, adjoint: builder.fill(1, builder.shapeOf(value)) }));
  const [slope = 0] = differentiate(builder, seeds, [pass.latent(site.id)]);
  const step = builder.subtract(base.latent(site.id), pass.latent(site.id));
  const linear = builder.sumEvent(builder.multiply(slope, step));
  const cost = graph.costs
    .map(({ value }) => regroup(builder, base.valueOf(value), 1, site.elements))
    .reduce((sum, value) => builder.add(sum, value));
  const signal = builder.subtract(cost, regroup(builder, linear, 1, site.elements));
  const { held, weighted } = weightScore(context, signal, { baseline: undefined, scale: undefined });
  const half = builder.multiply(slope, builder.constant(0.5));
  const heldSlope = builder.emit('stop_gradient', [half], {});
  const mean = base.valueOf(site.mean);
  return {
    ...NO_EXPANSION,
    site: site.id,
    scores: [{ branch: undefined, signal, baseline: undefined, curvature: undefined, held }],
    slopes: [{ site: site.id, value: slope, level: 1 }],
    analytic: { slope: half, held: heldSlope, mean },
    statistic: held,
    surrogate: builder.add(weighted, builder.sumEvent(builder.multiply(heldSlope, mean))),
  };
});

test.each([TOO_FINE, SLOPE_OF_ANOTHER_LEVEL])('$name is refused, and is biased', async (estimator) => {
  const model = { title: 'pooled', file: 'plate-pooled.sbn', constants: {} };
  const estimators = new Map([...ESTIMATORS, [estimator.name, estimator]]);
  const artifact = compileTiny(model, `estimator ${estimator.name}`, { estimators });
  expect(artifact.sites.find(({ id }) => id === 'z')?.verdict?.kind).toBe('biased');
  const { maxRelativeError } = await verifyGradient(artifact, { engine: reference, ...pickPoint(artifact, 7) });
  expect(maxRelativeError).toBeGreaterThan(1e-3);
});

test('with one draw for each row, iwae is the bound itself', async () => {
  const text = readModel('iwae.sbn');
  const [one, elbo] = [text.replace('iwae(3)', 'iwae(1)'), text.replace('iwae(3)', 'elbo')].map(compileText);
  if (one === undefined || elbo === undefined) throw new Error('no text');
  const point = pickPoint(elbo, 3);
  const options = { engine: reference, ...point };
  const [ofOne, ofElbo] = [await verifyGradient(one, options), await verifyGradient(elbo, options)];
  expect(ofOne.objective).toBeCloseTo(ofElbo.objective, 10);
  ofElbo.parameters.forEach(({ exact }, index) => {
    exact.forEach((value, place) => {
      expect(ofOne.parameters[index]?.exact[place]).toBeCloseTo(value, 10);
    });
  });
});
