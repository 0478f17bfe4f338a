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
  sqrt: each((x) => x ** 0.5),
  square: each((x) => x ** 2),
  abs: each((x) => (x < 0 ? -x : x)),
  sign: each((x) => (x < 0 ? -1 : x > 0 ? 1 : 0)),
  step: each((x) => Number(x > 0)),
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
};

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
