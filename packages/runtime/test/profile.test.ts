/** Profiles of gradients: the formulas on rows worked out by hand, and runs of a coin. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createReferenceEngine, createTfjsEngine, datasetFromArrays, profileGradients } from '../src/index.js';
import type { ProfileOptions } from '../src/index.js';
import { fillNormals, noiseKey } from '../src/noise/noise.js';
import { RowMoments, type RowStatistics } from '../src/profile/row-moments.js';
import { signalOf, summarizeRows, varianceOfRows } from '../src/profile/summarize-rows.js';
import { errorOf } from './fixtures.js';
import { coinArtifact, pairArtifact } from './models.js';

/** One row: a draw for each score, with G = `mean` + `slope` · s + `noise`. */
function rowOf(scores: readonly number[], mean: number, slope: number, noise: readonly number[] = []): RowStatistics {
  const moments = new RowMoments(1);
  scores.forEach((score, draw) => {
    const gradient = mean + slope * score + (noise[draw] ?? 0);
    moments.add(Float64Array.of(NaN, gradient), 1, Float64Array.of(NaN, score), 1);
  });
  return moments.statistics();
}

/** E[s] = 0, and Var(s) = 4/3 by the n − 1 of four draws. */
const SCORES = [1, -1, 1, -1];

describe('of one row', () => {
  it('takes out all that the score explains, and finds the mean behind it', () => {
    const { a, b, d, leastVariance, meanSquare } = rowOf(SCORES, 2, 3);
    expect([a, b, d]).toEqual([12, 4, 4 / 3].map((value) => expect.closeTo(value, 12) as number));
    expect(leastVariance).toBeCloseTo(0, 12);
    expect(meanSquare).toBeCloseTo(4, 12);
  });

  it('sums the variance over elements, and scales by the factor', () => {
    const moments = new RowMoments(2);
    for (const score of SCORES) moments.add(Float64Array.of(score, 0.5), 2, Float64Array.of(score, 0), 0);
    const { a, b, d } = moments.statistics();
    expect([a, b, d]).toEqual([16 / 3, 8 / 3, 4 / 3].map((value) => expect.closeTo(value, 12) as number));
  });

  it('has no centre where no unit has a score', () => {
    expect(rowOf([0, 0, 0, 0], 1, 0, [1, -1, 1, -1]).leastVariance).toBeCloseTo(4 / 3, 12);
  });

  it('has neither the noise of the mean in its square, nor that of the centre in the least variance', () => {
    // Averages over many rows of few draws: E[s²] = 1 and G = 1 + 2s + noise of variance 1/4, apart from s.
    const normals = new Float32Array(20);
    const rows = Array.from({ length: 20_000 }, (_, row) => {
      fillNormals(normals, noiseKey(1, 'test'), { row, step: 0, draw: 0 });
      const noise = [...normals.slice(10)].map((value) => value / 2);
      return rowOf([...normals.slice(0, 10)], 1, 2, noise);
    });
    const mean = (valueOf: (row: RowStatistics) => number): number =>
      rows.reduce((sum, row) => sum + valueOf(row), 0) / rows.length;
    // Without the jackknife they are off by 1/36 and by 1/40.
    expect(Math.abs(mean(({ leastVariance }) => leastVariance) - 1 / 4)).toBeLessThan(0.005);
    expect(Math.abs(mean(({ meanSquare }) => meanSquare) - 1)).toBeLessThan(0.01);
  });
});

describe('over rows', () => {
  const rows = [rowOf(SCORES, 0, 1), rowOf(SCORES, 0, 3)];
  const reference = [rowOf(SCORES, 0, 0), rowOf(SCORES, 0, 8)];
  const d = 4 / 3;

  it('has the variance around nothing, around the best constant, 2, and around 1 and 3', () => {
    const averages = (['none', 'constant', 'perRow'] as const).map(
      (centring) => summarizeRows(rows, reference, centring).variance.mean,
    );
    expect(averages).toEqual([5 * d, d, 0].map((value) => expect.closeTo(value, 12) as number));
  });

  it('compares with the likelihood ratio under the same centring', () => {
    // (0² + 8²)/2 = 32 around nothing, (4² + 4²)/2 = 16 around the best constant, 4.
    const none = summarizeRows(rows, reference, 'none').shareRemoved;
    const constant = summarizeRows(rows, reference, 'constant').shareRemoved;
    expect(none.mean).toBeCloseTo(1 - 5 / 32, 12);
    expect(constant.mean).toBeCloseTo(1 - 1 / 16, 12);
    // Rows 1 − (5/32)·0 and 9 − (5/32)·64, over the mean 32: ±1/32.
    expect(none.standardError).toBeCloseTo(1 / 32, 12);
    expect(constant.standardError).toBeCloseTo(0, 12);
  });

  it('has a signal-to-noise ratio with the mean, whatever the centre', () => {
    const signal = [rowOf(SCORES, 3, 1), rowOf(SCORES, 3, 3)];
    expect(signalOf(signal).mean).toBeCloseTo(9, 12);
    expect(summarizeRows(signal, reference, 'none').signalToNoise).toBeCloseTo(3 / Math.sqrt(5 * d), 12);
    expect(summarizeRows(signal, reference, 'constant').signalToNoise).toBeCloseTo(3 / Math.sqrt(d), 12);
  });

  it('gives standard errors over rows', () => {
    // d and 9d: the standard error of their mean is 4d.
    expect(summarizeRows(rows, reference, 'none').variance.standardError).toBeCloseTo(4 * d, 12);
    expect([...varianceOfRows(rows, 'none')]).toEqual([d, 9 * d].map((value) => expect.closeTo(value, 12) as number));
  });
});

