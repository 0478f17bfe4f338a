/** Where the quick sigmoid of ONNX is taken, and what comes of it at logits far from 0. */
import { BATCH, portKey, ProgramBuilder, type OutputRole, type Program, type ValueId } from '@sbn/program';
import { describe, expect, test } from 'vitest';
import type { Engine, Values } from '../../src/engine.js';
import { createReferenceEngine } from '../../src/engines/reference.js';
import { createNativeEngine } from '../../src/node/index.js';
import { writeGraph } from '../../src/onnx/write-graph.js';
import { isNativeInstalled, orSkipped } from '../native.js';

const WIDTH = 8;

/** What a program makes of s = σ(x), where x is [B, 8]. */
type Use = (builder: ProgramBuilder, s: ValueId) => ValueId;

function programOf(role: OutputRole, use: Use): Program {
  const builder = new ProgramBuilder('use');
  const s = builder.emit('sigmoid', [builder.input('data', 'x', [BATCH, WIDTH])], {});
  builder.output(role, 'y', use(builder, s));
  return builder.finish();
}

const operatorsOf = (program: Program): readonly string[] => writeGraph(program).nodes.map(({ operator }) => operator);
const isQuick = (program: Program): boolean => operatorsOf(program).includes('Sigmoid');

const one = (b: ProgramBuilder): ValueId => b.constant(1);
const log = (b: ProgramBuilder, value: ValueId): ValueId => b.emit('log', [value], {});
const another = (b: ProgramBuilder): ValueId => b.emit('exp', [b.input('data', 'z', [BATCH, WIDTH])], {});
const weights = (b: ProgramBuilder): ValueId => b.input('parameter', 'w', [WIDTH, 3]);
const noise = (b: ProgramBuilder): ValueId => b.input('noise', 'h', [BATCH, WIDTH]);
/** max(s, 1 − s) as the compiler has it. */
const larger = (b: ProgramBuilder, s: ValueId): ValueId =>
  b.add(b.constant(0.5), b.emit('abs', [b.subtract(s, b.constant(0.5))], {}));

const EXACT: Readonly<Record<string, readonly [OutputRole, Use]>> = {
  'is read': ['mean', (_, s) => s],
  'is read, moved': ['mean', (b, s) => b.reshape(s, [BATCH, 2, WIDTH / 2])],
  'is read as a cost': ['cost', (b, s) => b.sum(b.multiply(s, another(b)), [1])],
  'is under a logarithm': ['loss', (b, s) => log(b, s)],
  'is under a logarithm, from 1': ['loss', (b, s) => log(b, b.subtract(one(b), s))],
  'is under a logarithm that is floored': ['loss', (b, s) => log(b, b.emit('maximum', [s, b.constant(1e-30)], {}))],
  'is under a logarithm of a mixture': ['loss', (b, s) => log(b, b.matmul(s, weights(b)))],
  'is under a logarithm of a sum': ['loss', (b, s) => log(b, b.sum(b.multiply(s, another(b)), [1]))],
  'is under a logarithm of a noisy or': [
    'loss',
    (b, s) => log(b, b.subtract(b.add(s, another(b)), b.multiply(s, another(b)))),
  ],
  'is under a logarithm like that of a softplus': [
    'loss',
    (b, s) => log(b, b.add(b.constant(0.25), b.emit('abs', [b.subtract(s, b.constant(0.25))], {}))),
  ],
  'is under log1p': ['loss', (b, s) => b.emit('log1p', [b.negate(s)], {})],
  divides: ['gradient', (b, s) => b.divide(another(b), s)],
  'divides, squared': ['gradient', (b, s) => b.emit('reciprocal', [b.emit('square', [s], {})], {})],
  'is under a root': ['gradient', (b, s) => b.emit('sqrt', [s], {})],
  'has a power': ['gradient', (b, s) => b.emit('power', [s, b.constant(0.1)], {})],
  'is compared with a number': ['gradient', (b, s) => b.emit('less', [b.constant(1e-12), s], {})],
  'is compared with another': ['gradient', (b, s) => b.emit('less', [another(b), s], {})],
  'is compared with 0': ['gradient', (b, s) => b.emit('step', [s], {})],
  'is a condition': ['gradient', (b, s) => b.emit('select', [s, another(b), one(b)], {})],
  'is under a logarithm, times a state': ['loss', (b, s) => log(b, b.multiply(s, b.input('state', 'v', [WIDTH])))],
  'chooses the largest': ['sample', (b, s) => b.emit('one_hot_argmax', [s], {})],
};

