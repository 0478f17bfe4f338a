import { expect, test } from 'vitest';
import { BATCH, countByPass, countOperations, ProgramBuilder } from '../src/index.js';

test('a dense layer, its activation and a sum over rows', () => {
  const builder = new ProgramBuilder('layer');
  const x = builder.input('data', 'x', [BATCH, 3]);
  const w = builder.input('parameter', 'w', [3, 5]);
  const b = builder.input('parameter', 'b', [5]);
  // 2·3·5 and 5 and 5 per row; the layout is free; 5 per row for the sum over rows; 15 for the squared weights
  const y = builder.emit('tanh', [builder.add(builder.matmul(x, w), b)], {});
  builder.output('mean', 'y', builder.sum(builder.transpose(y, [1, 0]), [1]));
  builder.output('mean', 'w', builder.emit('square', [w], {}));
  expect(countOperations(builder.finish())).toEqual({ fixed: 15, perRow: 45 });
});

test('the gradient of a weight sums over rows', () => {
  const builder = new ProgramBuilder('weight');
  const x = builder.input('data', 'x', [3, BATCH]);
  const y = builder.input('data', 'y', [BATCH, 5]);
  builder.output('gradient', 'w', builder.matmul(x, y));
  expect(countOperations(builder.finish())).toEqual({ fixed: 0, perRow: 30 });
});

test('each pass counts by itself, its backward pass with it', () => {
  const builder = new ProgramBuilder('passes');
  const x = builder.input('data', 'x', [BATCH, 3]);
  const square = (origin: string, value: number): number =>
    builder.within(origin, () => builder.emit('square', [value], {}));
  builder.output('mean', 'a', square('h[1]', x));
  builder.output('mean', 'b', square('x.rollout(h[1])', x));
  builder.output('mean', 'c', square('h[1].rollout(h[1]).backward', x));
  builder.output('mean', 'd', square('x.trunk', x));
  const program = builder.finish();
  expect(countByPass(program)).toEqual([
    { pass: 'sampled', fixed: 0, perRow: 3 },
    { pass: 'rollout(h[1])', fixed: 0, perRow: 6 },
    { pass: 'trunk', fixed: 0, perRow: 3 },
  ]);
  expect(countOperations(program)).toEqual({ fixed: 0, perRow: 12 });
});
