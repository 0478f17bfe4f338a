import { readFileSync } from 'node:fs';
import {
  BATCH,
  formatShape,
  printProgram,
  ProgramBuilder,
  removeDeadCode,
  verifyProgram,
  type Program,
  type Shape,
  type ValueId,
} from '@sbn/program';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileStages } from '../src/index.js';
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
      () => builder.sum(a, [0], true),
      () => builder.reshape(a, [...builder.shapeOf(a), 1]),
      () => builder.matmul(builder.subtract(a, b), values[4] ?? 0),
      () => builder.matmul(a, values[4] ?? 0),
      () => builder.transpose(builder.transpose(a, [1, 0]), [1, 0]),
      () => builder.matmul(a, b),
      () => builder.sum(builder.subtract(a, builder.emit('softplus', [b], {})), [rank - 1]),
      () => builder.add(builder.multiply(values[3] ?? 0, a), builder.multiply(builder.negate(values[3] ?? 0), b)),
      () => builder.subtract(builder.multiply(a, values[0] ?? 0), builder.multiply(values[0] ?? 0, b)),
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

test('all passes leave no dead code, and the program that they are given as it is', () => {
  fc.assert(
    fc.property(fc.array(choice, { minLength: 5, maxLength: 40 }), (choices) => {
      const program = buildProgram(choices);
      const before = printProgram(program);
      const optimized = optimizeProgram(program);
      expect(printProgram(removeDeadCode(optimized))).toBe(printProgram(optimized));
      expect(printProgram(program)).toBe(before);
    }),
    { numRuns: 100 },
  );
});

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

test('a sum is negated rather than what it adds up', () => {
  const builder = new ProgramBuilder('negative');
  const x = builder.input('data', 'x', [BATCH, 3]);
  builder.output('mean', 'rows', builder.sum(builder.negate(x), [1], true));
  builder.output('mean', 'difference', builder.add(builder.constant(1), builder.sum(builder.negate(x), [0, 1])));
  const program = builder.finish();
  const optimized = optimizeProgram(program);
  expect(optimized.instructions.map(({ kind, shape }) => ({ kind, shape }))).toEqual([
    { kind: 'sum', shape: [BATCH, 1] },
    { kind: 'negate', shape: [BATCH, 1] },
    { kind: 'constant', shape: [] },
    { kind: 'sum', shape: [] },
    { kind: 'subtract', shape: [] },
  ]);
  const inputs = { x: [1, 2, 3, 4, 5, -6] };
  expect(run(optimized, inputs, 2)).toEqual(run(program, inputs, 2));
});

test('a factor for each row is taken out of a sum, and a difference that is there already serves it', () => {
  const builder = new ProgramBuilder('factors');
  const [x, y] = [builder.input('data', 'x', [BATCH, 3]), builder.input('data', 'y', [BATCH, 3])];
  const factor = builder.input('data', 'factor', [BATCH, 1]);
  builder.output('mean', 'difference', builder.subtract(y, x));
  const parts = [builder.multiply(builder.negate(factor), x), builder.multiply(factor, y)] as const;
  builder.output('mean', 'z', builder.add(...parts));
  const program = builder.finish();
  const optimized = optimizeProgram(program);
  expect(optimized.instructions.map(({ kind }) => kind)).toEqual(['subtract', 'multiply']);
  const inputs = { x: [1, 2, 3, 4, 5, 6], y: [0.5, 0, -1, 8, 2, 1], factor: [2, -4] };
  expect(run(optimized, inputs, 2)).toEqual(run(program, inputs, 2));
});

test('a factor as wide as the sum stays where it is', () => {
  const builder = new ProgramBuilder('wide');
  const [x, y, z] = ['x', 'y', 'z'].map((name) => builder.input('data', name, [BATCH, 3])) as [number, number, number];
  builder.output('mean', 'sum', builder.add(builder.multiply(x, y), builder.multiply(x, z)));
  const kinds = optimizeProgram(builder.finish()).instructions.map(({ kind }) => kind);
  expect(kinds).toEqual(['multiply', 'multiply', 'add']);
});

