/** Numbers made of rows are computed beside ONNX Runtime. */
import { BATCH, portKey, ProgramBuilder, type Program, type ValueId } from '@sbn/program';
import { beforeAll, describe, expect, it, test } from 'vitest';
import type { Engine } from '../../src/engine.js';
import { createNativeEngine } from '../../src/node/index.js';
import { findHiddenOutputs } from '../../src/node/native/find-hidden-outputs.js';
import { peelNumbers } from '../../src/node/native/peel-numbers.js';
import { fixBatch } from '../../src/onnx/fix-batch.js';
import { isNativeInstalled, orSkipped } from '../native.js';
import { expectReference } from './compare.js';

/** As the end of a step has it: means over rows, and an average over steps whose last value is subtracted from each row. */
function signals(): Program {
  const builder = new ProgramBuilder('signals');
  const x = builder.input('data', 'x', [BATCH, 2]);
  const [total, weight] = ['total', 'weight'].map((name) => builder.input('state', name, [])) as [ValueId, ValueId];
  const signal = builder.sum(builder.multiply(x, builder.input('parameter', 'w', [2])), [1]);
  const average = builder.divide(total, builder.emit('maximum', [weight, builder.constant(1e-6)], {}));
  const centred = builder.subtract(signal, average);
  const mean = builder.meanRows(signal);
  const faded = (state: ValueId, next: ValueId): ValueId =>
    builder.add(builder.multiply(builder.constant(0.9), state), builder.multiply(builder.constant(0.1), next));
  builder.output('loss', 'total', mean);
  builder.output('term', 'same', mean);
  builder.output('term', 'minus', builder.meanRows(builder.negate(signal)));
  builder.output('term', 'least', builder.meanRows(builder.emit('minimum', [signal, builder.constant(0)], {})));
  builder.output('signal_mean', 'h', builder.meanRows(centred));
  builder.output('signal_square', 'h', builder.meanRows(builder.emit('square', [centred], {})));
  builder.output('state', 'total', faded(total, mean));
  builder.output('state', 'weight', faded(weight, builder.constant(1)));
  builder.output('mean', 'centred', centred);
  builder.output('mean', 'average', average);
  builder.output('mean', 'input', builder.sum(builder.input('parameter', 'v', [3]), [0]));
  return builder.finish();
}

/** The rows' sums of counts, which are drawn between two graphs. */
function counts(): Program {
  const builder = new ProgramBuilder('counts');
  const rate = builder.emit('exp', [builder.input('parameter', 'w', [])], {});
  const drawn = builder.emit('count_quantile', [builder.input('noise', 'n', [BATCH]), builder.constant(0), rate], {});
  const scaled = builder.emit('tanh', [builder.multiply(drawn, rate)], {});
  builder.output('loss', 'total', builder.meanRows(scaled));
  builder.output('term', 'n', builder.meanRows(builder.multiply(drawn, scaled)));
  builder.output('term', 'rate', builder.negate(rate));
  return builder.finish();
}

const wave = (length: number, phase = 0): readonly number[] =>
  Array.from({ length }, (_, place) => Math.fround(Math.sin(1.7 * place + phase)));

const inputsOf = (rows: number, x = wave(2 * rows)) => [
  { shape: [rows, 2], values: x },
  { shape: [], values: [0.25] },
  { shape: [], values: [0.5] },
  { shape: [2], values: [1.5, -0.75] },
  { shape: [3], values: [1, 2, 4] },
];

test('what is left of a program hands over vectors, and the number that it needs itself', () => {
  const { program, end } = peelNumbers(fixBatch(signals(), 5));
  expect(program.outputs.map(portKey)).toEqual(['mean:centred', 'mean:average', 'sample:%numbers']);
  expect(program.instructions.filter(({ kind, shape }) => kind === 'sum' && shape.length === 0)).toEqual([]);
  expect(end?.results.map(({ key }) => key)).toEqual([
    'loss:total',
    'term:same',
    'term:minus',
    'term:least',
    'signal_mean:h',
    'signal_square:h',
    'state:total',
    'state:weight',
    'mean:input',
  ]);
});

