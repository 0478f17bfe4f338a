/** Kernels of vectors: what is taken off the end of a program computes what the interpreter does. */
import {
  at,
  evaluateInstruction,
  portKey,
  ProgramBuilder,
  type PortKey,
  type Program,
  type ValueId,
} from '@sbn/program';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../src/engine.js';
import { createNativeEngine } from '../src/node/index.js';
import { createOptimizer } from '../src/optimizers/create.js';
import { CompiledKernel, scratchOf } from '../src/wasm/elementwise-kernel.js';
import { KernelMemory } from '../src/wasm/kernel-memory.js';
import { peelElementwise, VECTOR_OPERATIONS } from '../src/wasm/peel-elementwise.js';
import { expectReference } from './engines/compare.js';
import { isNativeInstalled, orSkipped } from './native.js';

const UNARY = ['negate', 'abs', 'sqrt', 'square'] as const;
const BINARY = ['add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum'] as const;

/** Operations on the value before, and on any: of two wide inputs, a scalar one, a scalar constant, and what has been computed. */
const steps = fc.array(
  fc.record({
    unary: fc.constantFrom(undefined, ...UNARY),
    binary: fc.constantFrom(...BINARY),
    other: fc.nat(99),
    isFirst: fc.boolean(),
  }),
  { minLength: 4, maxLength: 12 },
);

type Steps = typeof steps extends fc.Arbitrary<infer T> ? T : never;

function build(shape: readonly number[], list: Steps): Program {
  const b = new ProgramBuilder('random');
  const all: ValueId[] = [
    b.input('hyper', 'rate', []),
    b.constant(0.3),
    b.input('state', 's', shape),
    b.input('parameter', 'p', shape),
  ];
  for (const { unary, binary, other, isFirst } of list) {
    const last = at(all, all.length - 1);
    const second = at(all, other % all.length);
    const operands = isFirst ? ([last, second] as const) : ([second, last] as const);
    all.push(unary === undefined ? b.emit(binary, operands, {}) : b.emit(unary, [last], {}));
  }
  const last = at(all, all.length - 1);
  b.output('parameter', 'p', last);
  b.output('state', 's', at(all, all.length - 3));
  b.output('mean', 'again', last);
  const axes = shape.map((_, axis) => axis);
  b.output('parameter_sum', 'p', b.sum(last, axes));
  return b.finish();
}

const AWKWARD = [0, -0, 1, 1e-30, 1e20, -1e20, Infinity, -Infinity, NaN];

/** Float32 values, a few of them awkward where that is asked for. */
function values(count: number, hasAwkward: boolean): readonly number[] {
  return Array.from({ length: count }, (_, place) =>
    Math.fround(
      hasAwkward && place % 97 === 5 ? at(AWKWARD, Math.floor(place / 97) % AWKWARD.length) : 3 * Math.sin(place * 1.3),
    ),
  );
}

/** By the kernels alone, for a program of which nothing else is left; over arrays in the kernels' memory, or elsewhere. */
function runKernels(
  program: Program,
  inputs: ReadonlyMap<PortKey, Float32Array>,
  isInside: boolean,
): ReadonlyMap<PortKey, Float32Array> {
  const outputs = new Map<PortKey, Float32Array>();
  for (const kernel of peelElementwise(program).kernels) {
    const length = kernel.shape.reduce((product, own) => product * own, 1);
    const memory = new KernelMemory(scratchOf(kernel), isInside ? new Array<number>(9).fill(length) : []);
    const take = (size: number): Float32Array => memory.take(size) ?? new Float32Array(size);
    const operands = kernel.operands.map(({ key }) => {
      const given = inputs.get(key) ?? new Float32Array();
      const array = take(given.length);
      array.set(given);
      return array;
    });
    const compiled = new CompiledKernel(kernel, program, memory);
    const isSum = new Map(kernel.results.map((result) => [result.value, result.isSum]));
    const results = compiled.values.map((value) => take(isSum.get(value) === true ? 1 : length));
    for (const { key, value } of kernel.results) outputs.set(key, at(results, compiled.values.indexOf(value)));
    compiled.run(operands, results);
  }
  return outputs;
}

