import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  at,
  interpretProgram,
  isOpKind,
  OPS,
  ProgramBuilder,
  resolveShape,
  type AttributesOf,
  type Dim,
  type OpKind,
  type ReferenceTensor,
} from '../src/index.js';
import { broadcastElementAt, elementAt, indices, tensor } from './naive-tensor.js';
import { emitSample, operandKey, SAMPLES, sampleInputs, type Sample } from './op-samples.js';

interface Context<A> {
  readonly operands: readonly ReferenceTensor[];
  readonly attributes: A;
  /** The result's shape. */
  readonly shape: readonly number[];
  readonly batch: number;
}

/** The element of the result at `index`, by a formula that shares nothing with the kernel. */
type Formula<A> = (context: Context<A>, index: readonly number[]) => number;
type None = AttributesOf<'exp'>;

function each(f: (x: number, y: number, z: number) => number): Formula<None> {
  return ({ operands }, index) => {
    const [x = NaN, y = NaN, z = NaN] = operands.map((operand) => broadcastElementAt(operand, index));
    return f(x, y, z);
  };
}

/** The elements of the operand that reduce to `index` of the result. */
function reduced({ operands, attributes }: Context<AttributesOf<'sum'>>, index: readonly number[]): number[] {
  const operand = at(operands, 0);
  const isReduced = (_: number, axis: number): boolean => !attributes.axes.includes(axis);
  const target = attributes.keep ? index.filter(isReduced) : index;
  return indices(operand.shape)
    .filter((place) => place.filter(isReduced).every((own, axis) => own === target[axis]))
    .map((place) => elementAt(operand, place));
}

function plus(index: readonly number[], corner: readonly Dim[], sign: 1 | -1, batch: number): number[] {
  const offset = resolveShape(corner, batch);
  return index.map((place, axis) => place + sign * at(offset, axis));
}

