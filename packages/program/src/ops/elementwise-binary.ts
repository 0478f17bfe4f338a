/** Functions of two numbers, applied element by element with numpy broadcasting. */
import type { ProgramBuilder } from '../builder.js';
import { at } from '../errors.js';
import type { BinaryKind, ValueId } from '../program.js';
import { broadcastShapes, formatShape, operandAt } from '../shape.js';
import type { OpDefinition, ReferenceTensor, Smoothness } from './definition.js';
import { broadcastOffsets } from './strides.js';

/** The values of the instruction: operands `x` and `y`, result `z`, and the adjoint `g` of the result. */
interface Values {
  readonly x: ValueId;
  readonly y: ValueId;
  readonly z: ValueId;
  readonly g: ValueId;
}

/** An operand's adjoint in the result's shape; summed down to the operand's shape by `binary`. */
type Rule = (builder: ProgramBuilder, values: Values) => ValueId;

function binary<K extends BinaryKind>(
  smoothness: Smoothness,
  f: (x: number, y: number) => number,
  rules?: readonly [Rule, Rule],
): OpDefinition<K> {
  return {
    smoothness,
    shape: (operands) => {
      const x = operandAt(operands, 0);
      const y = operandAt(operands, 1);
      return broadcastShapes(x, y) ?? `shapes ${formatShape(x)} and ${formatShape(y)} do not broadcast together`;
    },
    derive: (builder, { args, id }, adjoint, wanted) => {
      const [x, y] = args;
      const values = { x, y, z: id, g: adjoint };
      const deriveBy = (
        rule: Rule | undefined,
        operand: ValueId,
        isWanted: boolean | undefined,
      ): ValueId | undefined =>
        rule === undefined || isWanted !== true
          ? undefined
          : builder.sumTo(rule(builder, values), builder.shapeOf(operand));
      return [deriveBy(rules?.[0], x, wanted[0]), deriveBy(rules?.[1], y, wanted[1])];
    },
    evaluate: (operands, _, shape) => zip(at(operands, 0), at(operands, 1), shape, f),
  };
}

function zip(
  x: ReferenceTensor,
  y: ReferenceTensor,
  shape: readonly number[],
  f: (x: number, y: number) => number,
): Float64Array {
  const right = broadcastOffsets(y.shape, shape);
  return Float64Array.from(broadcastOffsets(x.shape, shape), (left, position) =>
    f(at(x.values, left), at(y.values, at(right, position))),
  );
}

/**
 * `b · a^(b − 1)`. Where b = 0 the exponent is set to 1, so that the product is 0 at a = 0 too, and
 * stays free of `0 · ∞` when it is differentiated again.
 */
const powerBase: Rule = (builder, { x, y, g }) => {
  const isZero = builder.emit('equal', [y, builder.constant(0)], {});
  const lowered = builder.subtract(y, builder.constant(1));
  const exponent = builder.emit('select', [isZero, builder.constant(1), lowered], {});
  return builder.multiply(g, builder.multiply(y, builder.emit('power', [x, exponent], {})));
};

/** `a^b · log(a)`, and 0 where a = 0, which is the limit for every b > 0. NaN where a < 0. */
const powerExponent: Rule = (builder, { x, z, g }) => {
  const isZero = builder.emit('equal', [x, builder.constant(0)], {});
  const base = builder.emit('select', [isZero, builder.constant(1), x], {});
  return builder.multiply(g, builder.multiply(z, builder.emit('log', [base], {})));
};

/** Passes the adjoint to the elements where `comparison` of the two values holds. */
function where(comparison: 'less' | 'less_equal', first: 'x' | 'y', second: 'x' | 'y'): Rule {
  return (builder, values) => builder.multiply(values.g, builder.emit(comparison, [values[first], values[second]], {}));
}

export const BINARY: { readonly [K in BinaryKind]: OpDefinition<K> } = {
  add: binary('smooth', (x, y) => x + y, [(_, { g }) => g, (_, { g }) => g]),
  subtract: binary('smooth', (x, y) => x - y, [(_, { g }) => g, (b, { g }) => b.negate(g)]),
  multiply: binary('smooth', (x, y) => x * y, [(b, { g, y }) => b.multiply(g, y), (b, { g, x }) => b.multiply(g, x)]),
  divide: binary('smooth', (x, y) => x / y, [
    (b, { g, y }) => b.divide(g, y),
    (b, { g, y, z }) => b.negate(b.divide(b.multiply(g, z), y)),
  ]),
  power: binary('smooth', Math.pow, [powerBase, powerExponent]),
  /** At a tie the adjoint goes to the second operand, so that `maximum(x, 0)` is differentiated as `relu(x)`. */
  maximum: binary('kinked', Math.max, [where('less', 'y', 'x'), where('less_equal', 'x', 'y')]),
  /** At a tie the adjoint goes to the second operand. */
  minimum: binary('kinked', Math.min, [where('less', 'x', 'y'), where('less_equal', 'y', 'x')]),
  less: binary('flat', (x, y) => (x < y ? 1 : 0)),
  less_equal: binary('flat', (x, y) => (x <= y ? 1 : 0)),
  equal: binary('flat', (x, y) => (x === y ? 1 : 0)),
};
