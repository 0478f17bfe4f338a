import { ProgramBuilder } from '@sbn/program';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine.js';
import { createReferenceEngine } from '../../src/engines/reference.js';
import { createTfjsEngine } from '../../src/engines/tfjs/engine.js';
import { DataError, EngineError, NonFiniteError, SettingsError } from '../../src/errors.js';
import { initializeParameters } from '../../src/initialize.js';
import { loadModel } from '../../src/model.js';
import type { Dataset, ReadRequest } from '../../src/dataset.js';
import { errorOf } from '../fixtures.js';
import { coinArtifact, pairArtifact } from '../models.js';
import { collect, pairData, plain, ROWS } from './harness.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createTfjsEngine({ backend: 'wasm' });
});

describe('initial parameters', () => {
  it('follow from seed and name', () => {
    const artifact = pairArtifact();
    const first = plain(initializeParameters(artifact, 0));
    expect(plain(initializeParameters(artifact, 0))).toEqual(first);
    expect(plain(initializeParameters(artifact, 1))).not.toEqual(first);
    expect(first['w']).not.toEqual(first['d']);
  });

  it('come from the declared distributions', () => {
    const artifact = pairArtifact();
    const [info] = artifact.parameters;
    if (info === undefined) throw new Error('no parameter');
    const many = (initializer: typeof info.initializer): readonly number[] => [
      ...(initializeParameters({ ...artifact, parameters: [{ ...info, shape: [100, 200], initializer }] }, 3)['a']
        ?.values ?? []),
    ];
    const n = 20_000;
    const normal = many({ kind: 'normal', mean: 2, standardDeviation: 0.5 });
    const mean = normal.reduce((sum, value) => sum + value, 0) / n;
    const variance = normal.reduce((sum, value) => sum + (value - 2) ** 2, 0) / n;
    // Five standard errors.
    expect(Math.abs(mean - 2)).toBeLessThan((5 * 0.5) / Math.sqrt(n));
    expect(Math.abs(variance - 0.25)).toBeLessThan(5 * 0.25 * Math.sqrt(2 / n));
    const uniform = many({ kind: 'uniform', low: -3, high: -1 });
    expect(Math.min(...uniform)).toBeGreaterThan(-3);
    expect(Math.max(...uniform)).toBeLessThan(-1);
    expect(Math.abs(uniform.reduce((sum, value) => sum + value, 0) / n + 2)).toBeLessThan(5 * Math.sqrt(4 / 12 / n));
    expect(new Set(many({ kind: 'fill', value: 7 }))).toEqual(new Set([7]));
  });
});

