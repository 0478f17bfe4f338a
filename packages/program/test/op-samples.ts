/** Random instances of every operation: shapes, attributes and values within its domain. */
import fc from 'fast-check';
import {
  BATCH,
  countElements,
  isBatchDim,
  resolveShape,
  type AttributesOf,
  type Dim,
  type Instruction,
  type InstructionOf,
  type OpKind,
  type PortKey,
  type ProgramBuilder,
  type ReferenceTensor,
  type Shape,
  type ValueId,
} from '../src/index.js';

/** A value from a random number `k` in 0 … 40 and its place in the tensor. */
type Domain = (k: number, position: number) => number;

const real: Domain = (k) => (k - 20) / 8;
/** At least 1/16 away from 0, where `abs`, `relu` and `step` have their kink. */
const awayFromZero: Domain = (k) => (k - 20 + 0.5) / 8;
/** At least 0.6 away from 0, where `divide` and `reciprocal` have their pole. */
const awayFromPole: Domain = (k) => (k < 20 ? -0.6 - k / 8 : k / 8 - 1.9);
const positive: Domain = (k) => 0.6 + k / 10;
const aboveMinusOne: Domain = (k) => -0.4 + k / 10;
const quarters: Domain = (k) => Math.floor(k / 4) / 4;
/** Never equal to one of `quarters`, and 1/10 away from all of them. */
const betweenQuarters: Domain = (k) => Math.floor(k / 4) / 4 + 0.1;
const truth: Domain = (k) => [0, 1, 0, -2, 0.5][k % 5] ?? 0;
/** Uniforms, and parameters of binomials, at which no step of a difference quotient crosses a jump of the distribution function. */
const uniforms: Domain = (k) => [0.04, 0.12, 0.24, 0.36, 0.48, 0.6, 0.72, 0.81, 0.9, 0.96][k % 10] ?? 0.5;
const logScales: Domain = (k) => [0.1, 0.4, 0.9][k % 3] ?? 0.1;
const slopes: Domain = (k) => [0.3, 0.8, 1.7, 2.6, 4.2][k % 5] ?? 0.3;
/** Whole numbers, at which incomplete gamma and beta functions are sums. */
const wholeNumbers: Domain = (k) => 1 + (k % 5);
/** All different within 1,009 elements, in an order that `k` cannot change. */
const distinct: Domain = (_, position) => ((position * 37 + 11) % 1009) / 50 - 10;

interface Operand {
  readonly shape: Shape;
  readonly domain: Domain;
}

/** `A` is the type of the operation's attributes. */
export interface Sample<A> {
  readonly operands: readonly Operand[];
  readonly attributes: A;
  /** The number of rows to run at. */
  readonly batch: number;
  readonly seed: number;
}

type Form<A> = Pick<Sample<A>, 'operands' | 'attributes'>;
type None = AttributesOf<'exp'>;

const dim: fc.Arbitrary<Dim> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(1) },
  { weight: 4, arbitrary: fc.integer({ min: 2, max: 4 }) },
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.constantFrom(BATCH, { batch: 2 }) },
);
const shape: fc.Arbitrary<Shape> = fc.array(dim, { maxLength: 3 });
const matrixOrMore: fc.Arbitrary<Shape> = fc.array(dim, { minLength: 1, maxLength: 3 });

/** A shape that broadcasts to `wide`: some leading axes are gone, and some others are 1. */
function narrowed(wide: Shape): fc.Arbitrary<Shape> {
  return fc
    .tuple(fc.nat(wide.length), fc.array(fc.boolean(), { minLength: wide.length, maxLength: wide.length }))
    .map(([gone, ones]) => wide.map((length, axis) => (ones[axis] === true ? 1 : length)).slice(gone));
}

function sampled<A>(form: fc.Arbitrary<Form<A>>): fc.Arbitrary<Sample<A>> {
  return fc
    .record({ form, batch: fc.integer({ min: 1, max: 3 }), seed: fc.nat(999) })
    .map(({ form: { operands, attributes }, batch, seed }) => ({ operands, attributes, batch, seed }));
}

function unary(domain: Domain): fc.Arbitrary<Sample<None>> {
  return sampled(shape.map((own) => ({ operands: [{ shape: own, domain }], attributes: {} })));
}

