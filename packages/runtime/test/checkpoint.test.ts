import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '../src/checkpoint.js';
import { crc32 } from '../src/crc32.js';
import { CheckpointError } from '../src/errors.js';
import { readCheckpointFile, writeCheckpointFile } from '../src/node/checkpoint-file.js';
import { errorOf } from './fixtures.js';

const CHECKPOINT: Checkpoint = {
  model: 'tiny',
  step: 1200,
  epoch: 3,
  seed: 4294967295,
  batch: 7,
  optimizer: { name: 'adam', options: { lr: 0.001, eps: 1e-8 } },
  parameters: {
    'model.w/ü': { shape: [2, 3], values: Float32Array.of(1, -2.5, 1e-40, Infinity, NaN, 3) },
    b: { shape: [], values: Float32Array.of(0.1) },
    none: { shape: [0, 4], values: new Float32Array() },
  },
  slots: { 'm/b': { shape: [], values: Float64Array.of(0.1) } },
  state: { 'baseline/h1': { shape: [], values: Float32Array.of(-0) } },
};

describe('encodeCheckpoint', () => {
  it('is read back to the last bit', () => {
    expect(decodeCheckpoint(encodeCheckpoint(CHECKPOINT))).toEqual(CHECKPOINT);
  });

  it('gives the same bytes whatever order the tensors come in', () => {
    const { b, ...others } = CHECKPOINT.parameters;
    const turned = { ...CHECKPOINT, parameters: { ...(b === undefined ? {} : { b }), ...others } };
    expect(encodeCheckpoint(turned)).toEqual(encodeCheckpoint(CHECKPOINT));
  });

  it('is a safetensors file: length, JSON header, and data at multiples of 8', () => {
    const bytes = encodeCheckpoint(CHECKPOINT);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<string, unknown>;
    expect(header['parameter/model.w/ü']).toMatchObject({ dtype: 'F32', shape: [2, 3] });
    expect(header['slot/m/b']).toMatchObject({ dtype: 'F64', shape: [] });
    expect(header['__metadata__']).toMatchObject({ step: '1200', optimizer: 'adam' });
  });
});

describe('decodeCheckpoint', () => {
  it('refuses any truncation', () => {
    const bytes = encodeCheckpoint(CHECKPOINT);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeCheckpoint(bytes.subarray(0, length), 'run/c')).toThrow(CheckpointError);
    }
    expect(() => decodeCheckpoint(bytes.subarray(0, bytes.length - 1), 'run/c')).toThrow('run/c: truncated');
  });

  it('refuses any changed byte of the data', () => {
    const bytes = encodeCheckpoint(CHECKPOINT);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    for (let index = 8 + length; index < bytes.length; index += 1) {
      const damaged = Uint8Array.from(bytes, (byte, place) => (place === index ? byte ^ 4 : byte));
      expect(() => decodeCheckpoint(damaged, 'c')).toThrow(
        'c: damaged or truncated: the checksum of its data is another',
      );
    }
  });

  it('gives a checkpoint or a CheckpointError for any bytes', () => {
    const bytes = encodeCheckpoint(CHECKPOINT);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (index, value) => {
        const damaged = Uint8Array.from(bytes, (byte, place) => (place === index ? value : byte));
        try {
          decodeCheckpoint(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(CheckpointError);
        }
      }),
    );
    expect(() => decodeCheckpoint(new TextEncoder().encode('what is this file then?'))).toThrow(CheckpointError);
  });

  it('names what is no checkpoint', () => {
    const empty = new TextEncoder().encode('\x02\0\0\0\0\0\0\0{}');
    expect(() => decodeCheckpoint(empty, 'x')).toThrow('x: a safetensors file, but no checkpoint of a model');
  });
});

it('computes the published check value of CRC-32', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});

describe('checkpoint files', () => {
  it('are written whole, over an old one, with nothing left beside', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sbn-checkpoint-'));
    const path = join(directory, 'a.safetensors');
    await writeFile(path, 'old');
    await writeCheckpointFile(path, CHECKPOINT);
    expect(await readCheckpointFile(path)).toEqual(CHECKPOINT);
    expect(await readdir(directory)).toEqual(['a.safetensors']);
    await writeFile(path, (await readFile(path)).subarray(0, 100));
    expect((await errorOf(() => readCheckpointFile(path))).message).toContain(`${path}: truncated`);
    expect((await errorOf(() => readCheckpointFile(join(directory, 'b')))).message).toContain('there is no such file');
    await expect(writeCheckpointFile(join(directory, 'none', 'a'), CHECKPOINT)).rejects.toThrow('ENOENT');
    await rm(directory, { recursive: true });
  });
});
