import { BATCH, ProgramBuilder, verifyProgram, type Program, type Shape, type ValueId } from '@sbn/program';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { PASSES, optimizeProgram } from '../src/optimize/index.js';
import { run } from './evaluate.js';

const SHAPES: readonly Shape[] = [[], [3], [BATCH, 3], [BATCH, 1], [3, 3]];

/** One random choice: which operation, on which of the values there are. */
interface Choice {
  readonly operation: number;
  readonly left: number;
  readonly right: number;
}

/** A random program: whatever choice does not fit its operands is left out. */
function buildProgram(choices: readonly Choice[]): Program {
  const builder = new ProgramBuilder('random');
  const values: ValueId[] = SHAPES.map((shape, index) => builder.input('parameter', `p${String(index)}`, shape));
  values.push(builder.constant(1), builder.fill(-1, [BATCH, 3]), builder.fill(0, [3]));
  const pick = (index: number): ValueId => values[index % values.length] ?? 0;
  for (const { operation, left, right } of choices) {
    const [a, b] = [pick(left), pick(right)];
    const rank = builder.shapeOf(a).length;
    const emitters: readonly (() => ValueId)[] = [
      () => builder.add(a, b),
      () => builder.subtract(a, b),
      () => builder.multiply(a, b),
      () => builder.emit('maximum', [a, b], {}),
      () => builder.negate(a),
      () => builder.emit('softplus', [a], {}),
      () => builder.emit('tanh', [a], {}),
      () => builder.emit('identity', [a], {}),
      () => builder.broadcast(a, [BATCH, 3]),
      () => builder.sum(a, [rank - 1]),
      () => builder.transpose(builder.transpose(a, [1, 0]), [1, 0]),
      () => builder.matmul(a, b),
    ];
    try {
      values.push((emitters[operation % emitters.length] ?? (() => a))());
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
  }
  values.slice(-6).forEach((value, index) => {
    builder.output('mean', String(index), value);
  });
  return builder.finish();
}

const choice = fc.record({ operation: fc.nat(1000), left: fc.nat(1000), right: fc.nat(1000) });
const INPUTS = {
  p0: [0.7],
  p1: [1, -2, 0.5],
  p2: [0.1, -0.4, 3, 2, -1, 0],
  p3: [-0.3, 1.5],
  p4: [1, 2, 0, -1, 0.3, 0.2, 4, -2, 1],
};

test.each([...PASSES, { name: 'all passes', run: optimizeProgram }])(
  '$name leaves the results of random programs as they are',
  ({ run: pass }) => {
    fc.assert(
      fc.property(fc.array(choice, { minLength: 5, maxLength: 40 }), (choices) => {
        const program = buildProgram(choices);
        const before = run(program, INPUTS, 2);
        const passed = pass(program);
        verifyProgram(passed);
        const after = run(passed, INPUTS, 2);
        expect(after.size).toBe(before.size);
        for (const [name, values] of before) {
          values.forEach((value, index) => {
            const found = after.get(name)?.[index] ?? NaN;
            if (Number.isFinite(value))
              expect(Math.abs(found - value)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(value)));
            else expect(Object.is(found, value)).toBe(true);
          });
        }
      }),
      { numRuns: 200 },
    );
  },
);

test('what is computed twice, or for nothing, is left out', () => {
  const builder = new ProgramBuilder('twice');
  const x = builder.input('data', 'x', [BATCH, 2]);
  const y = builder.input('data', 'y', [BATCH, 2]);
  const first = builder.add(x, y);
  const second = builder.add(y, x);
  builder.emit('exp', [x], {});
  builder.output('mean', 'z', builder.multiply(builder.multiply(first, builder.constant(1)), second));
  const kinds = optimizeProgram(builder.finish()).instructions.map(({ kind }) => kind);
  expect(kinds).toEqual(['add', 'multiply']);
});