function broadcasting(...domains: readonly Domain[]): fc.Arbitrary<Sample<None>> {
  const shapes = shape.chain((wide) => fc.tuple(...domains.map(() => narrowed(wide))));
  const withDomains = shapes.map((all) =>
    all.map((own, position) => ({ shape: own, domain: domains[position] ?? real })),
  );
  return sampled(withDomains.map((operands) => ({ operands, attributes: {} })));
}

function reduction(domain: Domain): fc.Arbitrary<Sample<AttributesOf<'sum'>>> {
  const form = shape.chain((own) =>
    fc.record({
      operands: fc.constant([{ shape: own, domain }]),
      attributes: fc
        .tuple(fc.shuffledSubarray(own.map((_, axis) => axis)), fc.boolean())
        .map(([axes, keep]) => ({ axes, keep })),
    }),
  );
  return sampled(form);
}

const matmul = fc
  .tuple(dim, dim, dim, fc.option(dim))
  .map(([rows, inner, columns, stack]): Form<AttributesOf<'matmul'>> => {
    const lead = stack === null ? [] : [stack];
    return {
      operands: [
        { shape: [...lead, rows, inner], domain: real },
        { shape: [...lead, inner, columns], domain: real },
      ],
      attributes: {},
    };
  });

const transpose = shape.chain((own) => {
  const axes = own.map((_, axis) => axis);
  return fc.shuffledSubarray(axes, { minLength: axes.length }).map((permutation): Form<AttributesOf<'transpose'>> => ({
    operands: [{ shape: own, domain: real }],
    attributes: { permutation },
  }));
});

const reshape = shape.chain((own) => {
  const { coefficient, power } = countElements(own);
  const flat: Shape[] =
    power === 0 ? [[coefficient]] : power === 1 && coefficient > 0 ? [[{ batch: coefficient }]] : [];
  return fc
    .constantFrom(own, own.toReversed(), [1, ...own, 1], ...flat)
    .map((target): Form<AttributesOf<'reshape'>> => ({
      operands: [{ shape: own, domain: real }],
      attributes: { shape: target },
    }));
});

const broadcast = shape.chain((wide) =>
  narrowed(wide).map((own): Form<AttributesOf<'broadcast'>> => ({
    operands: [{ shape: own, domain: real }],
    attributes: { shape: wide },
  })),
);

const concat = matrixOrMore.chain((own) =>
  fc
    .record({
      axis: fc.nat(own.length - 1),
      inBatches: fc.boolean(),
      lengths: fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }),
    })
    .map(({ axis, inBatches, lengths }): Form<AttributesOf<'concat'>> => {
      const dims = lengths.map((length): Dim => (inBatches && length > 0 ? { batch: length } : length));
      return {
        operands: dims.map((length) => ({ shape: own.with(axis, length), domain: real })),
        attributes: { axis },
      };
    }),
);

/** Three lengths of one kind that follow one another on an axis. */
const parts: fc.Arbitrary<readonly [Dim, Dim, Dim]> = fc
  .tuple(fc.boolean(), fc.nat(2), fc.nat(2), fc.nat(2))
  .map(([inBatches, ...lengths]) => {
    const [front, middle, back] = lengths;
    const of = (length: number): Dim => (inBatches && length > 0 ? { batch: length } : length);
    return [of(front), of(middle), of(back)];
  });

function total(...dims: readonly Dim[]): Dim {
  const sum = dims.reduce<number>((length, each) => length + (isBatchDim(each) ? each.batch : each), 0);
  return dims.some(isBatchDim) ? { batch: sum } : sum;
}

const blocks = fc.array(parts, { maxLength: 3 });

const slice = blocks.map((axes): Form<AttributesOf<'slice'>> => ({
  operands: [{ shape: axes.map((lengths) => total(...lengths)), domain: real }],
  attributes: { begin: axes.map(([front]) => front), size: axes.map(([, middle]) => middle) },
}));

const pad = blocks.map((axes): Form<AttributesOf<'pad'>> => ({
  operands: [{ shape: axes.map(([, middle]) => middle), domain: real }],
  attributes: { before: axes.map(([front]) => front), after: axes.map(([, , back]) => back) },
}));

const constant = fc.tuple(shape, fc.boolean(), fc.nat(20)).map(([own, each, value]): Form<AttributesOf<'constant'>> => {
  const { coefficient, power } = countElements(own);
  const values = each && power === 0 ? Array.from({ length: coefficient }, (_, place) => place / 4) : [value];
  return { operands: [], attributes: { shape: own, values } };
});

