/** ONNX files: those of every example are loaded by ONNX Runtime, and give what the float64 interpreter gives, at any number of rows. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at, interpretProgram, portKey, resolveShape, type Artifact, type PortKey, type Program } from '@sbn/program';
import { datasetFromArrays, drawPoint, initializeParameters, loadModel, type ParameterValues } from '@sbn/runtime';
import { createNodeEngine, writeCheckpointFile } from '@sbn/runtime/node';
import { isInOnnx, writeOnnx } from '@sbn/runtime/onnx';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { main as sbnc } from '../src/sbnc.js';
import { compileExample, EXAMPLES } from './example-table.js';
import { FakeHost } from './fake-host.js';
import { isNativeInstalled, orSkipped } from './native.js';

const PROGRAMS = ['evaluate', 'sample', 'posterior'] as const;

interface Values {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Uniforms of float32 in (0, 1), by a multiplicative generator. */
function uniforms(length: number): Float32Array {
  let state = 12_345;
  return Float32Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  });
}

function inputsOf(
  program: Program,
  artifact: Artifact,
  parameters: ParameterValues,
  rows: number,
): ReadonlyMap<PortKey, Values> {
  const { data } = drawPoint(artifact, { seed: 1, rows });
  return new Map(
    program.inputs.map((input) => {
      const shape = resolveShape(input.shape, rows);
      const count = shape.reduce((product, length) => product * length, 1);
      const given = input.role === 'parameter' ? parameters[input.name]?.values : data[input.name];
      const values = input.role === 'noise' ? uniforms(count) : Float32Array.from(given ?? []);
      return [portKey(input), { shape, values }] as const;
    }),
  );
}

/** Runs a file in ONNX Runtime, whose inputs are those of the file. */
async function runFile(bytes: Uint8Array, inputs: ReadonlyMap<string, Values>): Promise<ReadonlyMap<string, Values>> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const feeds = session.inputNames.map((name) => {
    const { shape = [], values = new Float32Array() } = inputs.get(name) ?? {};
    return [name, new Tensor('float32', values, shape)] as const;
  });
  const outputs = await session.run(Object.fromEntries(feeds));
  await session.release();
  return new Map(
    Object.entries(outputs).map(([name, { dims, data }]) => [name, { shape: dims, values: data as Float32Array }]),
  );
}

const canBeWritten = (program: Program): boolean => program.instructions.every(({ kind }) => isInOnnx(kind));

describe.skipIf(!isNativeInstalled)(`files for ONNX Runtime${orSkipped}`, () => {
  describe.each(EXAMPLES)('$file', ({ file, constants }) => {
    test.each(PROGRAMS)('%s', async (name) => {
      const artifact = await compileExample(file, constants);
      const program = artifact.programs[name];
      if (!canBeWritten(program)) {
        expect(() => writeOnnx(program)).toThrow(/^\w+: \w+ is no operation of ONNX/);
        return;
      }
      const parameters = initializeParameters(artifact, 1);
      const { bytes } = writeOnnx(program, parameters);
      for (const rows of [1, 5]) {
        const inputs = inputsOf(program, artifact, parameters, rows);
        const wide = [...inputs].map(([key, own]) => [key, { ...own, values: Float64Array.from(own.values) }] as const);
        const expected = interpretProgram(program, new Map(wide), rows);
        const actual = await runFile(bytes, inputs);
        expect([...actual.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
        for (const [key, { shape, values }] of expected) {
          expect(actual.get(key)?.shape, key).toEqual(shape);
          // The posterior of a mixture is a softmax of numbers of several hundreds.
          values.forEach((value, place) => {
            const distance = Math.abs(value - at(actual.get(key)?.values ?? [], place));
            expect(distance, key).toBeLessThanOrEqual(1e-4 * Math.max(1, Math.abs(value)));
          });
        }
      }
    });
  });

  test('most programs can be written', async () => {
    const artifacts = await Promise.all(EXAMPLES.map(({ file, constants }) => compileExample(file, constants)));
    const left = artifacts.filter(({ programs }) => PROGRAMS.some((name) => !canBeWritten(programs[name])));
    expect(left.map(({ name }) => name)).toEqual(['topics']);
  });
});

describe('sbnc compile --target onnx', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sbn-onnx-'));
    writeFileSync(
      join(folder, 'coins.sbn'),
      'data x: binary[3]\nmodel {\n  h ~ bernoulli(logits = bias(2))\n  x ~ bernoulli(logits = dense(h, 3))\n}\nguide { h ~ bernoulli(logits = dense(x, 2)) }\nmaximize elbo\n',
    );
    writeFileSync(join(folder, 'counts.sbn'), 'model { n ~ poisson(rate = 3) }\nminimize n\n');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const call = async (...words: string[]): Promise<readonly [number, string, string]> => {
    const host = new FakeHost(folder);
    const code = await sbnc(['node', 'sbnc', 'compile', ...words], host);
    return [code, host.stdout.text, host.stderr.text];
  };

  it('writes a file for each program, and says what it takes and gives', async () => {
    const [code, stdout, stderr] = await call('coins.sbn', '--target', 'onnx', '-o', 'deploy');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'deploy/evaluate.onnx: data:x [B, 3], noise:h [B, 2], 5 parameters → log_weight:total [B]',
        'deploy/sample.onnx: noise:h [B, 2], noise:x [B, 3], 3 parameters → sample:h [B, 2], mean:h [B, 2], sample:x [B, 3], mean:x [B, 3]',
        'deploy/posterior.onnx: data:x [B, 3], noise:h [B, 2], 2 parameters → sample:h [B, 2], mean:h [B, 2]',
        '',
      ].join('\n'),
    );
    expect(readdirSync(join(folder, 'deploy')).toSorted()).toEqual(['evaluate.onnx', 'posterior.onnx', 'sample.onnx']);
  });

  it('makes the parameters of a checkpoint part of the files', async () => {
    await call('coins.sbn', '-o', 'coins.json');
    const model = await loadModel(readFileSync(join(folder, 'coins.json'), 'utf8'), {
      engine: await createNodeEngine(),
    });
    const data = datasetFromArrays(model.artifact.data, { x: [0, 1, 1] });
    await writeCheckpointFile(join(folder, 'trained.safetensors'), await model.train({ data }).checkpoint());
    const [code, stdout] = await call(
      ...['coins.sbn', '--target', 'onnx', '-o', 'trained', '--checkpoint', 'trained.safetensors'],
    );
    expect(code).toBe(0);
    expect(stdout).not.toContain('parameter');
  });

  it('leaves out what ONNX cannot draw, and says why', async () => {
    const [code, stdout, stderr] = await call('counts.sbn', '--target', 'onnx', '-o', 'none');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('none/sample.onnx is not written: n: count_quantile is no operation of ONNX; ');
  });

  it.each([
    [['coins.sbn', '--target', 'onnx'], 'name their folder with -o'],
    [['coins.sbn', '--checkpoint', 'x'], '--checkpoint is for --target onnx'],
    [['coins.sbn', '--target', 'onnx', '-o', 'coins.sbn'], 'coins.sbn'],
    [['coins.sbn', '--target', 'onnx', '-o', 'x', '--checkpoint', 'nowhere'], 'nowhere: there is no such file'],
  ])('refuses %j', async (words, said) => {
    const [code, stdout, stderr] = await call(...words);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(said);
    expect([code > 0, stdout]).toEqual([true, '']);
  });
});