const QUICK: Readonly<Record<string, readonly [OutputRole, Use]>> = {
  'is compared with noise': ['sample', (b, s) => b.emit('less', [noise(b), s], {})],
  'is compared with mirrored noise': ['sample', (b, s) => b.emit('less', [b.subtract(one(b), noise(b)), s], {})],
  'is a residual': ['gradient', (b, s) => b.sum(b.subtract(s, another(b)), [0])],
  'is a variance': ['gradient', (b, s) => b.multiply(s, b.subtract(one(b), s))],
  'goes into the next layer': ['mean', (b, s) => b.emit('sigmoid', [b.matmul(s, weights(b))], {})],
  'is an exponent': ['mean', (b, s) => b.emit('exp', [b.sum(s, [1])], {})],
  'is summed': ['loss', (b, s) => b.meanRows(b.sum(b.multiply(s, another(b)), [1]))],
  'is in a softplus': ['loss', (b, s) => log(b, larger(b, s))],
  'is a gradient, and its length at least 1': [
    'parameter',
    (b, s) => {
      const gradient = b.sum(s, [0]);
      const norm = b.emit('sqrt', [b.sum(b.emit('square', [gradient], {}), [0])], {});
      return b.divide(gradient, b.emit('maximum', [norm, one(b)], {}));
    },
  ],
  'is in a signal less its average, over a deviation': [
    'loss',
    (b, s) => {
      const average = b.input('state', 'average', []);
      const centred = b.subtract(b.sum(s, [1]), average);
      return b.divide(centred, b.emit('sqrt', [b.add(average, b.emit('square', [centred], {}))], {}));
    },
  ],
  'is a step of an optimiser': [
    'parameter',
    (b, s) => {
      const squares = b.add(b.input('state', 'v', [WIDTH]), b.emit('square', [b.sum(s, [0])], {}));
      return b.divide(b.sum(s, [0]), b.emit('sqrt', [squares], {}));
    },
  ],
};

test.each(Object.entries(EXACT))('a sigmoid keeps its digits where it %s', (_, [role, use]) => {
  expect(isQuick(programOf(role, use))).toBe(false);
});

test.each(Object.entries(QUICK))('a sigmoid is the quick one where it %s', (_, [role, use]) => {
  expect(isQuick(programOf(role, use))).toBe(true);
});

test('each sigmoid for itself', () => {
  const builder = new ProgramBuilder('two');
  const x = builder.input('data', 'x', [BATCH, WIDTH]);
  const inner = builder.emit('sigmoid', [x], {});
  builder.output('mean', 'y', builder.emit('sigmoid', [builder.multiply(inner, another(builder))], {}));
  const operators = operatorsOf(builder.finish());
  expect(operators.filter((operator) => operator === 'Sigmoid')).toHaveLength(1);
  expect(operators.filter((operator) => operator === 'Reciprocal')).toHaveLength(1);
});

test('1 − s is there once, for a variance and for the larger of s and 1 − s', () => {
  const operators = operatorsOf(
    programOf('gradient', (b, s) => b.add(b.multiply(s, b.subtract(one(b), s)), log(b, larger(b, s)))),
  );
  expect(operators.toSorted()).toEqual(['Add', 'Log', 'Max', 'Mul', 'Sigmoid', 'Sub']);
});

const FAR = [50, -50, 17.9, -17.9, 18.1, -18.1, 100, -100, 1e4, -1e4, 0, 3, -3, 0.01, 30, -30];

async function outputsOn(engine: Engine, program: Program, x: readonly number[]): Promise<readonly Values[]> {
  const prepared = await engine.prepare(program);
  const rows = x.length / WIDTH;
  const inputs = new Map([['data:x' as const, engine.upload(x.map(Math.fround), [rows, WIDTH])]]);
  const outputs = await prepared.run(inputs, rows);
  const values = await Promise.all(program.outputs.map(async (output) => outputs.get(portKey(output))?.download()));
  prepared.dispose();
  return values.map((own) => own ?? new Float32Array());
}

