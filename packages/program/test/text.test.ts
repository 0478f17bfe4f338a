import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BATCH,
  isOpKind,
  OPS,
  printProgram,
  ProgramBuilder,
  ProgramError,
  readProgram,
  verifyProgram,
  type AttributesOf,
  type OpKind,
  type Program,
} from '../src/index.js';
import { emitSample, SAMPLES, type Sample } from './op-samples.js';

function example(): Program {
  const builder = new ProgramBuilder('gradient');
  const w = builder.input('parameter', 'model.h1.dense.weight', [200, 784]);
  const h = builder.input('noise', 'h1', [BATCH, 200]);
  const product = builder.within('h1.rollout', () => builder.matmul(h, w));
  const rows = builder.sum(product, [1]);
  const both = builder.emit('concat', [rows, rows], { axis: 0 });
  const scaled = builder.multiply(both, builder.constant(-0.5));
  builder.output('loss', 'total', builder.sum(scaled, [0]));
  return builder.finish();
}

const TEXT = `program gradient
  input %0 parameter "model.h1.dense.weight" : [200, 784]
  input %1 noise "h1" : [B, 200]
  %2 = matmul %1 %0 : [B, 784]  # h1.rollout
  %3 = sum %2 {axes: [1], keep: false} : [B]
  %4 = concat %3 %3 {axis: 0} : [2B]
  %5 = constant {shape: [], values: [-0.5]} : []
  %6 = multiply %4 %5 : [2B]
  %7 = sum %6 {axes: [0], keep: false} : []
  output loss "total" %7
`;

/** One operation with its operands as inputs, to be put into a program. */
type Part = (builder: ProgramBuilder) => void;

function part<K extends OpKind>(kind: K, samples: fc.Arbitrary<Sample<AttributesOf<K>>>): fc.Arbitrary<Part> {
  return fc
    .record({
      sample: samples,
      prefix: fc.string({ unit: 'grapheme' }),
      origin: fc.option(fc.string({ unit: 'grapheme' }).filter((text) => !/[\p{Cc}\u2028\u2029]/u.test(text))),
    })
    .map(({ sample, prefix, origin }): Part => (builder) => {
      const suffix = `#${String(builder.size)}`;
      const emit = (): void => {
        const value = emitSample(builder, kind, sample, (position) => `${prefix}${suffix}.${String(position)}`);
        const twice = builder.emit('add', [value, value], {});
        builder.output('cost', `${prefix}${suffix}`, twice);
      };
      if (origin === null) emit();
      else builder.within(origin, emit);
    });
}

const number = fc.oneof(fc.double(), fc.constantFrom(-0, 0, NaN, Infinity, -Infinity, 5e-324, 1e21, 0.1));
const numbers: fc.Arbitrary<Part> = fc.array(number, { maxLength: 4 }).map((values) => (builder) => {
  builder.emit('constant', [], { shape: [values.length], values });
});
const parts = fc.oneof(
  ...Object.keys(OPS)
    .filter(isOpKind)
    .map((kind) => part<OpKind>(kind, SAMPLES[kind])),
  numbers,
);
const programs = fc.record({ name: fc.string({ unit: 'grapheme' }), parts: fc.array(parts) }).map((plan) => {
  const builder = new ProgramBuilder(plan.name);
  for (const add of plan.parts) add(builder);
  return builder.finish();
});

