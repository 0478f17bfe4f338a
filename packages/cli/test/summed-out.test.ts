/** What a model with summed-out sites says of data: likelihoods, bounds and posteriors, against sums written out here. */
import { compile } from '@sbn/compiler';
import { renderDiagnostics } from '@sbn/dsl';
import { createReferenceEngine, datasetFromArrays, loadModel, type Dataset, type Model } from '@sbn/runtime';
import { expect, test } from 'vitest';

async function load(text: string, parameters: Readonly<Record<string, readonly [number[], number[]]>>): Promise<Model> {
  const source = { name: 'm.sbn', text };
  const { value, diagnostics } = compile(source);
  if (value === undefined) throw new Error(renderDiagnostics(source, diagnostics, { color: false }));
  const model = await loadModel(value, { engine: createReferenceEngine() });
  model.setParameters(
    Object.fromEntries(
      Object.entries(parameters).map(([name, [shape, values]]) => [name, { shape, values: Float64Array.from(values) }]),
    ),
  );
  return model;
}

const MIXTURE = `data x: real[1]
param w: real[3]
param mu: real[3, 1]
model {
  k ~ categorical(logits = w) via enumerate
  x ~ normal(mu[k], 0.5)
}
maximize likelihood
`;

const W = [0.3, -0.4, 1.1];
const MU = [-1, 0.2, 2];

/** log w_k + log N(x; mu_k, 0.5), with weights that add up to 1. */
function logJoint(x: number): number[] {
  const normalizer = Math.log(W.reduce((sum, w) => sum + Math.exp(w), 0));
  return W.map((w, k) => {
    const step = (x - (MU[k] ?? NaN)) / 0.5;
    return w - normalizer - 0.5 * step * step - Math.log(0.5) - 0.5 * Math.log(2 * Math.PI);
  });
}

const logSum = (logs: readonly number[]): number => Math.log(logs.reduce((sum, log) => sum + Math.exp(log), 0));

/** Rows of `x`; numbers that float32 has exactly. */
function rowsOf({ artifact }: Model, values: readonly number[]): Dataset {
  return datasetFromArrays(artifact.data, { x: values });
}

test('a mixture scores data by its likelihood, whatever the number of draws', async () => {
  const model = await load(MIXTURE, { w: [[3], W], mu: [[3, 1], MU] });
  const rows = [-1.5, 0, 0.75, 3];
  const data = rowsOf(model, rows);
  for (const samples of [1, 3]) {
    const scores = await model.score(data, { samples });
    rows.forEach((x, row) => {
      expect(scores[row]).toBeCloseTo(logSum(logJoint(x)), 12);
    });
  }
  // So far away that the density of every component underflows.
  const [score] = await model.score(rowsOf(model, [100]));
  expect(score).toBeCloseTo(logJoint(100)[2] ?? NaN, 9);
  model.dispose();
});

test('the posterior of a mixture is its responsibilities, and its draws have their frequencies', async () => {
  const model = await load(MIXTURE, { w: [[3], W], mu: [[3, 1], MU] });
  const rows = 4000;
  const { sites } = await model.posterior(
    rowsOf(
      model,
      Array.from({ length: rows }, () => -0.5),
    ),
  );
  const joint = logJoint(-0.5);
  const expected = joint.map((log) => Math.exp(log - logSum(joint)));
  const { mean = [], sample = [], shape } = sites['k'] ?? {};
  expect(shape).toEqual([3]);
  expected.forEach((p, k) => {
    expect(mean[k]).toBeCloseTo(p, 12);
    let drawn = 0;
    for (let row = 0; row < rows; row += 1) drawn += sample[3 * row + k] ?? NaN;
    expect(Math.abs(drawn / rows - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / rows));
  });
  model.dispose();
});

test('sites that are summed together have a joint posterior', async () => {
  const text = `data x: binary[1]
param u: real[2]
model {
  a ~ bernoulli(logits = u) via enumerate
  b ~ bernoulli(logits = sum(a)) via enumerate
  x ~ bernoulli(logits = 2 * b - a[0])
}
maximize likelihood
`;
  const u = [0.5, -1];
  const model = await load(text, { u: [[2], u] });
  const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
  const coin = (value: number, logit: number): number => (value === 1 ? sigmoid(logit) : 1 - sigmoid(logit));
  const joint: { readonly values: number[]; readonly p: number }[] = [];
  for (const a0 of [0, 1]) {
    for (const a1 of [0, 1]) {
      for (const b of [0, 1]) {
        const prior = coin(a0, 0.5) * coin(a1, -1) * coin(b, a0 + a1);
        joint.push({ values: [a0, a1, b], p: prior * coin(1, 2 * b - a0) });
      }
    }
  }
  const total = joint.reduce((sum, { p }) => sum + p, 0);
  const [score] = await model.score(rowsOf(model, [1]));
  expect(score).toBeCloseTo(Math.log(total), 12);
  const { sites } = await model.posterior(rowsOf(model, [1]));
  const means = [...(sites['a']?.mean ?? []), ...(sites['b']?.mean ?? [])];
  [0, 1, 2].forEach((place) => {
    const expected = joint.reduce((sum, { values, p }) => sum + (values[place] ?? NaN) * p, 0) / total;
    expect(means[place]).toBeCloseTo(expected, 12);
  });
  model.dispose();
});

test('under a bound, the weights have the sum inside of their logarithm, and the bound has it outside', async () => {
  const text = `data x: binary[1]
param a: real
model {
  z ~ bernoulli(logits = a)
  x ~ bernoulli(logits = [3] * z - 1)
}
guide { z ~ bernoulli(logits = 0.5 * x[0] - 0.25) via enumerate }
maximize elbo
`;
  const model = await load(text, { a: [[], [0.75]] });
  const logCoin = (value: number, logit: number): number => -Math.log1p(Math.exp(value === 1 ? -logit : logit));
  const logs = [0, 1].map((z) => ({ q: logCoin(z, 0.25), p: logCoin(z, 0.75) + logCoin(1, 3 * z - 1) }));
  const evaluation = await model.evaluate(rowsOf(model, [1]));
  if (evaluation.kind !== 'bound') throw new Error('a bound');
  expect(evaluation.bound.mean).toBeCloseTo(
    logs.reduce((sum, { q, p }) => sum + Math.exp(q) * (p - q), 0),
    12,
  );
  expect(evaluation.logLikelihood.mean).toBeCloseTo(logSum(logs.map(({ p }) => p)), 12);
  model.dispose();
});