const FORMULAS: { readonly [K in OpKind]: Formula<AttributesOf<K>> } = {
  constant: ({ attributes, shape }, index) =>
    attributes.values.length === 1 ? at(attributes.values, 0) : elementAt(tensor(shape, attributes.values), index),
  batch_size: ({ batch }) => batch,
  negate: each((x) => 0 - x),
  reciprocal: each((x) => x ** -1),
  exp: each((x) => Math.E ** x),
  log: each((x) => Math.log2(x) * Math.LN2),
  log1p: each((x) => Math.log(1 + x)),
  expm1: each((x) => Math.exp(x) - 1),
  sqrt: each((x) => x ** 0.5),
  square: each((x) => x ** 2),
  abs: each((x) => (x < 0 ? -x : x)),
  sign: each((x) => (x < 0 ? -1 : x > 0 ? 1 : 0)),
  step: each((x) => Number(x > 0)),
  sin: each((x) => (2 * Math.tan(x / 2)) / (1 + Math.tan(x / 2) ** 2)),
  cos: each((x) => (1 - Math.tan(x / 2) ** 2) / (1 + Math.tan(x / 2) ** 2)),
  sigmoid: each((x) => (1 + Math.tanh(x / 2)) / 2),
  tanh: each((x) => (Math.exp(2 * x) - 1) / (Math.exp(2 * x) + 1)),
  relu: each((x) => (x < 0 ? 0 : x)),
  softplus: each((x) => Math.log(1 + Math.exp(x))),
  identity: each((x) => x),
  stop_gradient: each((x) => x),
  add: each((x, y) => y + x),
  subtract: each((x, y) => -y + x),
  multiply: each((x, y) => y * x),
  divide: each((x, y) => x * (1 / y)),
  power: each((x, y) => Math.exp(y * Math.log(x))),
  maximum: each((x, y) => (x > y ? x : y)),
  minimum: each((x, y) => (x > y ? y : x)),
  less: each((x, y) => Number(x < y)),
  less_equal: each((x, y) => Number(x <= y)),
  equal: each((x, y) => Number(x === y)),
  select: each((condition, x, y) => (condition === 0 ? y : x)),
  sum: (context, index) => reduced(context, index).reduce((total, value) => total + value, 0),
  max: (context, index) => Math.max(...reduced(context, index)),
  matmul: ({ operands }, index) => {
    const [a, b] = [at(operands, 0), at(operands, 1)];
    const stack = index.slice(0, -2);
    const [row, column] = [at(index, index.length - 2), at(index, index.length - 1)];
    let total = 0;
    for (let k = 0; k < at(b.shape, b.shape.length - 2); k += 1) {
      total += elementAt(a, [...stack, row, k]) * elementAt(b, [...stack, k, column]);
    }
    return total;
  },
  transpose: ({ operands, attributes: { permutation } }, index) =>
    elementAt(
      at(operands, 0),
      index.map((_, axis) => at(index, permutation.indexOf(axis))),
    ),
  reshape: ({ operands, shape }, index) => {
    const place = indices(shape).findIndex((other) => other.every((own, axis) => own === index[axis]));
    return at(at(operands, 0).values, place);
  },
  broadcast: each((x) => x),
  concat: ({ operands, attributes: { axis } }, index) => {
    let place = at(index, axis);
    for (const operand of operands) {
      const length = at(operand.shape, axis);
      if (place < length) return elementAt(operand, index.with(axis, place));
      place -= length;
    }
    return NaN;
  },
  slice: ({ operands, attributes, batch }, index) =>
    elementAt(at(operands, 0), plus(index, attributes.begin, 1, batch)),
  pad: ({ operands, attributes, batch }, index) => {
    const operand = at(operands, 0);
    const place = plus(index, attributes.before, -1, batch);
    return place.every((own, axis) => own >= 0 && own < at(operand.shape, axis)) ? elementAt(operand, place) : 0;
  },
  one_hot_argmax: ({ operands, shape }, index) => {
    const operand = at(operands, 0);
    const row = Array.from({ length: at(shape, shape.length - 1) }, (_, place) =>
      elementAt(operand, index.with(-1, place)),
    );
    return Number(row.indexOf(Math.max(...row)) === index.at(-1));
  },
  count_quantile: each((u, l, b) => {
    const a = 1 - Math.exp(l);
    const probabilities = [(1 - a) ** ((a + b) / a)];
    const total = () => probabilities.reduce((sum, p) => sum + p, 0);
    while (total() < u)
      probabilities.push(at(probabilities, probabilities.length - 1) * (a + b / probabilities.length));
    return probabilities.length - 1;
  }),
  stirling_remainder: ({ operands, attributes: { order } }, index) => binet(elementAt(at(operands, 0), index), order),
  gamma_quantile: each((u, a) =>
    bisect(u, 60, (x) => {
      const terms = Array.from({ length: a }, (_, n) => product(n, (index) => x / (index + 1)));
      return 1 - Math.exp(-x) * terms.reduce((sum, term) => sum + term, 0);
    }),
  ),
  beta_quantile: each((u, a, b) =>
    bisect(u, 1, (x) => {
      const terms = Array.from({ length: b }, (_, n) => binomialAt(a + b - 1, x, a + n));
      return terms.reduce((sum, term) => sum + term, 0);
    }),
  ),
  negative_binomial_quantile: each((u, r, odds) => {
    const p = 1 / (1 + odds);
    return firstReaching(u, (k) => choose(r + k - 1, k) * p ** r * (1 - p) ** k);
  }),
  multinomial_draw: ({ operands, shape }, index) => {
    const [u, p, n] = operands.map((operand) => (place: number) => broadcastElementAt(operand, index.with(-1, place)));
    if (u === undefined || p === undefined || n === undefined) return NaN;
    const classes = at(shape, shape.length - 1);
    const weights = Array.from({ length: classes }, (_, k) => p(k));
    let left = n(0);
    for (let k = 0; ; k += 1) {
      const share = p(k) / weights.slice(k).reduce((sum, weight) => sum + weight, 0);
      const [trials, uniform] = [left, u(k)];
      // What is rarer is counted: successes from the uniform's lower end, or failures from its upper.
      const count =
        k === classes - 1
          ? trials
          : share > 0.5
            ? trials - firstReaching(1 - uniform, (j) => binomialAt(trials, 1 - share, j))
            : firstReaching(uniform, (j) => binomialAt(trials, share, j));
      if (k === index.at(-1)) return count;
      left -= count;
    }
  },
};