test.each(['sigmoid', 'exp'] as const)('x − x is nothing only where x cannot be infinite: %s', (kind) => {
  const builder = new ProgramBuilder('nothing');
  const x = builder.emit(kind, [builder.input('data', 'x', [BATCH, 3])], {});
  builder.output('mean', 'x', builder.subtract(x, x));
  const kinds = optimizeProgram(builder.finish()).instructions.map((own) => own.kind);
  expect(kinds).toEqual(kind === 'sigmoid' ? ['constant'] : ['exp', 'subtract']);
});

/** `a · w`, `b · w` and `(a − b) · w`, as the second order asks for. */
function buildProducts(): Program {
  const builder = new ProgramBuilder('products');
  const [a, b] = [builder.input('data', 'a', [BATCH, 2]), builder.input('data', 'b', [BATCH, 2])];
  const w = builder.input('parameter', 'w', [2, 3]);
  builder.output('mean', 'a', builder.matmul(a, w));
  builder.output('mean', 'b', builder.matmul(b, w));
  builder.output('mean', 'difference', builder.matmul(builder.subtract(a, b), w));
  return builder.finish();
}

test('the product of a difference is the difference of the products that there are', () => {
  const program = buildProducts();
  const optimized = optimizeProgram(program);
  expect(optimized.instructions.map(({ kind }) => kind)).toEqual(['matmul', 'matmul', 'subtract']);
  const inputs = { a: [1, 0, 1, 1], b: [0.5, 0.25, 0.125, 1], w: [1, -2, 4, 8, 0.5, 2] };
  expect(run(optimized, inputs, 2)).toEqual(run(program, inputs, 2));
});

test('the product of a difference is the difference of the sums with a bias that there are', () => {
  const builder = new ProgramBuilder('biased');
  const [a, b] = [builder.input('data', 'a', [BATCH, 2]), builder.input('data', 'b', [BATCH, 2])];
  const [w, bias] = [builder.input('parameter', 'w', [2, 3]), builder.input('parameter', 'bias', [3])];
  builder.output('mean', 'a', builder.add(builder.matmul(a, w), bias));
  builder.output('mean', 'b', builder.add(builder.matmul(b, w), bias));
  builder.output('mean', 'difference', builder.matmul(builder.subtract(a, b), w));
  const program = builder.finish();
  const optimized = optimizeProgram(program);
  expect(optimized.instructions.map(({ kind }) => kind)).toEqual(['matmul', 'add', 'matmul', 'add', 'subtract']);
  const [first, , second] = optimized.instructions;
  const difference = optimized.instructions.at(-1);
  expect(difference?.args).not.toContain(first?.id);
  expect(difference?.args).not.toContain(second?.id);
  const inputs = { a: [1, 0, 1, 1], b: [0.5, 0.25, 0.125, 1], w: [1, -2, 4, 8, 0.5, 2], bias: [1, 2, -3] };
  expect(run(optimized, inputs, 2)).toEqual(run(program, inputs, 2));
});

test('the product of a difference in which one operand is stretched stays', () => {
  const builder = new ProgramBuilder('stretched');
  const [a, b] = [builder.input('data', 'a', [BATCH, 2]), builder.input('parameter', 'b', [1, 2])];
  const w = builder.input('parameter', 'w', [2, 3]);
  builder.output('mean', 'a', builder.matmul(a, w));
  builder.output('mean', 'b', builder.matmul(b, w));
  builder.output('mean', 'difference', builder.matmul(builder.subtract(a, b), w));
  const kinds = optimizeProgram(builder.finish()).instructions.map(({ kind }) => kind);
  expect(kinds).toEqual(['matmul', 'matmul', 'subtract', 'matmul']);
});

