import { writeArtifact } from '@sbn/program';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine.js';
import { createTfjsEngine } from '../../src/engines/tfjs/engine.js';
import { DataError, SettingsError } from '../../src/errors.js';
import { estimate, logAddExp, summarizeEvaluations } from '../../src/evaluation.js';
import { loadModel, type BoundEvaluation, type Model } from '../../src/model.js';
import type { Dataset } from '../../src/dataset.js';
import { errorOf } from '../fixtures.js';
import { coinArtifact, pairArtifact, pairLogLikelihood } from '../models.js';
import { pairData, plain, ROWS } from './harness.js';

let engine: Engine;
let model: Model;
let data: Dataset;
beforeAll(async () => {
  engine = await createTfjsEngine({ backend: 'wasm' });
  const artifact = pairArtifact();
  model = await loadModel(artifact, { engine });
  data = pairData(artifact);
});

async function bound(options: Parameters<Model['evaluate']>[1]): Promise<BoundEvaluation> {
  const evaluation = await model.evaluate(data, options);
  if (evaluation.kind !== 'bound') throw new Error('a bound');
  return evaluation;
}

function rowsOf(values: readonly number[]): number[][] {
  return Array.from({ length: values.length / 3 }, (_, row) => values.slice(3 * row, 3 * row + 3));
}

describe('evaluate', () => {
  it('comes to the exact log likelihood with many samples, from below', async () => {
    const parameters = plain(await model.parameters());
    const exact = rowsOf(ROWS).map((row) => pairLogLikelihood(parameters, row));
    const mean = exact.reduce((sum, value) => sum + value, 0) / exact.length;
    const scores = await model.score(data, { samples: 4000 });
    scores.forEach((score, row) => {
      // The weights' relative deviation is below 1, so the logarithm's is below 1/√4000; five of those.
      expect(Math.abs(score - (exact[row] ?? NaN))).toBeLessThan(5 / Math.sqrt(4000));
    });
    const many = await bound({ samples: 4000 });
    expect(many.logLikelihood.mean).toBeCloseTo(scores.reduce((sum, value) => sum + value, 0) / scores.length, 10);
    expect(many.bound.mean).toBeLessThan(mean);
    expect(many).toMatchObject({ rows: 11, samples: 4000 });
  });

  it('has one number for both at a single sample', async () => {
    const { bound: lower, logLikelihood } = await bound({ samples: 1 });
    expect(lower.mean).toBeCloseTo(logLikelihood.mean, 12);
    expect(lower.standardError).toBeCloseTo(logLikelihood.standardError, 12);
  });

  it('does not depend on the batch, and does on the seed', async () => {
    const whole = await model.score(data, { samples: 5, batch: 11 });
    expect([...(await model.score(data, { samples: 5, batch: 4 }))]).toEqual([...whole]);
    expect([...(await model.score(data, { samples: 5, rows: 6 }))]).toEqual([...whole.subarray(0, 6)]);
    expect([...(await model.score(data, { samples: 5, seed: 1 }))]).not.toEqual([...whole]);
  });

  it('gives each row by itself, with standard errors that its draws have', async () => {
    const samples = 40;
    const rows = await model.evaluateRows(data, { samples });
    if (rows.kind !== 'bound') throw new Error('a bound');
    // The log weight of each draw: that of one draw, with as many as there are before it left out.
    const upTo = await Promise.all(
      Array.from({ length: samples }, (_, draw) => model.evaluateRows(data, { samples: draw + 1 })),
    );
    for (let row = 0; row < 11; row += 1) {
      const sums = upTo.map((each, draw) => (each.kind === 'bound' ? (each.bound[row] ?? NaN) * (draw + 1) : NaN));
      const logWeights = sums.map((sum, draw) => sum - (sums[draw - 1] ?? 0));
      const { mean, standardError } = estimate(Float64Array.from(logWeights));
      expect(rows.bound[row]).toBeCloseTo(mean, 10);
      expect(rows.standardError[row]).toBeCloseTo(standardError, 10);
      const weights = estimate(Float64Array.from(logWeights, Math.exp));
      expect(rows.logLikelihood[row]).toBeCloseTo(Math.log(weights.mean), 10);
      // To first order, the error of a logarithm is the relative one.
      expect(rows.logLikelihoodError[row]).toBeCloseTo(weights.standardError / weights.mean, 8);
    }
    expect(summarizeEvaluations(rows)).toEqual(await bound({ samples }));
    expect([...(await model.score(data, { samples }))]).toEqual([...rows.logLikelihood]);
    const once = await model.evaluateRows(data, { samples: 1 });
    expect(new Set(once.standardError)).toEqual(new Set([NaN]));
  });

  it('draws each sample afresh', async () => {
    const [one, two, three] = await Promise.all([1, 2, 3].map((samples) => bound({ samples })));
    expect(new Set([one?.bound.mean, two?.bound.mean, three?.bound.mean]).size).toBe(3);
  });

  it('names bad options and data', async () => {
    expect((await errorOf(() => model.evaluate(data, { samples: 0 }))).message).toContain('samples: 0 cannot be used');
    expect(await errorOf(() => model.evaluate(data, { rows: 12 }))).toBeInstanceOf(SettingsError);
    expect(await errorOf(() => model.evaluate())).toBeInstanceOf(DataError);
    const signal = AbortSignal.abort(new Error('enough'));
    expect((await errorOf(() => model.evaluate(data, { signal }))).message).toBe('enough');
  });
});

