import { beforeAll, describe, expect, it } from 'vitest';
import type { Artifact } from '@sbn/program';
import type { Checkpoint } from '../src/checkpoint.js';
import { createReferenceEngine } from '../src/engines/reference.js';
import { initializeParameters } from '../src/initialize.js';
import { loadModel } from '../src/model.js';
import { transferCheckpoint } from '../src/transfer.js';
import { collect, pairData, plain } from './model/harness.js';
import { pairArtifact } from './models.js';

const ADAM = { name: 'adam', options: { lr: 0.1 } };
const artifact = pairArtifact();
let trained: Checkpoint;

beforeAll(async () => {
  const model = await loadModel(artifact, { engine: createReferenceEngine() });
  const training = model.train({ data: pairData(artifact), optimizer: ADAM, batch: 3, steps: 10, seed: 11 });
  await collect(training);
  trained = await training.checkpoint();
  model.dispose();
});

/** The model as if it were another one: with a parameter of another shape, one of another name, and without the baselines of before. */
function changed(): Artifact {
  const parameters = artifact.parameters.map((info) => {
    if (info.name === 'w') return { ...info, shape: [7] };
    return info.name === 'd' ? { ...info, name: 'e' } : info;
  });
  return { ...artifact, name: 'other', parameters };
}

describe('transferCheckpoint', () => {
  it('of the same model, optimiser and seed changes nothing', () => {
    const { checkpoint, transferred, withState, fresh, dropped } = transferCheckpoint(trained, artifact, {
      optimizer: ADAM,
      batch: 3,
      seed: 11,
    });
    expect(checkpoint).toEqual(trained);
    expect([transferred, withState, fresh, dropped]).toEqual([['a', 'c', 'w', 'd'], ['a', 'c', 'w', 'd'], [], []]);
  });

  it('takes what has the name and the shape, draws the rest, and says which', () => {
    const other = changed();
    const { checkpoint, transferred, fresh, dropped } = transferCheckpoint(trained, other, {
      optimizer: ADAM,
      batch: 5,
      seed: 4,
    });
    expect(checkpoint).toMatchObject({ model: 'other', step: 10, seed: 4, batch: 5 });
    expect(transferred).toEqual(['a', 'c']);
    expect(fresh).toEqual([
      { name: 'w', shape: [7], before: artifact.parameters.find(({ name }) => name === 'w')?.shape },
      { name: 'e', shape: artifact.parameters.find(({ name }) => name === 'd')?.shape, before: undefined },
    ]);
    expect(dropped).toEqual(['d']);
    const [own, old] = [plain(checkpoint.parameters), plain(trained.parameters)];
    const initial = plain(initializeParameters(other, 4));
    expect(own).toEqual({ a: old['a'], c: old['c'], w: initial['w'], e: initial['e'] });
    expect(checkpoint.state).toEqual(trained.state);
    expect(checkpoint.slots['sum/a']).toEqual(trained.slots['sum/a']);
  });

  it('leaves the state of another optimiser behind', () => {
    const options = { optimizer: { name: 'rmsprop' }, batch: 3, seed: 11 };
    const { checkpoint, transferred, withState } = transferCheckpoint(trained, artifact, options);
    expect([transferred.length, withState]).toEqual([4, []]);
    expect(checkpoint.optimizer.name).toBe('rmsprop');
    for (const { values } of Object.values(checkpoint.slots)) expect(values.every((value) => value === 0)).toBe(true);
  });

  it('gives a checkpoint that training goes on from', async () => {
    const options = { optimizer: { name: 'sgd', options: { momentum: 0.5 } }, batch: 4, seed: 2 };
    const { checkpoint } = transferCheckpoint(trained, artifact, options);
    const model = await loadModel(artifact, { engine: createReferenceEngine() });
    const reports = await collect(model.train({ data: pairData(artifact), resume: checkpoint, steps: 12 }));
    expect(reports.map(({ step }) => step)).toEqual([11, 12]);
    model.dispose();
  });
});
