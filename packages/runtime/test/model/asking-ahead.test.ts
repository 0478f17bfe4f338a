/** Rows that come from elsewhere are asked for ahead, several batches at once, and nobody notices but by the time. */
import { describe, expect, it } from 'vitest';
import { datasetFromColumns } from '../../src/data/arrays.js';
import type { Column, Dataset, ReadRequest } from '../../src/dataset.js';
import { createReferenceEngine } from '../../src/engines/reference.js';
import { DataError } from '../../src/errors.js';
import { loadModel } from '../../src/model.js';
import { errorOf } from '../fixtures.js';
import { pairArtifact } from '../models.js';
import { collect, pairData, ROWS } from './harness.js';

const engine = createReferenceEngine();
const artifact = pairArtifact();
const settings = { batch: 3, steps: 40, seed: 4 };

/** The rows of `pairData` as a thread gives them: later. `values` may change. */
function elsewhere(values: readonly number[], isPieced = false): { data: Dataset; requests: ReadRequest[] } {
  const requests: ReadRequest[] = [];
  const column: Column = {
    name: 'x',
    source: 'elsewhere',
    rows: ROWS.length / 3,
    width: 3,
    pieces: isPieced
      ? { rows: 4, rowBytes: 3, isSeekable: true, buffer: undefined, expect: () => undefined }
      : undefined,
    read: async (request, target) => {
      requests.push(request);
      await new Promise((resolve) => setTimeout(resolve, 1));
      request.indices.forEach((row, place) => {
        if (values[3 * row] === -1) throw new DataError({ data: 'x', source: 'elsewhere', row }, 'cannot be read', '');
        target.set(values.slice(3 * row, 3 * row + 3), 3 * place);
      });
    },
  };
  return { data: datasetFromColumns([column]), requests };
}

async function losses(data: Dataset, own: object = {}): Promise<readonly number[]> {
  const model = await loadModel(artifact, { engine, seed: 2 });
  const reports = await collect(model.train({ data, ...settings, ...own }));
  model.dispose();
  return reports.map(({ loss }) => loss);
}

describe('rows that are asked for ahead', () => {
  it('are those that rows in memory are, and none that no step needs', async () => {
    const { data, requests } = elsewhere(ROWS);
    expect(await losses(data)).toEqual(await losses(pairData(artifact)));
    expect(requests.length).toBeLessThan(settings.steps / 2);
    // An epoch has three steps, and no request crosses it.
    const rows = requests.map(({ indices }) => indices.length);
    expect(rows.reduce((sum, own) => sum + own)).toBe(settings.batch * settings.steps);
    expect(Math.max(...rows)).toBe(9);
    for (const { indices } of requests) expect(new Set(indices).size).toBe(indices.length);
  });

  it('come a batch at a time where they are read piece by piece', async () => {
    const { data, requests } = elsewhere(ROWS, true);
    await losses(data);
    expect(requests.map(({ indices }) => indices.length)).toEqual(new Array(settings.steps).fill(settings.batch));
  });

  it('are let go of where somebody stops, and asked for again where it goes on', async () => {
    const whole = await losses(pairData(artifact));
    const { data } = elsewhere(ROWS);
    const model = await loadModel(artifact, { engine, seed: 2 });
    const training = model.train({ data, ...settings });
    const first = await collect(training, 4);
    const checkpoint = await training.checkpoint();
    training.dispose();
    const others = await collect(model.train({ data, steps: settings.steps, resume: checkpoint }));
    expect([...first, ...others].map(({ loss }) => loss)).toEqual(whole);
    model.dispose();
  });

  it.each([
    ['cannot be read', [-1], { row: 7 }],
    ['are not as declared', [2], { row: 7, column: 0, value: 2 }],
  ] as const)('%s: said when their step comes, and not before', async (_, wrong, place) => {
    const values = [...ROWS];
    values.splice(21, 1, ...wrong);
    const { data, requests } = elsewhere(values);
    const model = await loadModel(artifact, { engine, seed: 2 });
    const training = model.train({ data, ...settings, steps: 3, epochs: undefined });
    const done: number[] = [];
    const error = await errorOf(async () => {
      for await (const { step } of training) done.push(step);
    });
    expect(error).toBeInstanceOf(DataError);
    expect(error).toMatchObject({ place: { data: 'x', ...place } });
    // The steps before the one that has the row.
    const rows = requests.flatMap(({ indices }) => [...indices]);
    const batch = Math.floor([...new Set(rows)].indexOf(7) / settings.batch);
    // It is asked for together with the step before its own, which it does not hold up.
    expect(batch).toBe(2);
    expect(done).toEqual(Array.from({ length: batch }, (__, step) => step + 1));
    model.dispose();
  });
});
