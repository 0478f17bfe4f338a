import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '@sbn/compiler';
import {
  createReferenceEngine,
  datasetFromArrays,
  loadModel,
  type Model,
  type StepReport,
  type Training,
} from '@sbn/runtime';
import { CheckpointSeries } from '@sbn/runtime/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MetricsFile, type MeasurementLog } from '../src/metrics.js';
import { NO_WATCHER, type RunEvent, type RunWatcher } from '../src/run-events.js';
import { runTraining, type WatchSettings } from '../src/training-loop.js';
import { FakeHost } from './fake-host.js';

const SOURCE = `data x: binary[2]
model {
  h ~ bernoulli(logits = bias(1))
  x ~ bernoulli(logits = dense(h, 2))
}
guide { h ~ bernoulli(logits = dense(x, 1)) }
maximize elbo
`;

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-loop-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function makeFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

async function loadTiny(): Promise<Model> {
  const { value } = compile({ name: 'tiny.sbn', text: SOURCE });
  if (value === undefined) throw new Error('the model does not compile');
  return loadModel(value, { engine: createReferenceEngine(), seed: 0 });
}

/** A training of a real model whose steps take no time and have the losses 1, 2, 3, …; it stops after `last`. */
function countingTraining(model: Model, steps: number, stepsPerEpoch: number, last: number): Training {
  const data = datasetFromArrays(model.artifact.data, { x: [0, 1] });
  const real = model.train({ data, steps });
  function* count(): Generator<StepReport> {
    for (let step = 1; step <= last; step += 1) {
      const endsEpoch = step % stepsPerEpoch === 0;
      const details = () => Promise.resolve({ terms: {}, signals: {} });
      yield { step, epoch: Math.ceil(step / stepsPerEpoch), endsEpoch, loss: step, details };
    }
  }
  return {
    settings: { ...real.settings, steps, stepsPerEpoch },
    step: last,
    seconds: real.seconds,
    interrupted: last < steps,
    checkpoint: () => real.checkpoint(),
    dispose: () => {
      real.dispose();
    },
    async *[Symbol.asyncIterator]() {
      await Promise.resolve();
      yield* count();
    },
  };
}

async function runLoop(
  name: string,
  steps: number,
  stepsPerEpoch: number,
  {
    last = steps,
    watch = {},
    watcher = NO_WATCHER,
    log,
  }: {
    readonly log?: MeasurementLog;
    readonly last?: number;
    readonly watch?: WatchSettings;
    readonly watcher?: RunWatcher;
  } = {},
): Promise<string[][]> {
  const model = await loadTiny();
  const path = join(folder, `${name}.csv`);
  await runTraining({
    model,
    training: countingTraining(model, steps, stepsPerEpoch, last),
    validation: datasetFromArrays(model.artifact.data, { x: [0, 1] }),
    logs: [new MetricsFile(path, false), ...(log === undefined ? [] : [log])],
    checkpoints: new CheckpointSeries(makeFolder(name), 3),
    watch,
    measured: [],
    watcher,
    host: new FakeHost(folder),
  });
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}

describe('runTraining', () => {
  it('writes means over stretches of steps, 500 or so in a run', async () => {
    const rows = await runLoop('long', 1500, 1500);
    expect(rows.map(([step]) => Number(step))).toEqual(Array.from({ length: 500 }, (_, row) => 3 * row + 3));
    // Losses 3k + 1, 3k + 2, 3k + 3.
    expect(rows.map(([, , loss]) => Number(loss))).toEqual(Array.from({ length: 500 }, (_, row) => 3 * row + 2));
  });

  it('measures at the end of epochs, a hundred times in a run at most, and at its end', async () => {
    const measured = (rows: string[][]): number[] =>
      rows.filter(([, , , validation]) => validation !== '').map(([step]) => Number(step));
    expect(measured(await runLoop('epochs', 1000, 250))).toEqual([250, 500, 750, 1000]);
    expect(measured(await runLoop('short', 1000, 4))).toEqual(
      Array.from({ length: 83 }, (_, row) => 12 * row + 12).concat(1000),
    );
  });

  it('keeps the steps of an interrupted run that fill no row of their own', async () => {
    const rows = await runLoop('broken', 1500, 1500, { last: 7 });
    expect(rows.map(([step, , loss]) => [Number(step), Number(loss)])).toEqual([
      [3, 2],
      [6, 5],
      [7, 7],
    ]);
    expect(readdirSync(join(folder, 'broken'))).toContain('checkpoint.safetensors');
  });

  it('measures where it is told to, and ends when nothing becomes better', async () => {
    // The parameters stand still, so the first measurement is the best of all.
    const rows = await runLoop('patient', 1000, 250, { watch: { validEvery: 20, patience: 3 } });
    const measured = rows.filter(([, , , validation]) => validation !== '').map(([step]) => Number(step));
    expect(measured).toEqual([20, 40, 60, 80]);
    expect(rows.at(-1)?.[0]).toBe('80');
    expect(readdirSync(join(folder, 'patient')).sort()).toEqual([
      'best.safetensors',
      'checkpoint.1.safetensors',
      'checkpoint.safetensors',
    ]);
  });

  it('has the measurements on the disk before a checkpoint is written', async () => {
    const seen: string[] = [];
    const log: MeasurementLog = {
      write: ({ step }) => seen.push(`row ${String(step)}`),
      sync: () => seen.push('synced'),
      close: () => seen.push('synced'),
    };
    const watcher = { wants: () => false, see: ({ kind }: RunEvent) => kind === 'checkpoint' && seen.push(kind) };
    await runLoop('synced', 30, 10, { watcher, log, watch: { validEvery: 20, checkpointEvery: 10 } });
    expect(seen.filter((each) => each === 'checkpoint')).toHaveLength(5);
    expect(seen.filter((each) => each.startsWith('row'))).toHaveLength(30);
    // What comes between the last row and the checkpoint after it.
    seen.forEach((each, place) => {
      if (each === 'checkpoint') expect(seen[place - 1]).toBe('synced');
    });
  });

  it('says what happens, in its order', async () => {
    const seen: RunEvent[] = [];
    const watcher = { wants: (step: number) => step % 10 === 0, see: (event: RunEvent) => seen.push(event) };
    await runLoop('seen', 30, 10, { watcher, watch: { validEvery: 20, checkpointEvery: 10 } });
    // The parameters stand still: what is measured first stays the best.
    expect(seen.map((event) => `${event.kind} ${'step' in event ? event.step : ''}`)).toEqual([
      'checkpoint 0',
      'progress 10',
      'checkpoint 0',
      'validation 20',
      'checkpoint 0',
      'progress 20',
      'checkpoint 0',
      'validation 30',
      'progress 30',
      'checkpoint 0',
    ]);
    expect(
      seen
        .map((event) => (event.kind === 'checkpoint' ? event.what : ''))
        .join(' ')
        .trim(),
    ).toBe('newest  newest  best  newest   newest');
    const [first] = seen.filter((event) => event.kind === 'progress');
    // Losses 1 … 10, of which each step since the twentieth would weigh 0.05: so far it is their mean.
    expect(first).toMatchObject({ epoch: 1, loss: 5.5, learningRate: 0.001, rowsPerSecond: 0 });
  });

  it('keeps the newest checkpoints', async () => {
    await runLoop('kept', 100, 100, { watch: { checkpointEvery: 10 } });
    expect(readdirSync(join(folder, 'kept')).sort()).toEqual([
      'best.safetensors',
      'checkpoint.1.safetensors',
      'checkpoint.2.safetensors',
      'checkpoint.safetensors',
    ]);
  });
});