describe('training', () => {
  it('brings the cost of a model without data to its least value', async () => {
    const model = await loadModel(coinArtifact(0.2), { engine });
    const reports = await collect(model.train({ steps: 400, batch: 50, lr: 0.05 }));
    expect(reports.length).toBe(400);
    expect(reports.at(-1)).toMatchObject({ step: 400, epoch: 0, endsEpoch: false });
    const evaluation = await model.evaluate();
    // All zeros cost 0.04, one unit of four at one costs 0.15 more.
    expect(evaluation).toMatchObject({ kind: 'cost', rows: 1000, samples: 1 });
    if (evaluation.kind === 'cost') expect(evaluation.cost.mean).toBeLessThan(0.06);
    model.dispose();
  });

  it('raises the bound of a model of data', async () => {
    const artifact = pairArtifact();
    const model = await loadModel(artifact, { engine });
    const data = pairData(artifact);
    const before = await model.evaluate(data, { samples: 50 });
    await collect(model.train({ data, epochs: 200 }));
    const after = await model.evaluate(data, { samples: 50 });
    if (before.kind !== 'bound' || after.kind !== 'bound') throw new Error('a bound');
    // Pixels by themselves have 2.03 nats, the rows 1.16: only with a latent that means something is the bound between.
    expect(before.bound.mean).toBeLessThan(-2.03);
    expect(after.bound.mean).toBeGreaterThan(-1.75);
    expect(after.logLikelihood.mean).toBeLessThan(-1.16);
    model.dispose();
  });

  it('is a function of the seed', async () => {
    const artifact = pairArtifact();
    const run = async (seed?: number): Promise<Record<string, number[]>> => {
      const model = await loadModel(artifact, { engine, seed: 0 });
      await collect(model.train({ data: pairData(artifact), seed, steps: 7 }));
      const values = plain(await model.parameters());
      model.dispose();
      return values;
    };
    const first = await run(3);
    expect(await run(3)).toEqual(first);
    expect(await run(4)).not.toEqual(first);
    expect(await run()).toEqual(await run(0));
  });

  it('draws each step afresh', async () => {
    const model = await loadModel(coinArtifact(), { engine });
    // Without learning, only the noise can make losses differ.
    const losses = (await collect(model.train({ steps: 6, lr: 0 }))).map(({ loss }) => loss);
    expect(new Set(losses).size).toBe(6);
    model.dispose();
  });

  it('makes the same first step on every engine', async () => {
    const artifact = pairArtifact();
    const results: Record<string, number[]>[] = [];
    for (const own of [engine, createReferenceEngine()]) {
      const model = await loadModel(artifact, { engine: own });
      // SGD: Adam's first step is the sign of the gradient.
      await collect(
        model.train({ data: pairData(artifact), optimizer: { name: 'sgd', options: { lr: 0.5 } }, steps: 1 }),
      );
      results.push(plain(await model.parameters()));
      model.dispose();
    }
    const [single = {}, double = {}] = results;
    for (const name of ['a', 'c', 'w', 'd']) {
      single[name]?.forEach((value, index) => {
        expect(Math.abs(value - (double[name]?.[index] ?? NaN))).toBeLessThan(1e-6);
      });
    }
  });

  it('reads each row once per epoch, in another order each time, and leaves the short batch out', async () => {
    const artifact = pairArtifact();
    const model = await loadModel(artifact, { engine });
    const inner = pairData(artifact);
    const requests: ReadRequest[] = [];
    const data: Dataset = {
      ...inner,
      read: async (request) => {
        requests.push(request);
        await new Promise((resolve) => setTimeout(resolve, 0));
        return inner.read(request);
      },
    };
    const reports = await collect(model.train({ data, batch: 4, epochs: 3, seed: 9 }));
    expect(reports.map(({ step, epoch, endsEpoch }) => [step, epoch, endsEpoch])).toEqual([
      [1, 1, false],
      [2, 1, true],
      [3, 2, false],
      [4, 2, true],
      [5, 3, false],
      [6, 3, true],
    ]);
    expect(requests.map(({ epoch, seed }) => [epoch, seed])).toEqual([
      [0, 9],
      [0, 9],
      [1, 9],
      [1, 9],
      [2, 9],
      [2, 9],
    ]);
    const epochs = [0, 1, 2].map((epoch) =>
      requests.slice(2 * epoch, 2 * epoch + 2).flatMap(({ indices }) => [...indices]),
    );
    for (const rows of epochs) expect(new Set(rows).size).toBe(8);
    expect(new Set(epochs.map((rows) => rows.join())).size).toBe(3);
    model.dispose();
  });

  it('gives terms and signals on demand, until the next step', async () => {
    const artifact = pairArtifact();
    const model = await loadModel(artifact, { engine });
    const training = model.train({ data: pairData(artifact), steps: 3 });
    const reports = [];
    for await (const report of training) {
      reports.push(report);
      const { terms, signals } = await report.details();
      expect(Object.keys(terms)).toEqual(['log q(h)', '-log p(h)', '-log p(x)']);
      expect(Object.values(terms).reduce((sum, value) => sum + value, 0)).toBeCloseTo(report.loss, 5);
      expect(signals['h']?.variance).toBeGreaterThanOrEqual(0);
      if (report.step === 1) expect(signals['h']?.mean).toBeCloseTo(report.loss, 5);
      expect(await report.details()).toEqual({ terms, signals });
      if (report.step === 2) break;
    }
    const rest = await collect(training);
    expect(rest.map(({ step }) => step)).toEqual([3]);
    const gone = (await collect(model.train({ data: pairData(artifact), steps: 2 })))[0];
    const error = await errorOf(() => gone?.details());
    expect(error).toBeInstanceOf(EngineError);
    expect(error.message).toContain('the details of step 1 are gone; ask for them before the next step');
    model.dispose();
  });

  it('holds as many tensors after step 1000 as after step 10, and none when disposed of', async () => {
    const artifact = pairArtifact();
    const start = tf.memory().numTensors;
    const model = await loadModel(artifact, { engine });
    const counts = new Map<number, number>();
    for await (const report of model.train({ data: pairData(artifact), steps: 1000 })) {
      if (report.step % 3 === 0) await report.details();
      counts.set(report.step, tf.memory().numTensors);
    }
    expect(counts.get(1000)).toBe(counts.get(10));
    await model.evaluate(pairData(artifact), { samples: 3 });
    await model.sample({ rows: 5 });
    await model.posterior(pairData(artifact));
    model.dispose();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(tf.memory().numTensors).toBe(start);
  });

  it('stops at an abort signal, with timers served meanwhile', async () => {
    const model = await loadModel(coinArtifact(), { engine });
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort();
    }, 100);
    const training = model.train({ steps: 10_000_000, batch: 2, signal: controller.signal });
    const reports = await collect(training);
    expect(training.interrupted).toBe(true);
    expect(training.step).toBe(reports.length);
    expect(reports.length).toBeGreaterThan(0);
    expect((await training.checkpoint()).step).toBe(reports.length);
    model.dispose();
  });

  it('ends the training before when another starts, and all when the model is disposed of', async () => {
    const model = await loadModel(coinArtifact(), { engine });
    const first = model.train({ steps: 5 });
    await collect(first, 1);
    const second = model.train({ steps: 5 });
    expect((await errorOf(() => collect(first))).message).toContain('the training was disposed of');
    model.dispose();
    model.dispose();
    expect(await errorOf(() => collect(second))).toBeInstanceOf(EngineError);
    expect(() => model.train()).toThrow('the model was disposed of');
    expect(await errorOf(() => model.sample())).toBeInstanceOf(EngineError);
  });
});

