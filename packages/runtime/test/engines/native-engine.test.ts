import { BATCH, ProgramBuilder, type PortKey, type Program } from '@sbn/program';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { datasetFromArrays } from '../../src/data/arrays.js';
import { disposeAll, type Engine, type EngineTensor } from '../../src/engine.js';
import { createReferenceEngine } from '../../src/engines/reference.js';
import { DataError, EngineError, SettingsError } from '../../src/errors.js';
import { loadModel } from '../../src/model.js';
import { createNativeEngine, createNodeEngine } from '../../src/node/index.js';
import { errorOf } from '../fixtures.js';
import { collect, ROWS } from '../model/harness.js';
import { pairArtifact } from '../models.js';
import { isNativeInstalled, orSkipped } from '../native.js';
import { expectReference } from './compare.js';

/** `y = 2x + w`, with `x` of rows. */
function line(): Program {
  const builder = new ProgramBuilder('line');
  const x = builder.input('data', 'x', [BATCH, 2]);
  builder.output(
    'mean',
    'y',
    builder.add(builder.multiply(x, builder.constant(2)), builder.input('parameter', 'w', [2])),
  );
  return builder.finish();
}

/** Counts, of which the second's rate is the first, with a sum of both: draws that ONNX does not have, one after the other. */
function counts(): Program {
  const builder = new ProgramBuilder('counts');
  const rate = builder.emit('exp', [builder.input('parameter', 'w', [2])], {});
  const none = builder.constant(0);
  const draw = (name: string, of: number): number =>
    builder.emit('count_quantile', [builder.input('noise', name, [BATCH, 2]), none, of], {});
  const first = builder.within('first', () => draw('first', rate));
  const second = draw('second', builder.add(first, rate));
  builder.output('sample', 'first', first);
  builder.output('sample', 'second', second);
  builder.output('cost', 'total', builder.sumEvent(builder.multiply(builder.add(first, second), rate)));
  builder.output('parameter', 'w', builder.input('parameter', 'w', [2]));
  return builder.finish();
}

