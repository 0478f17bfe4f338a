/** The checkpoints of a run: rotation, and damaged ones passed over. */
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Checkpoint } from '../src/checkpoint.js';
import { CheckpointError } from '../src/errors.js';
import { CheckpointSeries } from '../src/node/checkpoint-series.js';
import { errorOf } from './fixtures.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sbn-series-'));
});
afterEach(() => rm(folder, { recursive: true }));

function checkpoint(step: number): Checkpoint {
  const weight = { shape: [2], values: Float32Array.of(step, 0.5) };
  return {
    ...{ model: 'm', step, epoch: 0, seed: 1, batch: 10, optimizer: { name: 'sgd', options: { lr: 0.1 } } },
    parameters: { weight },
    slots: {},
    state: {},
  };
}

async function damage(name: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  const path = join(folder, name);
  await writeFile(path, change(await readFile(path)));
}

describe('a series of checkpoints', () => {
  it('keeps the newest, under names that say how old they are', async () => {
    const series = new CheckpointSeries(folder, 3);
    for (const step of [1, 2, 3, 4, 5]) await series.write(checkpoint(step));
    expect((await readdir(folder)).sort()).toEqual([
      'checkpoint.1.safetensors',
      'checkpoint.2.safetensors',
      'checkpoint.safetensors',
    ]);
    const { checkpoint: found, passedOver } = await series.readNewest();
    expect([found.step, passedOver]).toEqual([5, []]);
  });

  it('takes away what a process that was killed while it wrote has left, and nothing else', async () => {
    const left = '.checkpoint.next.safetensors.6f9619ff-8b86-4d01-b42d-00c04fc964ff.tmp';
    for (const name of [left, 'notes.tmp', '.hidden']) await writeFile(join(folder, name), 'half a checkpo');
    await new CheckpointSeries(folder, 3).write(checkpoint(1));
    expect((await readdir(folder)).sort()).toEqual(['.hidden', 'checkpoint.safetensors', 'notes.tmp']);
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, -3)],
    ['empty', () => Buffer.alloc(0)],
    ['with another number', (bytes: Buffer) => flip(bytes, bytes.length - 1)],
    ['with another step', (bytes: Buffer) => flip(bytes, bytes.indexOf('"step":"5"') + 8)],
    ['with another batch size', (bytes: Buffer) => flip(bytes, bytes.indexOf('"batch":"10"') + 9)],
  ])('passes over a newest one that is %s', async (_, change) => {
    const series = new CheckpointSeries(folder, 2);
    for (const step of [4, 5]) await series.write(checkpoint(step));
    await damage('checkpoint.safetensors', change);
    const { checkpoint: found, passedOver } = await series.readNewest();
    expect(found.step).toBe(4);
    expect(passedOver).toHaveLength(1);
    expect(passedOver[0]?.message).toContain(join(folder, 'checkpoint.safetensors'));
  });

  it('is whole where the renaming broke off', async () => {
    const series = new CheckpointSeries(folder, 2);
    for (const step of [4, 5]) await series.write(checkpoint(step));
    await rename(join(folder, 'checkpoint.safetensors'), join(folder, 'checkpoint.next.safetensors'));
    expect((await series.readNewest()).checkpoint.step).toBe(5);
    await series.write(checkpoint(6));
    expect((await series.readNewest()).checkpoint.step).toBe(6);
  });

  it('says what is wrong where all are damaged, or there is none', async () => {
    const series = new CheckpointSeries(folder, 2);
    expect(await errorOf(() => series.readNewest())).toBeInstanceOf(CheckpointError);
    await series.write(checkpoint(1));
    await damage('checkpoint.safetensors', (bytes) => bytes.subarray(0, 20));
    expect((await errorOf(() => series.readNewest())).message).toContain('truncated');
  });

  it('keeps the best apart', async () => {
    const series = new CheckpointSeries(folder, 1);
    await series.writeBest(checkpoint(3));
    await series.write(checkpoint(9));
    expect((await series.readBest()).step).toBe(3);
  });
});

/** One bit of a byte. */
function flip(bytes: Buffer, place: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[place] = (changed[place] ?? 0) ^ 1;
  return changed;
}