describe.skipIf(!isNativeInstalled)(`at logits far from 0${orSkipped}`, () => {
  test.each(['is read', 'is under a logarithm', 'divides, squared', 'is under a root'])(
    'a small s that %s is right to the last digits but one',
    async (name) => {
      const [role, use] = EXACT[name] ?? ['mean', (_, s) => s];
      // Where 1/s² is within float32.
      const x = [-1, -3, -10, -17.9, -18.1, -25, -30, -39];
      const program = programOf(role, use);
      const [expected] = await outputsOn(createReferenceEngine(), program, x);
      const [actual] = await outputsOn(await createNativeEngine(), program, x);
      expect(expected).toHaveLength(WIDTH);
      for (const [place, value] of expected?.entries() ?? [])
        expect(Math.abs((actual?.[place] ?? NaN) / value - 1)).toBeLessThanOrEqual(1e-5);
    },
  );

  test('a small s keeps its digits where a kernel computes with it', async () => {
    const builder = new ProgramBuilder('products');
    const wide = (name: string): ValueId => builder.input('data', name, [BATCH, 64 * WIDTH]);
    const s = builder.emit('sigmoid', [wide('x')], {});
    const product = [0, 1, 2, 3, 4].reduce((value) => builder.multiply(value, builder.constant(3)), s);
    builder.output('mean', 'y', product);
    const program = builder.finish();
    const x = Array.from({ length: 64 * WIDTH }, (_, place) => -place / 10);
    const run = async (engine: Engine): Promise<Values> => {
      const prepared = await engine.prepare(program);
      const outputs = await prepared.run(
        new Map([['data:x' as const, engine.upload(x.map(Math.fround), [1, 64 * WIDTH])]]),
        1,
      );
      return (await outputs.get('mean:y')?.download()) ?? new Float32Array();
    };
    const expected = await run(createReferenceEngine());
    const actual = await run(await createNativeEngine());
    expect(expected).toHaveLength(64 * WIDTH);
    for (const [place, value] of expected.entries())
      expect(Math.abs((actual[place] ?? NaN) / value - 1)).toBeLessThanOrEqual(1e-5);
  });

  test('log-probabilities and their derivatives have no larger errors than near 0, and no NaN', async () => {
    const builder = new ProgramBuilder('bernoulli');
    const x = builder.input('data', 'x', [BATCH, WIDTH]);
    const s = builder.emit('sigmoid', [x], {});
    const softplus = builder.subtract(builder.emit('relu', [x], {}), log(builder, larger(builder, s)));
    for (const value of [0, 1]) {
      const drawn = builder.constant(value);
      const name = String(value);
      builder.output('log_weight', name, builder.subtract(builder.multiply(drawn, x), softplus));
      builder.output('gradient', name, builder.subtract(drawn, s));
    }
    builder.output('gradient', 'variance', builder.multiply(s, builder.subtract(builder.constant(1), s)));
    const program = builder.finish();
    expect(isQuick(program)).toBe(true);
    const expected = await outputsOn(createReferenceEngine(), program, FAR);
    const actual = await outputsOn(await createNativeEngine(), program, FAR);
    expected.forEach((values, output) => {
      expect(values).toHaveLength(FAR.length);
      for (const [place, value] of values.entries())
        expect(Math.abs((actual[output]?.[place] ?? NaN) - value)).toBeLessThanOrEqual(
          3e-7 * Math.max(1, Math.abs(value)),
        );
    });
  });

  test('infinite logits give probabilities of 0 and 1, and what is no number stays none', async () => {
    const program = programOf('gradient', (_, s) => s);
    expect(isQuick(program)).toBe(true);
    const x = [Infinity, -Infinity, NaN, 1e30, -1e30, 88, -88, 0];
    const [actual] = await outputsOn(await createNativeEngine(), program, x);
    expect([...(actual ?? [])]).toEqual([1, 0, NaN, 1, 0, 1, 0, 0.5]);
  });
});