describe('sample', () => {
  it('draws each site with its mean', async () => {
    const { rows, sites } = await model.sample({ rows: 5000, seed: 2 });
    expect(rows).toBe(5000);
    expect(Object.keys(sites).sort()).toEqual(['h', 'x']);
    const { x } = sites;
    expect(x?.shape).toEqual([3]);
    expect(x?.sample.length).toBe(15_000);
    expect(new Set(x?.sample)).toEqual(new Set([0, 1]));
    const average = (values: Iterable<number> | undefined): number => {
      const all = [...(values ?? [])];
      return all.reduce((sum, value) => sum + value, 0) / all.length;
    };
    for (const id of ['h', 'x']) {
      const count = sites[id]?.sample.length ?? 0;
      expect(Math.abs(average(sites[id]?.sample) - average(sites[id]?.mean))).toBeLessThan(5 * Math.sqrt(0.25 / count));
    }
  });

  it('gives one row by default, and the same rows however many are asked for at a time', async () => {
    expect((await model.sample()).rows).toBe(1);
    const whole = await model.sample({ rows: 10, batch: 10 });
    const parts = await model.sample({ rows: 10, batch: 3 });
    expect([...(parts.sites['x']?.sample ?? [])]).toEqual([...(whole.sites['x']?.sample ?? [])]);
    expect([...((await model.sample({ rows: 10, seed: 1 })).sites['x']?.sample ?? [])]).not.toEqual([
      ...(whole.sites['x']?.sample ?? []),
    ]);
  });
});

describe('posterior', () => {
  it('draws the latent sites for each row of data', async () => {
    const { rows, sites } = await model.posterior(data);
    expect(rows).toBe(11);
    expect(Object.keys(sites)).toEqual(['h']);
    expect(sites['h']?.mean.length).toBe(11);
    expect((await model.posterior(data, { rows: 2 })).sites['h']?.sample.length).toBe(2);
  });
});

describe('loadModel', () => {
  it('reads the text of an artifact, and refuses another text', async () => {
    const fromText = await loadModel(writeArtifact(pairArtifact()), { engine });
    expect(plain(await fromText.parameters())).toEqual(plain(await model.parameters()));
    fromText.dispose();
    expect((await errorOf(() => loadModel('{}', { engine }))).name).toBe('ArtifactError');
    expect(await errorOf(() => loadModel(pairArtifact(), { engine, seed: 1.5 }))).toBeInstanceOf(SettingsError);
  });

  it('takes parameters by name, and names what does not fit', async () => {
    const own = await loadModel(coinArtifact(), { engine });
    own.setParameters({ eta: { shape: [4], values: Float32Array.of(1, 2, 3, 4) } });
    expect(plain(await own.parameters())).toEqual({ eta: [1, 2, 3, 4] });
    const refuse = (name: string, shape: number[], values: number[], message: string): void => {
      const set = (): void => {
        own.setParameters({ [name]: { shape, values: Float32Array.from(values) } });
      };
      expect(set).toThrow(SettingsError);
      expect(set).toThrow(message);
    };
    refuse('etta', [4], [1, 2, 3, 4], 'the model has no parameter etta; did you mean eta? parameters: eta');
    refuse('eta', [2, 2], [1, 2, 3, 4], 'eta has shape [2, 2] and 4 values; give shape [4]');
    refuse('eta', [4], [1, 2, NaN, 4], 'value 2 of eta is NaN');
    expect(plain(await own.parameters())).toEqual({ eta: [1, 2, 3, 4] });
    own.dispose();
  });
});

describe('the arithmetic of estimates', () => {
  it('adds in the log domain', () => {
    expect(logAddExp(Math.log(2), Math.log(3))).toBeCloseTo(Math.log(5), 14);
    expect(logAddExp(-2000, -2000)).toBeCloseTo(-2000 + Math.log(2), 12);
    expect(logAddExp(-Infinity, -3)).toBe(-3);
    expect(logAddExp(-Infinity, -Infinity)).toBe(-Infinity);
    expect(logAddExp(NaN, 1)).toBeNaN();
  });

  it('gives mean and standard error', () => {
    // Variance 5/3 with n − 1, over n = 4.
    expect(estimate(Float64Array.of(1, 2, 3, 4))).toEqual({ mean: 2.5, standardError: Math.sqrt(5 / 12) });
    expect(estimate(Float64Array.of(7)).standardError).toBeNaN();
  });
});