describe('the elementwise end of a program', () => {
  it.each([[[4096]], [[4097]], [[64, 67]], [[3, 5, 821]], [[20_003]]])(
    'is computed as the interpreter does: %j',
    (shape) => {
      const count = shape.reduce((product, own) => product * own, 1);
      fc.assert(
        fc.property(steps, fc.boolean(), fc.boolean(), (list, hasAwkward, isInside) => {
          const program = build(shape, list);
          const inputs = program.inputs.map((input) => {
            const size = input.shape.length === 0 ? 1 : count;
            return [portKey(input), Float32Array.from(values(size, hasAwkward && size > 1))] as const;
          });
          const expected = interpretRounding(program, new Map(inputs));
          const actual = runKernels(program, new Map(inputs), isInside);
          expect([...actual.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
          for (const [key, own] of expected) if (key !== 'parameter_sum:p') expect(actual.get(key), key).toEqual(own);
          const [sum = 0] = actual.get('parameter_sum:p') ?? [];
          const [exact, most] = sumOf(expected.get('parameter:p') ?? []);
          if (most < 1e30) expect(Math.abs(sum - exact)).toBeLessThanOrEqual(1e-5 * most);
          else if (!(most < Infinity)) expect(Number.isFinite(sum)).toBe(false);
        }),
        { numRuns: 30, seed: 3 },
      );
    },
  );

  it('is an update of Adam, and nothing of small tensors', () => {
    const program = createOptimizer({ name: 'adam' }).program([
      { name: 'weight', shape: [100, 50] },
      { name: 'bias', shape: [50] },
    ]);
    const { program: left, kernels } = peelElementwise(program);
    expect(kernels.map(({ results }) => results.map(({ key }) => key))).toEqual([
      ['parameter:weight', 'state:sum/weight', 'state:squares/weight', 'parameter_sum:weight'],
    ]);
    expect(left.outputs.map(({ name }) => name)).toEqual(['bias', 'sum/bias', 'squares/bias', 'bias']);
  });

  it('leaves what something else uses, and what is no elementwise operation', () => {
    const b = new ProgramBuilder('used');
    const x = b.input('parameter', 'x', [64, 64]);
    const y = b.emit('sqrt', [b.emit('abs', [b.negate(b.emit('square', [x], {}))], {})], {});
    b.output('parameter', 'x', y);
    b.output('mean', 'product', b.matmul(y, x));
    const program = b.finish();
    expect(peelElementwise(program)).toEqual({ program, kernels: [] });
  });

  it('has a vector operation for each that it takes', () => {
    expect([...VECTOR_OPERATIONS.keys()].toSorted()).toEqual([...UNARY, ...BINARY].toSorted());
  });
});

/** The interpreter, with each result rounded to float32: no operation here leaves any other rounding open. */
function interpretRounding(
  program: Program,
  inputs: ReadonlyMap<PortKey, Float32Array>,
): ReadonlyMap<PortKey, Float32Array> {
  const values = program.inputs.map((input) => inputs.get(portKey(input)) ?? new Float32Array());
  const shapes = [...program.inputs, ...program.instructions].map(({ shape }) => shape as readonly number[]);
  for (const instruction of program.instructions) {
    const operands = instruction.args.map((arg) => {
      return { shape: at(shapes, arg), values: Float64Array.from(at(values, arg)) };
    });
    values.push(Float32Array.from(evaluateInstruction(instruction, operands, at(shapes, instruction.id), 1)));
  }
  return new Map(program.outputs.map((output) => [portKey(output), at(values, output.value)]));
}

/** The sum, and that of the magnitudes. */
function sumOf(array: Float32Array | readonly number[]): readonly [number, number] {
  let [sum, magnitude] = [0, 0];
  for (const value of array) {
    sum += value;
    magnitude += Math.abs(value);
  }
  return [sum, magnitude];
}

describe.skipIf(!isNativeInstalled)(`on the native engine${orSkipped}`, () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createNativeEngine();
  });

  it('takes what the graph before it gives', async () => {
    const b = new ProgramBuilder('step');
    const p = b.input('parameter', 'p', [70, 60]);
    const gradient = b.matmul(b.input('data', 'x', [70, 5]), b.input('data', 'y', [5, 60]));
    const scale = b.emit('exp', [b.input('hyper', 'rate', [])], {});
    const change = b.multiply(
      b.divide(gradient, b.add(b.emit('sqrt', [b.emit('square', [gradient], {})], {}), b.constant(0.1))),
      scale,
    );
    b.output('parameter', 'p', b.subtract(p, change));
    b.output('gradient', 'p', gradient);
    b.output('parameter', 'same', p);
    const inputs = [[70, 60], [70, 5], [5, 60], []].map((shape) => {
      return {
        shape,
        values: values(
          shape.reduce((product, own) => product * own, 1),
          false,
        ),
      };
    });
    await expectReference(engine, { program: b.finish(), batch: 1, inputs }, { relative: 1e-5, absolute: 1e-5 });
  });

  it('goes on after draws that ONNX does not have', async () => {
    const b = new ProgramBuilder('counts');
    const p = b.input('parameter', 'p', [70, 60]);
    const count = b.emit('count_quantile', [b.input('noise', 'n', [70, 60]), b.constant(0), b.constant(3)], {});
    const moved = b.emit('square', [b.add(b.negate(b.subtract(p, count)), b.input('state', 'other', [70, 60]))], {});
    b.output('parameter', 'p', moved);
    b.output('cost', 'total', b.sum(count, [1]));
    const program = b.finish();
    const size = 70 * 60;
    const inputs = program.inputs.map(({ role }) => ({
      shape: [70, 60],
      values:
        role === 'noise' ? values(size, false).map((value) => Math.fround(Math.abs(value) / 3.1)) : values(size, false),
    }));
    await expectReference(engine, { program, batch: 1, inputs }, { relative: 1e-5, absolute: 1e-5 });
  });
});