/** A new operation does not compile until it has a row here, and with it its tests. */
export const SAMPLES: { readonly [K in OpKind]: fc.Arbitrary<Sample<AttributesOf<K>>> } = {
  constant: sampled(constant),
  batch_size: sampled(fc.constant({ operands: [], attributes: {} })),
  negate: unary(real),
  reciprocal: unary(awayFromPole),
  exp: unary(real),
  log: unary(positive),
  log1p: unary(aboveMinusOne),
  expm1: unary(real),
  sqrt: unary(positive),
  square: unary(real),
  abs: unary(awayFromZero),
  sign: unary(awayFromZero),
  step: unary(awayFromZero),
  sin: unary(real),
  cos: unary(real),
  sigmoid: unary(real),
  tanh: unary(real),
  relu: unary(awayFromZero),
  softplus: unary(real),
  identity: unary(real),
  stop_gradient: unary(real),
  add: broadcasting(real, real),
  subtract: broadcasting(real, real),
  multiply: broadcasting(real, real),
  divide: broadcasting(real, awayFromPole),
  power: broadcasting(positive, real),
  maximum: broadcasting(quarters, betweenQuarters),
  minimum: broadcasting(quarters, betweenQuarters),
  less: broadcasting(quarters, betweenQuarters),
  less_equal: broadcasting(quarters, betweenQuarters),
  equal: broadcasting(quarters, betweenQuarters),
  select: broadcasting(truth, real, real),
  sum: reduction(real),
  max: reduction(distinct),
  matmul: sampled(matmul),
  transpose: sampled(transpose),
  reshape: sampled(reshape),
  broadcast: sampled(broadcast),
  concat: sampled(concat),
  slice: sampled(slice),
  pad: sampled(pad),
  one_hot_argmax: sampled(
    matrixOrMore.map((own) => ({ operands: [{ shape: own, domain: distinct }], attributes: {} })),
  ),
  count_quantile: broadcasting(uniforms, logScales, slopes),
  stirling_remainder: sampled(
    fc.tuple(shape, fc.nat(3)).map(([own, order]): Form<AttributesOf<'stirling_remainder'>> => ({
      operands: [{ shape: own, domain: positive }],
      attributes: { order },
    })),
  ),
  gamma_quantile: broadcasting(uniforms, wholeNumbers),
  beta_quantile: broadcasting(uniforms, wholeNumbers, wholeNumbers),
  negative_binomial_quantile: broadcasting(uniforms, slopes, logScales),
  multinomial_draw: sampled(
    matrixOrMore.chain((wide) =>
      fc.tuple(narrowed(wide), narrowed(wide)).map(([own, lead]): Form<None> => ({
        operands: [
          { shape: wide, domain: uniforms },
          { shape: own, domain: positive },
          { shape: [...lead.slice(0, -1), 1], domain: () => 6 },
        ],
        attributes: {},
      })),
    ),
  ),
};

/** The operand's name as an input of the program that `emitSample` builds. */
export function operandKey(position: number): PortKey {
  return `parameter:x${String(position)}`;
}

/** The operands of the sample as they are given to the interpreter. */
export function sampleInputs({ operands, batch, seed }: Sample<unknown>): Map<PortKey, ReferenceTensor> {
  return new Map(
    operands.map(({ shape: own, domain }, position) => {
      const resolved = resolveShape(own, batch);
      const length = resolved.reduce((count, each) => count * each, 1);
      const values = Float64Array.from({ length }, (_, place) => {
        const mixed = Math.imul(seed * 3 + position + 1, 0x9e3779b1) + Math.imul(place + 1, 0x85ebca6b);
        return domain((Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 8) % 41, place);
      });
      return [operandKey(position), { shape: resolved, values }];
    }),
  );
}

/** Emits the operation on inputs named by `nameOf`. */
export function emitSample<K extends OpKind>(
  builder: ProgramBuilder,
  kind: K,
  { operands, attributes }: Sample<AttributesOf<K>>,
  nameOf: (position: number) => string = (position) => `x${String(position)}`,
): ValueId {
  const args = operands.map(({ shape: own }, position) => builder.input('parameter', nameOf(position), own));
  return builder.emit<OpKind>(kind, args, attributes);
}

/** The instruction that defines `value`. */
export function instructionAt(builder: ProgramBuilder, value: ValueId): Instruction & InstructionOf<OpKind> {
  const definition = builder.definition(value);
  if ('role' in definition) throw new TypeError(`%${String(value)} is an input`);
  return definition;
}
