/** A loss that is not finite is traced to its place in the model file. */
import { compile } from '@sbn/compiler';
import { createTfjsEngine, datasetFromArrays, loadModel } from '@sbn/runtime';
import { expect, test } from 'vitest';

async function trainOneStep(text: string, data: Readonly<Record<string, readonly number[]>>): Promise<unknown> {
  const { value: artifact } = compile({ name: 'model.sbn', text });
  if (artifact === undefined) throw new Error('the model does not compile');
  const model = await loadModel(artifact, { engine: await createTfjsEngine({ backend: 'wasm' }) });
  const rows = artifact.data.length === 0 ? undefined : datasetFromArrays(artifact.data, data);
  try {
    for await (const { loss } of model.train({ data: rows, steps: 1, batch: 1 })) return loss;
    return undefined;
  } catch (error) {
    return error;
  } finally {
    model.dispose();
  }
}

test('a summand of a cost', async () => {
  const text = 'param eta: real[3]\nmodel { b ~ bernoulli(logits = eta) }\nminimize sum(b) + sum(log(b - 2))';
  const error = await trainOneStep(text, {});
  expect(String(error)).toContain('step 1: the term cost 2 (model.sbn:3:1) is NaN');
});

test('a site that data drive out of its domain', async () => {
  const text =
    'data x: real[2]\ndata s: real[2]\nmodel {\n  h ~ bernoulli(logits = bias(1))\n  x ~ normal(dense(h, 2), s - s)\n}\nguide { h ~ bernoulli(logits = dense(x, 1)) }\nmaximize elbo';
  const error = await trainOneStep(text, { x: [1, 2], s: [1, 2] });
  expect(String(error)).toMatch(/step 1: the term -log p\(x\) \(model\.sbn:5:3\) is (NaN|-?Infinity)/);
});

test('a term of several sites, at the first of them', async () => {
  const text =
    'data x: real\ndata y: binary\ndata s: real\nmodel {\n  h ~ bernoulli(logits = sum(bias(1))) via enumerate\n  x ~ normal(h, s - s)\n  y ~ bernoulli(logits = h)\n}\nmaximize likelihood';
  const error = await trainOneStep(text, { x: [1], y: [1], s: [1] });
  expect(String(error)).toMatch(/step 1: the term -log p\(x, y\) \(model\.sbn:6:3\) is (NaN|-?Infinity)/);
});
