import { beforeAll, describe, expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '../../src/checkpoint.js';
import type { Engine } from '../../src/engine.js';
import { createReferenceEngine } from '../../src/engines/reference.js';
import { createTfjsEngine } from '../../src/engines/tfjs/engine.js';
import { CheckpointError } from '../../src/errors.js';
import { loadModel } from '../../src/model.js';
import { coinArtifact, pairArtifact } from '../models.js';
import { collect, pairData, plain } from './harness.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createTfjsEngine({ backend: 'wasm' });
});

describe.each(['wasm', 'reference'])('resuming on %s', (name) => {
  it.each([
    ['adam', undefined],
    ['sgd', { momentum: 0.9, lr: 0.1 }],
    // It stops after step 10 of 23: within the rise and the fall, before, at and after the ends of them.
    ['adam', { lr: 0.1, warmup: 15 }],
    ['adam', { lr: 0.1, warmup: 10, cosine: 20, final: 0.1 }],
    ['adamw', { lr: 0.1, decay: 0.2, warmup: 3, cosine: 10 }],
    ['adamw', { lr: 0.1, decay: 0.2, every: 5, factor: 0.5, clip: 0.05 }],
    ['rmsprop', { lr: 0.05, warmup: 12, every: 10, factor: 0.3, decay: 0.1 }],
    ['rmsprop', { lr: 0.05, cosine: 23, clip: 0.1 }],
    ['sgd', { lr: 0.2, momentum: 0.5, warmup: 4, cosine: 18, clip: 0.2, decay: 0.05 }],
    ['sgd', { lr: 0.2, every: 3, factor: 0.9 }],
  ])('gives with %s and %o, to the last bit, what never stopping gives', async (optimizer, options) => {
    const own = name === 'wasm' ? engine : createReferenceEngine();
    const artifact = pairArtifact();
    const data = pairData(artifact);
    const settings = { data, batch: 3, optimizer: { name: optimizer, options }, seed: 11 };

    const whole = await loadModel(artifact, { engine: own });
    const wholeReports = await collect(whole.train({ ...settings, steps: 23 }));
    const wholeEnd = await whole.train({ ...settings, steps: 0 }).checkpoint();

    // Stops in the middle of an epoch; the rest runs in a model of another seed.
    const first = await loadModel(artifact, { engine: own });
    const training = first.train({ ...settings, steps: 23 });
    await collect(training, 10);
    const bytes = encodeCheckpoint(await training.checkpoint());
    first.dispose();
    const second = await loadModel(artifact, { engine: own, seed: 77 });
    const resumed = second.train({ data, steps: 23, resume: decodeCheckpoint(bytes) });
    const reports = await collect(resumed);

    expect(resumed.settings).toMatchObject({ startStep: 10, batch: 3, seed: 11 });
    expect(reports.map(({ step }) => step)).toEqual(wholeReports.slice(10).map(({ step }) => step));
    expect(reports.map(({ loss }) => loss)).toEqual(wholeReports.slice(10).map(({ loss }) => loss));
    expect(plain(await second.parameters())).toEqual(plain(wholeEnd.parameters));
    whole.dispose();
    second.dispose();
  });
});

describe('a checkpoint', () => {
  async function take(): Promise<Checkpoint> {
    const artifact = pairArtifact();
    const model = await loadModel(artifact, { engine });
    const training = model.train({ data: pairData(artifact), steps: 5, batch: 4 });
    await collect(training);
    const checkpoint = await training.checkpoint();
    model.dispose();
    return checkpoint;
  }

  it('holds where the run is and all that it needs', async () => {
    const checkpoint = await take();
    expect(checkpoint).toMatchObject({
      model: 'pair',
      step: 5,
      epoch: 2,
      seed: 5,
      batch: 4,
      optimizer: { name: 'adam' },
    });
    expect(Object.keys(checkpoint.parameters)).toEqual(['a', 'c', 'w', 'd']);
    expect(Object.keys(checkpoint.slots).sort()).toEqual([
      ...['squares/a', 'squares/c', 'squares/d', 'squares/w'],
      ...['sum/a', 'sum/c', 'sum/d', 'sum/w'],
    ]);
    expect(checkpoint.state['baseline/h']?.values[0]).not.toBe(0);
  });

  it('gives a model its parameters', async () => {
    const checkpoint = await take();
    const model = await loadModel(pairArtifact(), { engine });
    model.restore(checkpoint);
    expect(plain(await model.parameters())).toEqual(plain(checkpoint.parameters));
    model.dispose();
  });

  it('of something else is refused, and names what differs', async () => {
    const checkpoint = await take();
    const artifact = pairArtifact();
    const data = pairData(artifact);
    const model = await loadModel(artifact, { engine });
    const before = plain(await model.parameters());
    const coin = await loadModel(coinArtifact(), { engine });
    const refuse = (run: () => unknown, message: string): void => {
      expect(run).toThrow(CheckpointError);
      expect(run).toThrow(message);
    };
    refuse(() => {
      coin.restore(checkpoint);
    }, 'the checkpoint is of model pair, and this is coin');
    // Before its settings are taken over, which need not fit either.
    const foreign = { ...checkpoint, model: 'coin', batch: 100 };
    refuse(() => model.train({ data, resume: foreign }), 'the checkpoint is of model coin, and this is pair');
    const { w, ...others } = checkpoint.parameters;
    if (w === undefined) throw new Error('w');
    const change = (parameters: Checkpoint['parameters']) => () => {
      model.restore({ ...checkpoint, parameters });
    };
    refuse(change(others), 'the checkpoint has no parameter w');
    refuse(change({ ...checkpoint.parameters, e: w }), 'the checkpoint has a parameter e, which is not known here');
    refuse(change({ ...checkpoint.parameters, c: w }), 'parameter c is [3] in the checkpoint, and must be [1]');
    refuse(
      () => model.train({ data, resume: checkpoint, optimizer: { name: 'sgd', options: { momentum: 0.9 } } }),
      'the checkpoint is of optimizer adam, and this is sgd',
    );
    refuse(
      () => model.train({ data, resume: { ...checkpoint, state: {} } }),
      'the checkpoint has no baseline baseline/h',
    );
    expect(plain(await model.parameters())).toEqual(before);
    model.dispose();
    coin.dispose();
  });
});