/** The x in [0, high] at which an increasing function is u. */
function bisect(u: number, high: number, f: (x: number) => number): number {
  let [from, to] = [0, high];
  while (to - from > 1e-15 * Math.max(to, 1e-3)) {
    const middle = (from + to) / 2;
    if (middle === from || middle === to) break;
    if (f(middle) < u) from = middle;
    else to = middle;
  }
  return from;
}

/** The first k ≥ 0 at which p(0) + … + p(k) reaches u. */
function firstReaching(u: number, p: (k: number) => number): number {
  let [k, sum] = [0, p(0)];
  while (sum < u) sum += p((k += 1));
  return k;
}

const product = (count: number, f: (index: number) => number): number =>
  Array.from({ length: count }, (_, index) => f(index)).reduce((all, factor) => all * factor, 1);
/** n over k for any n and whole k. */
const choose = (n: number, k: number): number => product(k, (index) => (n - index) / (index + 1));
const binomialAt = (n: number, p: number, k: number): number => choose(n, k) * p ** k * (1 - p) ** (n - k);

/** Binet's second formula, δ(x) = 2∫₀^∞ atan(t/x)/(e^{2πt} − 1) dt, and its derivatives: the trapezium rule in s with t = e^{s − e^−s}. */
function binet(x: number, order: number): number {
  const kernel = (t: number): number => {
    const r = x * x + t * t;
    switch (order) {
      case 0:
        return Math.atan(t / x);
      case 1:
        return -t / r;
      case 2:
        return (2 * x * t) / r ** 2;
      default:
        return (2 * t) / r ** 2 - (8 * x * x * t) / r ** 3;
    }
  };
  const h = 1 / 64;
  let sum = 0;
  for (let s = -5; s < 4; s += h) {
    const t = Math.exp(s - Math.exp(-s));
    sum += (kernel(t) / Math.expm1(2 * Math.PI * t)) * t * (1 + Math.exp(-s));
  }
  return 2 * h * sum;
}

function checkKernel<K extends OpKind>(
  kind: K,
  samples: fc.Arbitrary<Sample<AttributesOf<K>>>,
  formula: Formula<AttributesOf<K>>,
): void {
  fc.assert(
    fc.property(samples, (sample) => {
      const builder = new ProgramBuilder('kernel');
      const value = emitSample(builder, kind, sample);
      builder.output('cost', 'result', value);
      const inputs = sampleInputs(sample);
      const result = interpretProgram(builder.finish(), inputs, sample.batch).get('cost:result') ?? tensor([], []);
      expect(result.shape).toEqual(resolveShape(builder.shapeOf(value), sample.batch));
      const context = {
        operands: [...inputs.values()],
        attributes: sample.attributes,
        shape: result.shape,
        batch: sample.batch,
      };
      const expected = indices(result.shape).map((index) => formula(context, index));
      expect(result.values).toHaveLength(expected.length);
      expected.forEach((wanted, place) => {
        const found = at(result.values, place);
        if (found !== wanted) expect(Math.abs(found - wanted)).toBeLessThan(1e-13 * Math.max(1, Math.abs(wanted)));
      });
    }),
    { numRuns: 60 },
  );
}

describe('kernels agree with naive formulas', () => {
  // `K` stands for one kind at a time; a loop over all of them cannot say so.
  const formulaOf = (kind: OpKind): Formula<AttributesOf<OpKind>> => FORMULAS[kind] as Formula<AttributesOf<OpKind>>;
  for (const kind of Object.keys(OPS).filter(isOpKind)) {
    it(kind, () => {
      checkKernel<OpKind>(kind, SAMPLES[kind], formulaOf(kind));
    });
  }
});

/** An operation on tensors of fixed shape. */
function run<K extends OpKind>(kind: K, operands: readonly ReferenceTensor[], attributes: AttributesOf<K>): number[] {
  const builder = new ProgramBuilder('run');
  const args: readonly number[] = operands.map(({ shape }, place) =>
    builder.input('parameter', `x${String(place)}`, shape),
  );
  builder.output('cost', 'result', builder.emit<OpKind>(kind, args, attributes));
  const inputs = new Map(operands.map((operand, place) => [operandKey(place), operand]));
  return [...(interpretProgram(builder.finish(), inputs, 1).get('cost:result')?.values ?? [])];
}