describe('printing', () => {
  it('is one readable line a value', () => {
    expect(printProgram(example())).toBe(TEXT);
  });

  it('reads back to the same program, and prints the same again', () => {
    fc.assert(
      fc.property(programs, (program) => {
        verifyProgram(program);
        const text = printProgram(program);
        const read = readProgram(text);
        expect(read).toStrictEqual(program);
        expect(printProgram(read)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps numbers to the last bit, and −0, infinities and NaN', () => {
    const values = [-0, 0.1 + 0.2, 5e-324, -1.7976931348623157e308, Infinity, -Infinity, NaN];
    const builder = new ProgramBuilder('numbers');
    builder.emit('constant', [], { shape: [values.length], values });
    const program = builder.finish();
    expect(printProgram(program)).toContain('[-0, 0.30000000000000004, 5e-324, -1.7976931348623157e+308, Infinity,');
    expect(readProgram(printProgram(program))).toStrictEqual(program);
  });
});

describe('reading', () => {
  it('takes line ends of both kinds and empty lines', () => {
    expect(readProgram(`\n${TEXT.replaceAll('\n', '\r\n\n')}`)).toStrictEqual(example());
  });

  const broken: readonly (readonly [string, string, string])[] = [
    ['', 'line 1', 'expected a line such as "program gradient", found no text'],
    ['input %0', 'line 1, column 1', 'expected "program ", found "input %0"'],
    ['program 1', 'line 1, column 9', 'expected the name of the program, found "1"'],
    ['program a b', 'line 1, column 11', 'expected the end of the line, found "b"'],
    ['program a\n  input %0 thing "x" : []', 'line 2, column 12', 'expected the role of an input, found "thing'],
    ['program a\n  input %0 data x : []', 'line 2, column 17', 'expected a name in double quotes, found "x : []"'],
    ['program a\n  input %0 data "\\x" : []', 'line 2, column 17', 'expected a name in double quotes'],
    [
      'program a\n  input %0 data "x" : [2,]',
      'line 2, column 26',
      'expected the length of an axis, such as 20, B or 2B',
    ],
    ['program a\n  input %0 data "x" : [2', 'line 2, column 25', 'expected "]", found the end of the line'],
    ['program a\n  input %0 data "x" : [0B]', 'line 2, input %0 data:x', 'an axis of 0·B'],
    [
      'program a\n  %0 = batchsize : []',
      'line 2, column 8',
      'expected the name of an operation, found "batchsize : []"',
    ],
    ['program a\n  %0 = constructor : []', 'line 2, column 8', 'expected the name of an operation'],
    ['program a\n  %0 batch_size : []', 'line 2, column 6', 'expected "="'],
    ['program a\n  %0 = constant : []', 'line 2, column 17', 'expected "{", found ": []"'],
    ['program a\n  %0 = constant {shape: []} : []', 'line 2, column 27', 'expected ",", found "} : []"'],
    ['program a\n  %0 = constant {values: [1]} : []', 'line 2, column 18', 'expected "shape:"'],
    ['program a\n  %0 = constant {shape: [], values: [x]} : []', 'line 2, column 38', 'expected a number'],
    ['program a\n  %0 = batch_size {axis: 0} : []', 'line 2, column 19', 'expected ":"'],
    ['program a\n\n  %0 = batch_size : [2]', 'line 3, %0 = batch_size', 'the shape is stored as [2], but'],
    [
      'program a\n  %1 = batch_size : []',
      'line 2, %1 = batch_size',
      'values are numbered in order of definition, so this one must be %0',
    ],
    ['program a\n  %0 = exp %0 : []', 'line 2, %0 = exp', 'operand %0 is not defined before it is used'],
    ['program a\n  output loss "total" %0', 'line 2, output loss:total', 'value %0 is not defined'],
    ['program a\n  output data "total" %0', 'line 2, column 10', 'expected the role of an output, found "data'],
    ['program a\n  %0 = batch_size : []\n  input %1 data "x" : []', 'line 3', 'inputs come before instructions'],
    [
      'program a\n  %0 = batch_size : []\n  output cost "x" %0\n  %1 = batch_size : []',
      'line 4',
      'instructions come before outputs',
    ],
  ];
  it.each(broken)('refuses %j', (text, place, message) => {
    const error = errorOf(() => readProgram(text));
    expect(error).toBeInstanceOf(ProgramError);
    expect(error).toMatchObject({ place });
    expect(String(error)).toContain(`${place}: ${message}`);
  });

  it('never fails in another way, whatever line is lost or garbled', () => {
    fc.assert(
      fc.property(fc.nat(TEXT.length - 1), fc.string({ maxLength: 3 }), fc.nat(5), (start, inserted, removed) => {
        const error = errorOf(() => readProgram(TEXT.slice(0, start) + inserted + TEXT.slice(start + removed)));
        if (error !== undefined) expect(error).toBeInstanceOf(ProgramError);
      }),
      { numRuns: 500 },
    );
  });
});

function errorOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
