/** Random one-instruction programs for every operation, with inputs that include the awkward values. */
import { BATCH, ProgramBuilder, resolveShape, type Dim, type OpKind, type Program, type Shape } from '@sbn/program';
import fc from 'fast-check';

export interface KernelCase {
  readonly program: Program;
  readonly batch: number;
  /** Row-major, by position of the input, already rounded to float32. */
  readonly inputs: readonly { readonly shape: readonly number[]; readonly values: readonly number[] }[];
}

/** How near to the reference a result must be: `absolute + relative · |expected|`, or exactly its float32. */
export type Tolerance =
  | 'exact'
  | { readonly relative: number; readonly absolute: number }
  /** relative to the sum of the magnitudes that were added up */
  | { readonly ofMagnitude: number };

export interface KernelTest {
  readonly cases: fc.Arbitrary<KernelCase>;
  readonly tolerance: Tolerance;
}

const AWKWARD = [0, -0, 1, -1, 0.5, 1e-8, -1e-8, 1e-4, 20, -20, 88, -87, 1e20, -1e20, Infinity, -Infinity, NaN];

const ordinary = fc.double({ min: -4, max: 4, noNaN: true }).map(Math.fround);
/** Any number at all, mostly ordinary. */
const anything = fc
  .oneof({ weight: 3, arbitrary: ordinary }, { weight: 2, arbitrary: fc.constantFrom(...AWKWARD) })
  .map(Math.fround);

const uniforms = fc.double({ min: 0, max: 1, noNaN: true }).map(Math.fround);

/** Without infinity: 1 to the power of infinity is NaN in JavaScript, and 1 in C and so on wasm. */
const powers = anything.filter((value) => Math.abs(value) !== Infinity);

/** Further from 0 the engines' own reductions of the angle differ. */
const angles = fc
  .oneof(fc.double({ min: -30, max: 30, noNaN: true }), fc.constantFrom(0, -0, 1e-8, NaN))
  .map(Math.fround);

/** Where the parameters of gamma functions lie, with what is beside: 0, infinity, and what has no value. */
const shapesOfGamma = fc
  .oneof(
    { weight: 4, arbitrary: fc.double({ min: -6, max: 6, noNaN: true }).map((power) => 10 ** power) },
    { weight: 2, arbitrary: fc.double({ min: 0.5, max: 12, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(0, -0, 1, 2, 4, -1e-3, -0.5, -3, Infinity, -Infinity, NaN) },
  )
  .map(Math.fround);

/** A length that is often 1 and sometimes 0. */
const length = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 1, arbitrary: fc.constant(0) },
);
const dim: fc.Arbitrary<Dim> = fc.oneof({ weight: 3, arbitrary: length }, { weight: 1, arbitrary: fc.constant(BATCH) });
const shapes = (minimum: number): fc.Arbitrary<Dim[]> =>
  fc.array(dim, { minLength: minimum, maxLength: 6, size: 'max' });
const batches = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 3 }) },
  { weight: 1, arbitrary: fc.constant(0) },
);

type Emit = (builder: ProgramBuilder, inputs: readonly number[]) => number;

/** Fills inputs of the given shapes, and builds the program that `emit` writes. */
function fill(batch: number, inputShapes: readonly Shape[], emit: Emit, values = anything): fc.Arbitrary<KernelCase> {
  const builder = new ProgramBuilder('case');
  const ids = inputShapes.map((shape, index) => builder.input('data', `x${String(index)}`, shape));
  builder.output('mean', 'y', emit(builder, ids));
  const program = builder.finish();
  const arrays = inputShapes.map((shape) => {
    const resolved = resolveShape(shape, batch);
    const count = resolved.reduce((product, n) => product * n, 1);
    return fc
      .array(values, { minLength: count, maxLength: count })
      .map((array) => ({ shape: resolved, values: array }));
  });
  return fc.tuple(...arrays).map((inputs) => ({ program, batch, inputs }));
}

/** Shapes that broadcast together: some axes of each set to 1, some leading ones dropped. */
function broadcastable(count: number): fc.Arbitrary<readonly Shape[]> {
  return shapes(0).chain((shape) =>
    fc.array(
      fc
        .tuple(fc.nat(shape.length), fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }))
        .map(([dropped, ones]) => shape.map((d, axis): Dim => (ones[axis] === true ? 1 : d)).slice(dropped)),
      { minLength: count, maxLength: count },
    ),
  );
}

function elementwise(kind: OpKind, count: number, values = anything): fc.Arbitrary<KernelCase> {
  return fc
    .tuple(batches, broadcastable(count))
    .chain(([batch, inputShapes]) => fill(batch, inputShapes, (builder, ids) => builder.emit(kind, ids, {}), values));
}

function fromShape(
  minimumRank: number,
  emit: (shape: Shape, batch: number) => fc.Arbitrary<Emit>,
  values = anything,
): fc.Arbitrary<KernelCase> {
  return fc
    .tuple(batches, shapes(minimumRank))
    .chain(([batch, shape]) => emit(shape, batch).chain((write) => fill(batch, [shape], write, values)));
}