function map(kind: OpKind, ...xs: readonly number[]): number[] {
  return run(kind, [tensor([xs.length], xs)], {});
}

describe('known values', () => {
  it('softplus is exact and finite for every float64', () => {
    expect(map('softplus', 0, 1000, -1000, Number.MAX_VALUE, -Number.MAX_VALUE)).toEqual([
      Math.LN2,
      1000,
      0,
      Number.MAX_VALUE,
      0,
    ]);
    // log(1 + e^−40) = e^−40 to 17 digits.
    expect(map('softplus', -40)).toEqual([Math.exp(-40)]);
    expect(map('softplus', 1)[0]).toBeCloseTo(1.3132616875182228, 15);
  });

  it('sigmoid is stable at both ends', () => {
    expect(map('sigmoid', 0, 1000, -1000, Infinity, -Infinity)).toEqual([0.5, 1, 0, 1, 0]);
    expect(map('sigmoid', -700)).toEqual([Math.exp(-700)]);
  });

  it('log1p keeps small arguments', () => {
    expect(map('log1p', 1e-20, 0, -1)).toEqual([1e-20, 0, -Infinity]);
  });

  it('step, sign and relu at 0', () => {
    expect([map('step', 0, 1e-300, -1), map('relu', 0, 2, -2)]).toEqual([
      [0, 1, 0],
      [0, 2, 0],
    ]);
    expect(map('sign', 0, 1e-300, -1e-300)).toEqual([0, 1, -1]);
  });

  it('power: 0^0 is 1, and a negative base takes a whole exponent', () => {
    expect(run('power', [tensor([3], [0, -2, 0]), tensor([3], [0, 3, 2])], {})).toEqual([1, -8, 0]);
  });

  it('comparisons at equality', () => {
    const pair = [tensor([2], [1, 2]), tensor([2], [1, 1])];
    expect([run('less', pair, {}), run('less_equal', pair, {}), run('equal', pair, {})]).toEqual([
      [0, 0],
      [1, 0],
      [1, 0],
    ]);
  });

  it('NaN goes through arithmetic, and is neither less than, equal to nor larger than anything', () => {
    expect(map('relu', NaN)).toEqual([NaN]);
    const pair = [tensor([], [NaN]), tensor([], [1])];
    expect([run('maximum', pair, {}), run('less', pair, {}), run('equal', pair, {})]).toEqual([[NaN], [0], [0]]);
    expect(run('one_hot_argmax', [tensor([3], [1, NaN, 2])], {})).toEqual([0, 0, 1]);
  });

  it('one_hot_argmax takes the first of equals', () => {
    expect(run('one_hot_argmax', [tensor([2, 3], [1, 5, 5, 0, 0, 0])], {})).toEqual([0, 1, 0, 1, 0, 0]);
  });
});

describe('an axis of no elements', () => {
  const empty = tensor([2, 0], []);
  it('sums to 0 and has −∞ as its largest element', () => {
    expect(run('sum', [empty], { axes: [1], keep: false })).toEqual([0, 0]);
    expect(run('max', [empty], { axes: [1], keep: false })).toEqual([-Infinity, -Infinity]);
    expect(run('sum', [empty], { axes: [0], keep: false })).toEqual([]);
  });

  it('is a product of zeros inside a matmul, and none outside', () => {
    expect(run('matmul', [empty, tensor([0, 3], [])], {})).toEqual([0, 0, 0, 0, 0, 0]);
    expect(run('matmul', [tensor([0, 2], []), tensor([2, 3], [1, 2, 3, 4, 5, 6])], {})).toEqual([]);
  });

  it('adds nothing to a concat and is padded with zeros', () => {
    expect(run('concat', [empty, tensor([2, 1], [7, 8])], { axis: 1 })).toEqual([7, 8]);
    expect(run('pad', [empty], { before: [0, 1], after: [0, 1] })).toEqual([0, 0, 0, 0]);
    expect(run('one_hot_argmax', [empty], {})).toEqual([]);
  });
});