describe('profileGradients', () => {
  const candidates = [{ name: 'coin', artifact: coinArtifact() }];
  const engine = createReferenceEngine();
  const few: ProfileOptions = { engine, rows: 40, draws: 25, timedSteps: 1, warmUp: 0 };

  it('brings running means to where they are at this model, and leaves the model as it is', async () => {
    const cold = await profileGradients(candidates, few);
    const warm = await profileGradients(candidates, { ...few, warmUp: 100 });
    const [before, after] = [cold.sites[0], warm.sites[0]];
    if (before === undefined || after === undefined) throw new Error('no sites');
    expect(after.likelihoodRatio).toEqual(before.likelihoodRatio);
    const [own] = after.estimators;
    expect(before.estimators[0]?.none.variance).toEqual(before.likelihoodRatio.none);
    // The best constant is not quite the mean signal.
    expect((own?.none.variance.mean ?? NaN) / after.likelihoodRatio.constant.mean).toBeCloseTo(1, 1);
    expect(after.likelihoodRatio.none.mean / after.likelihoodRatio.constant.mean).toBeGreaterThan(2);
  });

  it('starts running means where a checkpoint has them', async () => {
    const state = { 'baseline/b': { shape: [], values: Float64Array.of(0.3) } };
    const start = {
      ...{ model: 'coin', step: 1, epoch: 0, seed: 0, batch: 1, optimizer: { name: 'sgd', options: {} } },
      ...{ parameters: {}, slots: {}, state },
    };
    const [artifact] = [coinArtifact()];
    const { sites } = await profileGradients([{ name: 'coin', artifact, start }], few);
    const [fresh] = (await profileGradients(candidates, few)).sites;
    const [own] = sites[0]?.estimators ?? [];
    expect(own?.none.variance.mean).toBeLessThan(0.8 * (fresh?.likelihoodRatio.none.mean ?? NaN));
    expect(own?.constant.variance.mean).toBeCloseTo(fresh?.likelihoodRatio.constant.mean ?? NaN, 10);
  });

  it('draws a row the same whatever the batch', async () => {
    const [one, other] = [
      await profileGradients(candidates, { ...few, batch: 7 }),
      await profileGradients(candidates, { ...few, batch: 40 }),
    ];
    expect(one.sites).toEqual(other.sites);
    const moved = await profileGradients(candidates, { ...few, seed: 1 });
    expect(moved.sites).not.toEqual(one.sites);
  });

  it('times every estimator, and frees all that it made', async () => {
    const tfjs = await createTfjsEngine({ backend: 'cpu' });
    const before = tf.memory().numTensors;
    const twice = [...candidates, { name: 'again', artifact: coinArtifact() }];
    const { estimators } = await profileGradients(twice, { ...few, engine: tfjs, warmUp: 3 });
    expect(tf.memory().numTensors).toBe(before);
    expect(estimators.map(({ name, learns }) => [name, learns])).toEqual([
      ['coin', true],
      ['again', true],
    ]);
    for (const { stepSeconds } of estimators) expect(stepSeconds).toBeGreaterThan(0);
  });

  it('ends where it is told to', async () => {
    const error = await errorOf(() => profileGradients(candidates, { ...few, signal: AbortSignal.abort() }));
    expect(error.name).toBe('AbortError');
  });

  const data = datasetFromArrays(pairArtifact().data, { x: [1, 1, 0, 0, 0, 1] });
  const pair = [{ name: 'pair', artifact: pairArtifact() }];

  it.each([
    ['draws: 3 cannot be used; give an integer from 4', () => profileGradients(candidates, { ...few, draws: 3 })],
    ['seed: -1 is not a seed', () => profileGradients(candidates, { ...few, seed: -1 })],
    ['warmUp: -1 cannot be used', () => profileGradients(candidates, { ...few, warmUp: -1 })],
    ['estimators: there is none to profile', () => profileGradients([], few)],
    ['has no latent site', () => profileGradients(pair, { ...few, data })],
    [
      'the model has no parameter et; did you mean eta?',
      () => profileGradients(candidates, { ...few, parameters: { et: { shape: [], values: Float64Array.of(0) } } }),
    ],
  ])('says %s', async (text, run) => {
    expect((await errorOf(run)).message).toContain(text);
  });
});