function reduction(kind: 'sum' | 'max', values = anything): fc.Arbitrary<KernelCase> {
  return fromShape(
    0,
    (shape) =>
      fc.tuple(fc.subarray(shape.map((_, axis) => axis)), fc.boolean()).map(
        ([axes, keep]): Emit =>
          (builder, ids) =>
            builder.emit(kind, [ids[0] ?? 0], { axes, keep }),
      ),
    values,
  );
}

const matmul = fc.tuple(batches, fc.boolean(), dim, dim, dim, dim).chain(([batch, batched, b, m, k, n]) =>
  fill(
    batch,
    batched
      ? [
          [b, m, k],
          [b, k, n],
        ]
      : [
          [m, k],
          [k, n],
        ],
    (builder, [x = 0, y = 0]) => builder.matmul(x, y),
    ordinary,
  ),
);

/** Most often something, and often all of it. */
const sizeUpTo = (most: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(most) },
    { weight: 4, arbitrary: fc.integer({ min: Math.min(1, most), max: most }) },
    { weight: 1, arbitrary: fc.constant(0) },
  );

/** A block inside a shape: for each axis begin and size. A batch axis is taken whole. */
function blocks(shape: Shape): fc.Arbitrary<readonly (readonly [Dim, Dim])[]> {
  return fc.tuple(
    ...shape.map((d) =>
      typeof d === 'number'
        ? fc
            .nat(Math.max(0, d - 1))
            .chain((begin) => sizeUpTo(d - begin).map((size): readonly [Dim, Dim] => [begin, size]))
        : fc.constant([0, d] as const),
    ),
  );
}

const unary = (kind: OpKind, values = anything): fc.Arbitrary<KernelCase> => elementwise(kind, 1, values);
const binary = (kind: OpKind, values = anything): fc.Arbitrary<KernelCase> => elementwise(kind, 2, values);
const near = (relative: number, absolute = 0): Tolerance => ({ relative, absolute });