test('rows whose sums are divided by a number need no digits, those that are divided by do', () => {
  const areHidden = (make: (builder: ProgramBuilder, rows: ValueId) => ValueId): readonly boolean[] => {
    const builder = new ProgramBuilder('means');
    const rows = builder.sum(builder.emit('sigmoid', [builder.input('data', 'x', [BATCH, 2])], {}), [1]);
    const weight = builder.emit('maximum', [builder.input('state', 'weight', []), builder.constant(1e-6)], {});
    builder.output('loss', 'total', builder.meanRows(rows));
    builder.output('term', 'average', builder.divide(builder.meanRows(rows), weight));
    builder.output('term', 'own', builder.meanRows(make(builder, rows)));
    const program = fixBatch(builder.finish(), 5);
    const peeled = peelNumbers(program);
    return peeled.program.outputs.map(findHiddenOutputs({ program, kernels: [] }, { program, end: peeled.end }));
  };
  expect(areHidden((builder, rows) => builder.emit('square', [rows], {}))).toEqual([true]);
  expect(areHidden((builder, rows) => builder.divide(builder.constant(1), rows))).toEqual([false]);
});

test('a number that is needed within the graph stays there, and so does one alone', () => {
  const builder = new ProgramBuilder('softmax');
  const x = builder.input('data', 'x', [BATCH]);
  const total = builder.sum(x, [0]);
  builder.output('mean', 'shares', builder.divide(x, total));
  builder.output('term', 'total', total);
  builder.output('loss', 'half', builder.multiply(total, builder.constant(0.5)));
  expect(peelNumbers(fixBatch(builder.finish(), 4)).end).toBeUndefined();
});

test('sums over so many rows as ONNX Runtime adds up better stay, and those of matrices', () => {
  const sumsIn = ({ instructions }: Program): number =>
    instructions.filter(({ kind, shape }) => kind === 'sum' && shape.length === 0).length;
  expect(sumsIn(peelNumbers(fixBatch(signals(), 4096)).program)).toBe(0);
  const { program, end } = peelNumbers(fixBatch(signals(), 4097));
  expect(sumsIn(program)).toBe(5);
  expect(end?.results).toHaveLength(9);
  const builder = new ProgramBuilder('matrices');
  const x = builder.input('data', 'x', [BATCH, 2]);
  builder.output('loss', 'total', builder.sum(x, [0, 1]));
  builder.output('term', 'other', builder.sum(builder.multiply(x, x), [0, 1]));
  expect(peelNumbers(fixBatch(builder.finish(), 4)).end).toBeUndefined();
});

describe.skipIf(!isNativeInstalled)(`the native engine${orSkipped}`, () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createNativeEngine();
  });
  const tolerance = { relative: 1e-6, absolute: 1e-6 };

  it.each([0, 1, 2, 7, 100, 5000])('gives the numbers of %i rows', async (rows) => {
    await expectReference(engine, { program: signals(), batch: rows, inputs: inputsOf(rows) }, tolerance);
  });

  it.each([NaN, Infinity])('passes %s on', async (value) => {
    const x = wave(20).with(8, value);
    await expectReference(engine, { program: signals(), batch: 10, inputs: inputsOf(10, x) }, tolerance);
  });

  it('makes numbers of what is drawn between two graphs', async () => {
    const noise = { shape: [6], values: [0.1, 0.3, 0.5, 0.7, 0.9, 0.99].map(Math.fround) };
    const inputs = [{ shape: [], values: [0.5] }, noise];
    await expectReference(engine, { program: counts(), batch: 6, inputs }, tolerance);
  });

  it('keeps the digits of rows that a number needs', async () => {
    const builder = new ProgramBuilder('digits');
    const s = builder.emit('sigmoid', [builder.input('data', 'x', [BATCH])], {});
    builder.output('mean', 'rows', builder.sum(s, [0]));
    builder.output('cost', 'squares', builder.sum(builder.emit('square', [s], {}), [0]));
    const inputs = [{ shape: [3], values: [-20, -25, -30] }];
    await expectReference(engine, { program: builder.finish(), batch: 3, inputs }, { relative: 2e-6, absolute: 0 });
  });
});