describe('numbers that are not finite', () => {
  it('name step, term, site and source position, and leave the parameters as they were', async () => {
    const artifact = pairArtifact();
    const model = await loadModel(artifact, { engine });
    model.setParameters({
      d: { shape: [3], values: Float32Array.of(3e38, 0, 0) },
      w: { shape: [3], values: Float32Array.of(3e38, 0, 0) },
    });
    model.setParameters({ a: { shape: [3], values: Float32Array.of(50, 50, 50) } });
    const before = plain(await model.parameters());
    const tensors = tf.memory().numTensors;
    const error = await errorOf(() => collect(model.train({ data: pairData(artifact), steps: 5 })));
    expect(error).toBeInstanceOf(NonFiniteError);
    expect(error).toMatchObject({ step: 1, place: '-log p(x)', site: 'x' });
    expect(error.message).toMatch(
      /^step 1: the term -log p\(x\) \(pair\.sbn:3:5\) is (NaN|Infinity|-Infinity); check the data and/,
    );
    expect(plain(await model.parameters())).toEqual(before);
    model.train({ data: pairData(artifact) }).dispose();
    expect(tf.memory().numTensors - tensors).toBeLessThan(12);
    model.dispose();
  });

  it('are found in the loss though every gradient is finite', async () => {
    const artifact = coinArtifact();
    const builder = new ProgramBuilder('gradient');
    const eta = builder.input('parameter', 'eta', [4]);
    builder.output('loss', 'total', builder.divide(builder.constant(-1), builder.constant(0)));
    builder.output('gradient', 'eta', eta);
    const programs = { ...artifact.programs, gradient: builder.finish() };
    const model = await loadModel({ ...artifact, programs }, { engine });
    const before = plain(await model.parameters());
    const error = await errorOf(() => collect(model.train({ steps: 3 })));
    expect(error).toMatchObject({ name: 'NonFiniteError', step: 1, place: 'loss', value: -Infinity });
    expect(error.message).toContain('step 1: the loss is -Infinity');
    expect(plain(await model.parameters())).toEqual(before);
    model.dispose();
  });

  it('are found in an update before it is taken over', async () => {
    const artifact = coinArtifact();
    const model = await loadModel(artifact, { engine });
    const before = plain(await model.parameters());
    const optimizer = { name: 'sgd', options: { lr: 1e300 } };
    const training = model.train({ steps: 3, optimizer });
    const error = await errorOf(() => collect(training));
    expect(error).toMatchObject({ name: 'NonFiniteError', step: 1, place: 'eta', site: undefined });
    expect(error.message).toContain('the sum of the updated parameter eta');
    expect(error.message).toContain('; lower the learning rate, or check');
    expect(plain(await model.parameters())).toEqual(before);
    expect(training.step).toBe(0);
    model.dispose();
  });
});

