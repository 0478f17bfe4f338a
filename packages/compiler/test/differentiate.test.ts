import { BATCH, type ProgramBuilder, type ValueId } from '@sbn/program';
import { expect, test } from 'vitest';
import { differentiate } from '../src/differentiate.js';
import { evaluate, valuesOf } from './evaluate.js';

/** y = tanh(x·w + b), z = Σ y² · exp(x)  for `x: [B, 2]`, `w: [2, 2]`. */
function emitNet(builder: ProgramBuilder): { x: ValueId; w: ValueId; y: ValueId; z: ValueId } {
  const x = builder.input('data', 'x', [BATCH, 2]);
  const w = builder.input('parameter', 'w', [2, 2]);
  const y = builder.emit('tanh', [builder.matmul(x, w)], {});
  const product = builder.multiply(builder.emit('square', [y], {}), builder.emit('exp', [x], {}));
  return { x, w, y, z: builder.sumEvent(product) };
}

const X = [0.3, -0.7, 1.1, 0.2];
const W = [0.5, -0.4, 0.9, 0.1];

function total(x: readonly number[], w: readonly number[]): number {
  const outputs = evaluate((builder) => ({ z: emitNet(builder).z }), { x, w }, 2);
  return valuesOf(outputs, 'z').reduce((sum, value) => sum + value, 0);
}

test('derivatives by inputs agree with central differences', () => {
  const outputs = evaluate(
    (builder) => {
      const { x, w, z } = emitNet(builder);
      const [dx, dw] = differentiate(builder, [{ value: z, adjoint: builder.fill(1, [BATCH]) }], [x, w]);
      return { dx: dx ?? z, dw: dw ?? z };
    },
    { x: X, w: W },
    2,
  );
  const step = 1e-6;
  const bump = (values: readonly number[], index: number, by: number): number[] =>
    values.map((value, position) => (position === index ? value + by : value));
  valuesOf(outputs, 'dx').forEach((derivative, index) => {
    expect(derivative).toBeCloseTo((total(bump(X, index, step), W) - total(bump(X, index, -step), W)) / (2 * step), 7);
  });
  valuesOf(outputs, 'dw').forEach((derivative, index) => {
    expect(derivative).toBeCloseTo((total(X, bump(W, index, step)) - total(X, bump(W, index, -step))) / (2 * step), 7);
  });
});

test('the derivative by a value is total where another variable is downstream of it', () => {
  // a → b = 3a → c = a·b: dc/db = a, and dc/da counts the path through b: 6a.
  const outputs = evaluate(
    (builder) => {
      const a = builder.input('data', 'a', [BATCH]);
      const b = builder.multiply(builder.constant(3), a);
      const c = builder.multiply(a, b);
      const [da, db] = differentiate(builder, [{ value: c, adjoint: builder.fill(1, [BATCH]) }], [a, b]);
      return { da: da ?? c, db: db ?? c };
    },
    { a: [2, 5] },
    2,
  );
  expect(valuesOf(outputs, 'da')).toEqual([12, 30]);
  expect(valuesOf(outputs, 'db')).toEqual([2, 5]);
});

test('a stopped or flat path has no derivative', () => {
  evaluate(
    (builder) => {
      const a = builder.input('data', 'a', [BATCH]);
      const stopped = builder.emit('stop_gradient', [a], {});
      const flat = builder.emit('less', [a, builder.constant(0)], {});
      const sum = builder.add(stopped, flat);
      expect(differentiate(builder, [{ value: sum, adjoint: sum }], [a])).toEqual([undefined]);
      return { sum };
    },
    { a: [1] },
  );
});
