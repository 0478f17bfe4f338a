import { BATCH, ProgramBuilder, type PortKey, type Program } from '@sbn/program';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { disposeAll, type EngineTensor } from '../../src/engine.js';
import { createReferenceEngine } from '../../src/engines/reference.js';
import { createTfjsEngine, type TfjsEngine } from '../../src/engines/tfjs/engine.js';
import { EngineError } from '../../src/errors.js';
import { errorOf } from '../fixtures.js';

let printed: MockInstance[];
beforeEach(() => {
  printed = (['log', 'warn', 'error', 'info'] as const).map((level) => vi.spyOn(console, level));
});
afterEach(() => {
  for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

/** `y = exp(x·2 + 1) − …`, a chain of `length` steps on `[B, 1000]`. */
function chain(length: number): Program {
  const builder = new ProgramBuilder('chain');
  let value = builder.input('data', 'x', [BATCH, 1000]);
  for (let step = 0; step < length; step += 1) {
    value = builder.subtract(
      builder.emit('tanh', [builder.multiply(value, builder.constant(2))], {}),
      builder.constant(0.5),
    );
  }
  builder.output('mean', 'y', value);
  return builder.finish();
}

async function upload(engine: TfjsEngine, rows: number): Promise<Map<PortKey, EngineTensor>> {
  return Promise.resolve(
    new Map<PortKey, EngineTensor>([['data:x', engine.upload(new Float32Array(rows * 1000), [rows, 1000])]]),
  );
}

// First, while the app has set no backend.
describe('choice of a backend', () => {
  it('is wasm where the app has set none, and leaves what the app does not catch alone', async () => {
    const listeners = (): unknown[] => [
      ...process.listeners('uncaughtException'),
      ...process.listeners('unhandledRejection'),
    ];
    const before = listeners();
    expect((await createTfjsEngine()).backend).toBe('wasm (default)');
    expect(tf.getBackend()).toBe('wasm');
    expect(listeners()).toEqual(before);
  });

  it('is the one the app has set', async () => {
    await tf.setBackend('cpu');
    expect((await createTfjsEngine()).backend).toBe('cpu (as set by the app)');
    tf.tensor1d([1]).dispose();
  });

  it('is the one that is named, else an error that keeps the one before', async () => {
    expect((await createTfjsEngine({ backend: 'wasm' })).backend).toBe('wasm (as asked)');
    const error = await errorOf(() => createTfjsEngine({ backend: 'webgp' }));
    expect(error).toBeInstanceOf(EngineError);
    expect(error.message).toContain('the backend webgp cannot be used: it is not registered; import its package first');
    expect(error.message).toContain('backends at hand: wasm, cpu');
    expect(tf.getBackend()).toBe('wasm');
  });
});

describe.each(['wasm', 'cpu'])('the tfjs engine on %s', (backend) => {
  it('frees each value after its last use', async () => {
    const engine = await createTfjsEngine({ backend });
    const prepared = await engine.prepare(chain(50));
    const inputs = await upload(engine, 2);
    // Uploads the constants.
    disposeAll(await prepared.run(inputs, 2));
    let outputs = new Map() as ReadonlyMap<PortKey, EngineTensor>;
    const before = tf.memory().numBytes;
    const { peakBytes } = await tf.profile(async () => {
      outputs = await prepared.run(inputs, 2);
      return [];
    });
    // The value at hand, the one that is computed from it, and little else: not 150 of them.
    expect(peakBytes - before).toBeLessThan(4 * 2 * 1000 * 4);
    disposeAll(outputs);
    disposeAll(inputs);
    prepared.dispose();
  });

  it('holds no more tensors after a thousand runs than after one, and none when all is disposed of', async () => {
    const engine = await createTfjsEngine({ backend });
    const start = tf.memory().numTensors;
    const prepared = await engine.prepare(chain(3));
    const counts: number[] = [];
    for (let run = 0; run < 1000; run += 1) {
      const inputs = await upload(engine, 1);
      disposeAll(await prepared.run(inputs, 1));
      disposeAll(inputs);
      counts.push(tf.memory().numTensors);
    }
    expect(counts[999]).toBe(counts[0]);
    prepared.dispose();
    expect(tf.memory().numTensors).toBe(start);
  });

  it('gives outputs that live and die by themselves, though one is an input or another output', async () => {
    const engine = await createTfjsEngine({ backend });
    const builder = new ProgramBuilder('aliases');
    const x = builder.input('parameter', 'x', [2]);
    const y = builder.emit('negate', [x], {});
    builder.output('parameter', 'x', x);
    builder.output('mean', 'y', y);
    builder.output('mean', 'same', y);
    builder.output('mean', 'one', builder.constant(1));
    const start = tf.memory().numTensors;
    const prepared = await engine.prepare(builder.finish());
    const given = engine.upload([1, -2], [2]);
    const outputs = await prepared.run(new Map([['parameter:x', given]]), 1);
    given.dispose();
    outputs.get('mean:y')?.dispose();
    expect(await outputs.get('parameter:x')?.download()).toEqual(Float32Array.of(1, -2));
    expect(await outputs.get('mean:same')?.download()).toEqual(Float32Array.of(-1, 2));
    expect(await outputs.get('mean:one')?.download()).toEqual(Float32Array.of(1));
    disposeAll(outputs);
    prepared.dispose();
    expect(tf.memory().numTensors).toBe(start);
  });

  it('does not see what a caller writes into an array after upload, nor the caller what is downloaded', async () => {
    const engine = await createTfjsEngine({ backend });
    const values = Float32Array.of(1, 2);
    const tensor = engine.upload(values, [2]);
    values[0] = 9;
    const copy = await tensor.download();
    expect(copy).toEqual(Float32Array.of(1, 2));
    copy[1] = 7;
    expect(await tensor.download()).toEqual(Float32Array.of(1, 2));
    tensor.dispose();
    tensor.dispose();
    expect(await errorOf(() => tensor.download())).toBeInstanceOf(EngineError);
  });

  it('shares tensors with the app', async () => {
    const engine = await createTfjsEngine({ backend });
    const own = tf.tensor1d([3, 4], 'int32');
    const shared = engine.fromTensor(own);
    own.dispose();
    expect(await shared.download()).toEqual(Float32Array.of(3, 4));
    const back = engine.toTensor(shared);
    shared.dispose();
    expect([...(await back.data())]).toEqual([3, 4]);
    back.dispose();
  });

  it('names what does not fit', async () => {
    const engine = await createTfjsEngine({ backend });
    const prepared = await engine.prepare(chain(1));
    const inputs = await upload(engine, 3);
    const run = (given: ReadonlyMap<PortKey, EngineTensor>, batch: number) => errorOf(() => prepared.run(given, batch));
    expect((await run(new Map(), 3)).message).toBe('program chain: input data:x is missing');
    expect((await run(inputs, 2)).message).toBe(
      'program chain: input data:x has shape [3, 1000], and must have [2, 1000]',
    );
    const foreign = createReferenceEngine().upload([1], [1]);
    expect((await run(new Map([['data:x', foreign]]), 1)).message).toContain(
      'input data:x is a tensor of another engine',
    );
    expect((await errorOf(() => engine.upload([1, 2], [3]))).message).toBe('2 values do not fill the shape [3]');
    disposeAll(inputs);
    prepared.dispose();
  });
});

// Wasm packs the second operand of a product once, whatever its shape.
describe('a tensor that is the second operand of products in two shapes', () => {
  it.each([
    ['summed in stages', [4096, 2], [3, 4096], [4096, 2]],
    ['as groups', [60, 4, 3], [5, 240], [240, 3]],
  ] as const)('%s', async (_, shape, left, matrix) => {
    const builder = new ProgramBuilder('shared');
    const x = builder.input('data', 'x', left);
    const y = builder.add(builder.input('data', 'y', shape), builder.constant(1));
    builder.output('mean', 'product', builder.matmul(x, builder.reshape(y, matrix)));
    builder.output('mean', 'sum', builder.sum(y, [0]));
    const engine = await createTfjsEngine({ backend: 'wasm' });
    const prepared = await engine.prepare(builder.finish());
    const ones = (dims: readonly number[]): EngineTensor =>
      engine.upload(new Float32Array(dims.reduce((size, length) => size * length, 1)).fill(1), dims);
    const inputs = new Map<PortKey, EngineTensor>([
      ['data:x', ones(left)],
      ['data:y', ones(shape)],
    ]);
    for (let run = 0; run < 3; run += 1) {
      const outputs = await prepared.run(inputs, 1);
      expect(new Set(await outputs.get('mean:product')?.download())).toEqual(new Set([2 * matrix[0]]));
      expect(new Set(await outputs.get('mean:sum')?.download())).toEqual(new Set([2 * shape[0]]));
      disposeAll(outputs);
    }
    disposeAll(inputs);
    prepared.dispose();
  });
});
