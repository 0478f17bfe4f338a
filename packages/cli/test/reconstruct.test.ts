/** Reconstructions: the means of what is observed at latents that are drawn given the data. */
import { compile } from '@sbn/compiler';
import { createReferenceEngine, datasetFromArrays, loadModel, type Model } from '@sbn/runtime';
import { describe, expect, it } from 'vitest';

async function load(text: string): Promise<Model> {
  const { value, diagnostics } = compile({ name: 'model.sbn', text });
  if (value === undefined) throw new Error(JSON.stringify(diagnostics));
  return loadModel(value, { engine: createReferenceEngine(), seed: 5 });
}

const GUIDED = `data x: binary[3]
model {
  h ~ bernoulli(logits = bias(2))
  x ~ bernoulli(logits = dense(h, 3, gain = 4))
}
guide { h ~ bernoulli(logits = dense(x, 2, gain = 4)) }
maximize elbo
`;

describe('reconstructions', () => {
  it('are the means at the latents that were drawn', async () => {
    const model = await load(GUIDED);
    const data = datasetFromArrays(model.artifact.data, { x: [0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0] });
    const { sites, reconstructions, rows } = await model.posterior(data, { reconstruct: true });
    const parameters = await model.parameters();
    const weight = Object.entries(parameters).find(([name]) => /^model\.x\..*weight$/.test(name))?.[1];
    const bias = Object.entries(parameters).find(([name]) => /^model\.x\..*bias$/.test(name))?.[1];
    expect([weight?.shape, bias?.shape]).toEqual([[2, 3], [3]]);
    const drawn = sites['h']?.sample ?? [];
    const expected = Array.from({ length: rows * 3 }, (_, index) => {
      const [row, pixel] = [Math.floor(index / 3), index % 3];
      const logit = [0, 1].reduce(
        (sum, unit) => sum + (drawn[row * 2 + unit] ?? NaN) * (weight?.values[unit * 3 + pixel] ?? NaN),
        bias?.values[pixel] ?? NaN,
      );
      return 1 / (1 + Math.exp(-logit));
    });
    expect(reconstructions['x']?.shape).toEqual([3]);
    const mean = Array.from(reconstructions['x']?.mean ?? []);
    expect(mean).toHaveLength(12);
    mean.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index] ?? NaN, 6);
    });
    // Latents alone are draws of the posterior.
    expect(Object.keys(sites)).toEqual(['h']);
    // Draws are the same with and without them.
    const plain = await model.posterior(data);
    expect(plain).toEqual({ rows, sites, reconstructions: {} });
    model.dispose();
  });

  it('are of all that is observed, elements of plates as in the data', async () => {
    const model = await load(`data x: binary[2, 3]
data y: real[2]
param level: real[2, 3] = zeros
model {
  h ~ bernoulli(logits = bias(2))
  plate r in 2 { x[r] ~ bernoulli(logits = level[r]) }
  y ~ normal(2 * h, 1)
}
guide { h ~ bernoulli(logits = dense(flatten(x), 2)) }
maximize elbo
`);
    const data = datasetFromArrays(model.artifact.data, { x: new Array<number>(12).fill(1), y: [0, 0, 1, 1] });
    const level = Float64Array.of(-2, -1, 0, 1, 2, 3);
    model.setParameters({ level: { shape: [2, 3], values: level } });
    const { sites, reconstructions } = await model.posterior(data, { reconstruct: true });
    expect(reconstructions['x']?.shape).toEqual([2, 3]);
    const row = Array.from(level, (logit) => expect.closeTo(1 / (1 + Math.exp(-logit)), 6) as unknown);
    expect(Array.from(reconstructions['x']?.mean ?? [])).toEqual([...row, ...row]);
    expect(Array.from(reconstructions['y']?.mean ?? [])).toEqual(Array.from(sites['h']?.sample ?? [], (h) => 2 * h));
    model.dispose();
  });
});
