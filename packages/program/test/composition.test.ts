/** Chains of operations, differentiated once and twice by the rules of the table. */
import { describe, expect, it } from 'vitest';
import {
  at,
  BATCH,
  interpretProgram,
  ProgramBuilder,
  verifyProgram,
  type PortKey,
  type Program,
  type ReferenceTensor,
  type ValueId,
} from '../src/index.js';
import { tensor } from './naive-tensor.js';
import { reverseSweep } from './reverse-sweep.js';

function waves(shape: readonly number[], phase: number): ReferenceTensor {
  const length = shape.reduce((count, each) => count * each, 1);
  return tensor(
    shape,
    Array.from({ length }, (_, place) => Math.sin(1.7 * place + phase)),
  );
}

const BATCH_SIZE = 3;
const INPUTS: ReadonlyMap<PortKey, ReferenceTensor> = new Map([
  ['data:x', waves([BATCH_SIZE, 4], 0.3)],
  ['parameter:w', waves([4, 5], 1)],
  ['parameter:b', waves([5], 2)],
  ['parameter:v', waves([4, 5], 3)],
]);

/** A loss with two passes stacked into one product, a log-sum-exp, and sums over rows. */
function buildLoss(builder: ProgramBuilder): { loss: ValueId; w: ValueId; b: ValueId } {
  const x = builder.input('data', 'x', [BATCH, 4]);
  const w = builder.input('parameter', 'w', [4, 5]);
  const b = builder.input('parameter', 'b', [5]);
  const stacked = builder.emit('concat', [x, builder.emit('tanh', [x], {})], { axis: 0 });
  const both = builder.add(builder.matmul(stacked, w), b);
  const first = builder.slice(both, [0, 0], [BATCH, 5]);
  const second = builder.slice(both, [BATCH, 0], [BATCH, 5]);
  const largest = builder.emit('max', [first], { axes: [1], keep: true });
  const shifted = builder.emit('exp', [builder.subtract(first, largest)], {});
  const logSum = builder.add(builder.emit('log', [builder.sum(shifted, [1], true)], {}), largest);
  const cost = builder.multiply(builder.emit('softplus', [second], {}), builder.subtract(first, logSum));
  return { loss: builder.meanRows(builder.sumEvent(cost)), w, b };
}

function scalar(program: Program, inputs: ReadonlyMap<PortKey, ReferenceTensor>, key: PortKey): number {
  return interpretProgram(program, inputs, BATCH_SIZE).get(key)?.values[0] ?? NaN;
}

function expectSlopes(program: Program, objective: PortKey, slopes: PortKey, key: PortKey): void {
  const operand = INPUTS.get(key) ?? tensor([], []);
  const found = interpretProgram(program, INPUTS, BATCH_SIZE).get(slopes);
  expect(found?.shape).toEqual(operand.shape);
  const h = 1e-3;
  operand.values.forEach((value, place) => {
    const total = (step: number): number => {
      const moved = { shape: operand.shape, values: operand.values.with(place, value + step) };
      return scalar(program, new Map(INPUTS).set(key, moved), objective);
    };
    const slope = (total(-2 * h) - 8 * total(-h) + 8 * total(h) - total(2 * h)) / (12 * h);
    expect(found?.values[place]).toBeCloseTo(slope, 8);
  });
}

describe('a composed loss', () => {
  it('has the gradient that finite differences give', () => {
    const builder = new ProgramBuilder('first');
    const { loss, w, b } = buildLoss(builder);
    const [toW, toB] = reverseSweep(builder, loss, [w, b]);
    builder.output('loss', 'total', loss);
    builder.output('gradient', 'w', toW ?? NaN);
    builder.output('gradient', 'b', toB ?? NaN);
    const program = builder.finish();
    verifyProgram(program);
    expectSlopes(program, 'loss:total', 'gradient:w', 'parameter:w');
    expectSlopes(program, 'loss:total', 'gradient:b', 'parameter:b');
  });

  it('has the Hessian-vector product that finite differences of the gradient give', () => {
    const builder = new ProgramBuilder('second');
    const { loss, w } = buildLoss(builder);
    const v = builder.input('parameter', 'v', [4, 5]);
    const [toW] = reverseSweep(builder, loss, [w]);
    const along = builder.sum(builder.multiply(toW ?? NaN, v), [0, 1]);
    const [product] = reverseSweep(builder, along, [w]);
    builder.output('cost', 'along', along);
    builder.output('gradient', 'along', product ?? NaN);
    const program = builder.finish();
    verifyProgram(program);
    expectSlopes(program, 'cost:along', 'gradient:along', 'parameter:w');
  });
});

describe('second derivatives', () => {
  /** First and second derivative of a function of one number. */
  function twice(build: (builder: ProgramBuilder, x: ValueId) => ValueId, x: number): number[] {
    const builder = new ProgramBuilder('twice');
    const value = builder.input('parameter', 'x', []);
    const first = at(reverseSweep(builder, build(builder, value), [value]), 0);
    const second = at(reverseSweep(builder, first, [value]), 0);
    builder.output('gradient', 'first', first);
    builder.output('gradient', 'second', second);
    const results = interpretProgram(builder.finish(), new Map([['parameter:x', tensor([], [x])]]), 1);
    return [...results.values()].map(({ values }) => at(values, 0));
  }
  const powerOf = (exponent: number) => (builder: ProgramBuilder, x: ValueId) =>
    builder.emit('power', [x, builder.constant(exponent)], {});

  it('of powers at base 0 are free of NaN', () => {
    expect(twice(powerOf(0), 0)).toEqual([0, 0]);
    expect(twice(powerOf(1), 0)).toEqual([1, 0]);
    expect(twice(powerOf(2), 0)).toEqual([0, 2]);
    expect(twice(powerOf(3), 0)).toEqual([0, 0]);
    expect(twice(powerOf(3), 2)).toEqual([12, 12]);
  });

  it('of softplus are σ and σ(1 − σ)', () => {
    const [first, second] = twice((builder, x) => builder.emit('softplus', [x], {}), 0);
    expect([first, second]).toEqual([0.5, 0.25]);
  });

  it('of stop_gradient(x) · x and of a step are 0', () => {
    expect(twice((builder, x) => builder.multiply(builder.emit('stop_gradient', [x], {}), x), 3)).toEqual([3, 0]);
    expect(twice((builder, x) => builder.emit('step', [x], {}), 3)).toEqual([0, 0]);
  });
});