test('what is repeated over rows is computed once for all of them', () => {
  const builder = new ProgramBuilder('repeated');
  const x = builder.input('parameter', 'x', [3]);
  const y = builder.input('data', 'y', [BATCH, 3]);
  const rows = builder.broadcast(x, [BATCH, 3]);
  const minus = builder.multiply(builder.fill(-1, [BATCH, 3]), builder.emit('tanh', [rows], {}));
  builder.output('mean', 'z', builder.add(y, minus));
  const { instructions } = optimizeProgram(builder.finish());
  expect(instructions.map(({ kind, shape }) => ({ kind, shape }))).toEqual([
    { kind: 'tanh', shape: [3] },
    { kind: 'subtract', shape: [BATCH, 3] },
  ]);
});

test.each(['sbn2', 'deep', 'plates', 'mixture', 'attention'])(
  'one after the other the passes come to the instructions that are compiled, on examples/%s.sbn',
  (name) => {
    const text = readFileSync(new URL(`../../../examples/${name}.sbn`, import.meta.url), 'utf8');
    const expanded: Program[] = [];
    const { programs } = compileStages({ name, text }, { onExpanded: (program) => void expanded.push(program) });
    const optimized = expanded.map((program) => PASSES.reduce((current, pass) => pass.run(current), program));
    // In one walk, what is shared can stand further in front.
    const describe = (all: readonly Program[]): ReadonlyMap<string, readonly string[]> =>
      new Map(
        all.map((program) => [
          program.name,
          program.instructions.map(({ kind, shape }) => `${kind} ${formatShape(shape)}`).sort(),
        ]),
      );
    expect(describe(optimized)).toEqual(describe(Object.values(programs ?? {})));
  },
);

test.each(
  ['sbn1', 'sbn2', 'deep', 'completion', 'mixture', 'hmm', 'darn'].flatMap((model) =>
    [undefined, 'algorithm1', 'nvil', 'rloo(2)'].map((estimator) => ({ model, estimator: estimator ?? 'its own' })),
  ),
)('the share of a row, 1/B, is no pass over rows: $model with $estimator', ({ model, estimator }) => {
  const source = {
    name: model,
    text: readFileSync(new URL(`../../../examples/${model}.sbn`, import.meta.url), 'utf8'),
  };
  const { programs } = compileStages(source, estimator === 'its own' ? {} : { estimator });
  const gradient = programs?.gradient;
  if (gradient === undefined) throw new Error('no gradient');
  const ofBatchAlone = new Set<ValueId>();
  const gradients = new Set(gradient.outputs.filter(({ role }) => role === 'gradient').map(({ value }) => value));
  let scaled = 0;
  for (const { id, kind, args, shape } of gradient.instructions) {
    const isNumber = shape.every((dim) => dim === 1);
    const operands: readonly ValueId[] = args;
    if (kind === 'batch_size' || (isNumber && operands.length > 0 && operands.every((arg) => ofBatchAlone.has(arg))))
      ofBatchAlone.add(id);
    if (kind === 'constant' && isNumber) ofBatchAlone.add(id);
    if (kind !== 'multiply' && kind !== 'divide') continue;
    if (isNumber || !dependsOnBatch(gradient, operands, ofBatchAlone)) continue;
    expect(gradients.has(id), formatShape(shape)).toBe(true);
    scaled += 1;
  }
  expect(scaled).toBeGreaterThan(0);
});

/** Whether one of the operands is a number that comes of B, and of nothing but B and constants. */
function dependsOnBatch(program: Program, operands: readonly ValueId[], ofBatchAlone: ReadonlySet<ValueId>): boolean {
  const comesOfBatch = (value: ValueId): boolean => {
    const instruction = program.instructions[value - program.inputs.length];
    if (instruction === undefined) return false;
    return instruction.kind === 'batch_size' || instruction.args.some(comesOfBatch);
  };
  return operands.some((operand) => ofBatchAlone.has(operand) && comesOfBatch(operand));
}