/** A row for every operation. */
export const KERNEL_TESTS: { readonly [K in OpKind]: KernelTest } = {
  constant: {
    tolerance: 'exact',
    cases: fc.tuple(batches, shapes(0), fc.boolean()).chain(([batch, shape, single]) => {
      const own = single ? shape : shape.map((d) => (typeof d === 'number' ? d : 2));
      const count = single ? 1 : own.reduce<number>((product, d) => product * (typeof d === 'number' ? d : 1), 1);
      return fc
        .array(anything, { minLength: count, maxLength: count })
        .chain((values) => fill(batch, [], (builder) => builder.emit('constant', [], { shape: own, values })));
    }),
  },
  batch_size: {
    tolerance: 'exact',
    cases: batches.chain((batch) => fill(batch, [], (builder) => builder.emit('batch_size', [], {}))),
  },
  identity: { tolerance: 'exact', cases: unary('identity') },
  stop_gradient: { tolerance: 'exact', cases: unary('stop_gradient') },

  negate: { tolerance: 'exact', cases: unary('negate') },
  reciprocal: { tolerance: 'exact', cases: unary('reciprocal') },
  exp: { tolerance: near(1e-6), cases: unary('exp') },
  log: { tolerance: near(1e-6), cases: unary('log') },
  log1p: { tolerance: near(1e-6), cases: unary('log1p') },
  expm1: { tolerance: near(1e-6), cases: unary('expm1') },
  sqrt: { tolerance: 'exact', cases: unary('sqrt') },
  square: { tolerance: 'exact', cases: unary('square') },
  abs: { tolerance: 'exact', cases: unary('abs') },
  sign: { tolerance: 'exact', cases: unary('sign') },
  step: { tolerance: 'exact', cases: unary('step') },
  sin: { tolerance: near(0, 3e-7), cases: unary('sin', angles) },
  cos: { tolerance: near(0, 3e-7), cases: unary('cos', angles) },
  sigmoid: { tolerance: near(1e-6), cases: unary('sigmoid') },
  tanh: { tolerance: near(1e-6), cases: unary('tanh') },
  relu: { tolerance: 'exact', cases: unary('relu') },
  softplus: { tolerance: near(2e-7, 2e-7), cases: unary('softplus') },

  add: { tolerance: 'exact', cases: binary('add') },
  subtract: { tolerance: 'exact', cases: binary('subtract') },
  multiply: { tolerance: 'exact', cases: binary('multiply') },
  divide: { tolerance: 'exact', cases: binary('divide') },
  power: { tolerance: near(2e-6), cases: binary('power', powers) },
  maximum: { tolerance: 'exact', cases: binary('maximum') },
  minimum: { tolerance: 'exact', cases: binary('minimum') },
  less: { tolerance: 'exact', cases: binary('less') },
  less_equal: { tolerance: 'exact', cases: binary('less_equal') },
  equal: { tolerance: 'exact', cases: binary('equal', fc.oneof(fc.constantFrom(0, 1, 2, NaN, Infinity), anything)) },
  select: { tolerance: 'exact', cases: elementwise('select', 3, fc.oneof(fc.constantFrom(0, 1), anything)) },

  sum: { tolerance: { ofMagnitude: 3e-7 }, cases: reduction('sum') },
  max: { tolerance: 'exact', cases: reduction('max') },
  matmul: { tolerance: { ofMagnitude: 3e-7 }, cases: matmul },
  transpose: {
    tolerance: 'exact',
    cases: fromShape(0, (shape) =>
      fc
        .shuffledSubarray(
          shape.map((_, axis) => axis),
          { minLength: shape.length },
        )
        .map(
          (permutation): Emit =>
            (builder, ids) =>
              builder.transpose(ids[0] ?? 0, permutation),
        ),
    ),
  },
  reshape: {
    tolerance: 'exact',
    cases: fromShape(0, (shape) =>
      fc.constantFrom<Shape>(shape, [...shape, 1], [1, ...shape], [...shape].reverse()).map(
        (target): Emit =>
          (builder, ids) =>
            builder.emit('reshape', [ids[0] ?? 0], { shape: target }),
      ),
    ),
  },
  broadcast: {
    tolerance: 'exact',
    cases: fc.tuple(batches, broadcastable(1), shapes(0)).chain(([batch, [shape = []], target]) => {
      const wide = target.slice(0, Math.max(0, target.length - shape.length));
      const full = [...wide, ...shape.map((d): Dim => (d === 1 ? (target.at(-1) ?? 1) : d))];
      return fill(batch, [shape], (builder, ids) => builder.emit('broadcast', [ids[0] ?? 0], { shape: full }));
    }),
  },
  concat: {
    tolerance: 'exact',
    cases: fc
      .tuple(batches, shapes(1), fc.array(length, { minLength: 1, maxLength: 4 }))
      .chain(([batch, shape, lengths]) =>
        fc.nat(shape.length - 1).chain((axis) =>
          fill(
            batch,
            lengths.map((n) => shape.with(axis, n)),
            (builder, ids) => builder.emit('concat', ids, { axis }),
          ),
        ),
      ),
  },
  slice: {
    tolerance: 'exact',
    cases: fromShape(0, (shape) =>
      blocks(shape).map(
        (block): Emit =>
          (builder, ids) =>
            builder.slice(
              ids[0] ?? 0,
              block.map(([begin]) => begin),
              block.map(([, size]) => size),
            ),
      ),
    ),
  },
  pad: {
    tolerance: 'exact',
    cases: fromShape(0, (shape) =>
      fc
        .array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: shape.length, maxLength: shape.length })
        .map((amounts): Emit => (builder, ids) => {
          const fixed = (axis: number, amount: number): number => (typeof shape[axis] === 'number' ? amount : 0);
          return builder.emit('pad', [ids[0] ?? 0], {
            before: amounts.map(([front], axis) => fixed(axis, front)),
            after: amounts.map(([, back], axis) => fixed(axis, back)),
          });
        }),
    ),
  },
  one_hot_argmax: {
    tolerance: 'exact',
    cases: fromShape(
      1,
      () => fc.constant<Emit>((builder, ids) => builder.emit('one_hot_argmax', [ids[0] ?? 0], {})),
      fc.oneof(fc.constantFrom(0, 1), anything),
    ),
  },
  count_quantile: {
    tolerance: 'exact',
    cases: elementwise('count_quantile', 3, fc.oneof(uniforms, fc.constantFrom(0, 1), anything)),
  },
  stirling_remainder: {
    // Of the second derivative on, float32 keeps fewer digits: it is a difference of powers.
    tolerance: near(2e-6, 6e-7),
    cases: fromShape(
      0,
      () =>
        fc.nat(1).map(
          (order): Emit =>
            (builder, ids) =>
              builder.emit('stirling_remainder', [ids[0] ?? 0], { order }),
        ),
      shapesOfGamma,
    ),
  },
  gamma_quantile: {
    tolerance: 'exact',
    cases: elementwise('gamma_quantile', 2, fc.oneof(uniforms, shapesOfGamma)),
  },
  beta_quantile: {
    tolerance: 'exact',
    cases: elementwise('beta_quantile', 3, fc.oneof(uniforms, shapesOfGamma)),
  },
  negative_binomial_quantile: {
    tolerance: 'exact',
    cases: elementwise('negative_binomial_quantile', 3, fc.oneof(uniforms, shapesOfGamma)),
  },
  multinomial_draw: {
    tolerance: 'exact',
    cases: fc
      .tuple(batches, shapes(1), fc.constantFrom(0, 1, 7, 1000))
      .chain(([batch, shape, trials]) =>
        fill(
          batch,
          [shape, shape.slice(-1)],
          (builder, [u = 0, p = 0]) => builder.emit('multinomial_draw', [u, p, builder.constant(trials)], {}),
          fc.oneof(uniforms, fc.constantFrom(0, 1)),
        ),
      ),
  },
};