describe('settings', () => {
  it.each([
    [{ batch: 12 }, 'batch: 12 rows per step are more than the 11 there are; give at most 11'],
    [{ batch: 0 }, 'batch: 0 cannot be used; give an integer from 1'],
    [{ steps: 1.5 }, 'steps: 1.5 cannot be used'],
    [{ epochs: -1 }, 'epochs: -1 cannot be used; give an integer from 0'],
    [{ seed: -1 }, 'seed: -1 is not a seed'],
    [{ optimizer: { name: 'lion' } }, 'there is no optimizer lion'],
  ])('%j is refused', async (options, message) => {
    const artifact = pairArtifact();
    const model = await loadModel(artifact, { engine });
    expect(() => model.train({ data: pairData(artifact), ...options })).toThrow(SettingsError);
    expect(() => model.train({ data: pairData(artifact), ...options })).toThrow(message);
    model.dispose();
  });

  it('come from the options, then the artifact, then defaults', async () => {
    const artifact = pairArtifact();
    const model = await loadModel(artifact, { engine });
    expect(model.seed).toBe(5);
    const data = pairData(artifact);
    const own = model.train({ data }).settings;
    expect(own).toMatchObject({ batch: 4, steps: 4, stepsPerEpoch: 2, seed: 5, startStep: 0 });
    expect(own.optimizer.options).toMatchObject({ lr: 0.05, beta1: 0.9 });
    expect(model.train({ data, lr: 0.5 }).settings.optimizer.options).toMatchObject({ lr: 0.5 });
    expect(model.train({ data, steps: 7, epochs: 3 }).settings.steps).toBe(6);
    expect(model.train({ data, steps: 7 }).settings.steps).toBe(7);
    expect(model.train({ data, optimizer: { name: 'sgd' } }).settings.optimizer).toMatchObject({
      name: 'sgd',
      options: { lr: 0.01 },
    });
    const free = await loadModel(coinArtifact(), { engine });
    expect(free.train().settings).toMatchObject({ batch: 100, steps: 1000, stepsPerEpoch: undefined, seed: 0 });
    expect(() => free.train({ epochs: 3 })).toThrow('without data there are no epochs; say how many steps');
    const bare = await loadModel({ ...artifact, train: { ...free.artifact.train } }, { engine });
    expect(bare.train({ data }).settings).toMatchObject({ batch: 11, steps: 10 });
    for (const each of [model, free, bare]) each.dispose();
  });

  it('keep the running training when they are refused', async () => {
    const model = await loadModel(coinArtifact(), { engine });
    const training = model.train({ steps: 2 });
    expect(() => model.train({ steps: -1 })).toThrow(SettingsError);
    expect((await collect(training)).length).toBe(2);
    model.dispose();
  });
});

describe('data of a training', () => {
  const dataset = (values: readonly number[], widths: Record<string, number> = { x: 3 }, rows = 4): Dataset => ({
    rows,
    widths,
    read: ({ indices }) => ({
      x: Float32Array.from([...indices].flatMap((row) => values.slice(3 * row, 3 * row + 3))),
    }),
  });

  it.each<[string, Dataset | undefined, string]>([
    ['nothing', undefined, 'data x: the model needs rows of binary[3], and there is no data set'],
    ['another name', dataset([], { y: 3 }), 'data x: the data set has no x, only y'],
    ['another width', dataset([], { x: 4 }), 'data x: rows of 4 values do not fit binary[3]'],
    ['no rows', dataset([], { x: 3 }, 0), 'the data set has no rows'],
    ['too few values', dataset([1, 0, 1]), 'values for 4 rows; give 12 values'],
    [
      'a value of another kind',
      dataset([...ROWS.slice(0, 10), 0.5, 1]),
      'data x, data set, row 3, column 1: 0.5 is neither 0 nor 1',
    ],
  ])('%s is refused', async (_, data, message) => {
    const model = await loadModel(pairArtifact(), { engine });
    const error = await errorOf(() => collect(model.train({ data, batch: 4, steps: 1 })));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain(message);
    model.dispose();
  });
});