describe.skipIf(!isNativeInstalled)(`the native engine${orSkipped}`, () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createNativeEngine();
  });

  it('is what Node has where it is installed, and says why', async () => {
    const { name, backend } = await createNodeEngine();
    expect(name).toBe('native');
    expect(backend).toMatch(/^onnxruntime \d+\.\d+\.\d+, 1 thread \(default\)$/);
    expect((await createNativeEngine({ threads: 2, reason: 'as asked' })).backend).toMatch(/, 2 threads \(as asked\)$/);
    expect(await errorOf(() => createNativeEngine({ threads: 0 }))).toBeInstanceOf(SettingsError);
  });

  it('gives outputs that live and die by themselves, though one is an input or another output', async () => {
    const builder = new ProgramBuilder('aliases');
    const x = builder.input('parameter', 'x', [2]);
    const y = builder.emit('negate', [x], {});
    builder.output('parameter', 'x', x);
    builder.output('mean', 'y', y);
    builder.output('mean', 'same', y);
    builder.output('mean', 'one', builder.constant(1));
    const prepared = await engine.prepare(builder.finish());
    const given = engine.upload([1, -2], [2]);
    const outputs = await prepared.run(new Map([['parameter:x', given]]), 1);
    given.dispose();
    outputs.get('mean:y')?.dispose();
    // Takes the memory of what was disposed of.
    engine.upload([7, 7], [2]);
    expect(await outputs.get('parameter:x')?.download()).toEqual(Float32Array.of(1, -2));
    expect(await outputs.get('mean:same')?.download()).toEqual(Float32Array.of(-1, 2));
    expect(await outputs.get('mean:one')?.download()).toEqual(Float32Array.of(1));
    disposeAll(outputs);
    prepared.dispose();
  });

  it('lends tensors, whose values are written where they lie', async () => {
    const prepared = await engine.prepare(line());
    const lent = engine.lend?.([2, 2]);
    lent?.values.set([1, 2, 3, 4]);
    const inputs = new Map<PortKey, EngineTensor>([['parameter:w', engine.upload([10, 20], [2])]]);
    if (lent !== undefined) inputs.set('data:x', lent.tensor);
    const outputs = await prepared.run(inputs, 2);
    expect(await outputs.get('mean:y')?.download()).toEqual(Float32Array.of(12, 24, 16, 28));
    disposeAll(inputs);
    expect(() => engine.lend?.([1e9, 1e9])).toThrow(/a tensor of shape \[1000000000, 1000000000\]: .* are needed/);
  });

  it('is lent rows and noise by, all of which it gets back, from rows that are refused too', async () => {
    let [live, given] = [0, 0];
    const watched: Engine = {
      name: engine.name,
      backend: engine.backend,
      precision: engine.precision,
      upload: (own, shape) => engine.upload(own, shape),
      prepare: (program) => engine.prepare(program),
      lend: (shape) => {
        const lent = (engine as Required<Engine>).lend(shape);
        const { tensor } = lent;
        const dispose = tensor.dispose.bind(tensor);
        live += 1;
        given += 1;
        vi.spyOn(tensor, 'dispose').mockImplementationOnce(() => {
          live -= 1;
          dispose();
        });
        return lent;
      },
    };
    const artifact = pairArtifact();
    const pixels = Uint8Array.from(ROWS);
    const data = datasetFromArrays(artifact.data, { x: pixels });
    const model = await loadModel(artifact, { engine: watched, seed: 3 });
    const plainly = await loadModel(artifact, { engine: createReferenceEngine(), seed: 3 });
    const settings = { batch: 5, steps: 8 };
    const losses = (await collect(model.train({ data, ...settings }))).map(({ loss }) => loss);
    const expected = (await collect(plainly.train({ data, ...settings }))).map(({ loss }) => loss);
    losses.forEach((loss, step) => {
      expect(loss).toBeCloseTo(expected[step] ?? NaN, 4);
    });
    expect(live).toBe(0);
    // The app changes its array after all: row 7, column 2.
    pixels[7 * 3 + 2] = 2;
    const error = await errorOf(() => collect(model.train({ data, batch: 11, steps: 1 })));
    expect(error).toBeInstanceOf(DataError);
    expect(error).toMatchObject({ place: { data: 'x', row: 7, column: 2, value: 2 } });
    expect(live).toBe(0);
    pixels[7 * 3 + 2] = 1;
    const before = given;
    await model.evaluate(data, { batch: 4 });
    expect(given).toBeGreaterThan(before);
    expect(live).toBe(0);
  });

  it('feeds what a run gave to the next, as often as one likes', async () => {
    const builder = new ProgramBuilder('next');
    builder.output('parameter', 'w', builder.add(builder.input('parameter', 'w', [3]), builder.constant(1)));
    const prepared = await engine.prepare(builder.finish());
    let tensors: ReadonlyMap<PortKey, EngineTensor> = new Map([['parameter:w', engine.upload([0, 10, 20], [3])]]);
    for (let step = 0; step < 100; step += 1) {
      const next = await prepared.run(tensors, 1);
      disposeAll(tensors);
      tensors = next;
    }
    expect(await tensors.get('parameter:w')?.download()).toEqual(Float32Array.of(100, 110, 120));
  });

  it('runs at any batch size, and again at those before', async () => {
    const prepared = await engine.prepare(line());
    const w = engine.upload([1, 2], [2]);
    for (const rows of [1, 2, 3, 4, 5, 6, 7, 1, 2, 0]) {
      const x = engine.upload(new Float32Array(2 * rows).fill(rows), [rows, 2]);
      const outputs = await prepared.run(
        new Map([
          ['data:x', x],
          ['parameter:w', w],
        ] as const),
        rows,
      );
      const expected = Array.from({ length: rows }, () => [2 * rows + 1, 2 * rows + 2]).flat();
      expect([...((await outputs.get('mean:y')?.download()) ?? [])]).toEqual(expected);
      expect(outputs.get('mean:y')?.shape).toEqual([rows, 2]);
      disposeAll(outputs);
      x.dispose();
    }
  });

  it('draws what ONNX cannot draw between two graphs', async () => {
    const inputs = [
      { shape: [2], values: [1, Math.fround(2.5)] },
      { shape: [3, 2], values: [0.1, 0.5, 0.9, 0.3, 0.7, 0.01].map(Math.fround) },
      { shape: [3, 2], values: [0.5, 0.25, 0.75, 0.99, 0.2, 0.4].map(Math.fround) },
    ];
    await expectReference(engine, { program: counts(), batch: 3, inputs }, { relative: 1e-6, absolute: 0 });
  });

  it('does not see what a caller writes into an array after upload, nor the caller what is downloaded', async () => {
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

  it('names what does not fit', async () => {
    const prepared = await engine.prepare(line());
    const x = engine.upload(new Float32Array(6), [3, 2]);
    const w = engine.upload([1, 2], [2]);
    const run = async (given: ReadonlyMap<PortKey, EngineTensor>, batch: number): Promise<string> =>
      (await errorOf(() => prepared.run(given, batch))).message;
    expect(await run(new Map(), 3)).toBe('program line: input data:x is missing');
    expect(
      await run(
        new Map([
          ['data:x', x],
          ['parameter:w', w],
        ] as const),
        2,
      ),
    ).toBe('program line: input data:x has shape [3, 2], and must have [2, 2]');
    const foreign = createReferenceEngine().upload([1, 2], [1, 2]);
    expect(await run(new Map([['data:x', foreign]]), 1)).toContain('input data:x is a tensor of another engine');
    expect((await errorOf(() => engine.upload([1, 2], [3]))).message).toBe('2 values do not fill the shape [3]');
    prepared.dispose();
  });

  it('refuses what no memory holds', async () => {
    const error = await errorOf(() => engine.upload({ length: 1e15 } as number[], [1e15]));
    expect(error).toBeInstanceOf(EngineError);
    expect(error.message).toContain('4000000.0 GB of memory are needed');
  });
});
