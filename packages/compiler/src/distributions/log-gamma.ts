import type { ProgramBuilder, ValueId } from '@sbn/program';

/** B_{2k} / (2k (2k − 1)) for k = 6, …, 1: the coefficients of Stirling's series in 1/z, 1/z³, …, highest power first. */
const STIRLING = [-691 / 360360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12] as const;

/** At z = x + 8 ≥ 9 the first term that is left out, z⁻¹³/156, is below 1e-14. */
const SHIFT = 8;

/**
 * log Γ(x) for x ≥ 1, element by element: Stirling's series at z = x + 8, less log x(x + 1)…(x + 7). The product is taken in two
 * halves, each of which float32 holds up to x = 4e9.
 */
export function logGamma(builder: ProgramBuilder, x: ValueId): ValueId {
  const number = (value: number): ValueId => builder.constant(value);
  const z = builder.add(x, number(SHIFT));
  const inverse = builder.emit('reciprocal', [z], {});
  const series = builder.multiply(inverse, horner(builder, STIRLING, builder.emit('square', [inverse], {})));
  const leading = builder.multiply(builder.subtract(z, number(0.5)), builder.emit('log', [z], {}));
  const shifted = builder.add(builder.add(builder.subtract(leading, z), number(0.5 * Math.log(2 * Math.PI))), series);
  const product = builder.add(logOfFour(builder, x), logOfFour(builder, builder.add(x, number(4))));
  return builder.subtract(shifted, product);
}

/** log x(x + 1)(x + 2)(x + 3), as y(y + 2) with y = x(x + 3) */
function logOfFour(builder: ProgramBuilder, x: ValueId): ValueId {
  const y = builder.multiply(x, builder.add(x, builder.constant(3)));
  return builder.emit('log', [builder.multiply(y, builder.add(y, builder.constant(2)))], {});
}

function horner(builder: ProgramBuilder, coefficients: readonly number[], at: ValueId): ValueId {
  const [highest = 0, ...rest] = coefficients;
  return rest.reduce<ValueId>(
    (sum, coefficient) => builder.add(builder.multiply(sum, at), builder.constant(coefficient)),
    builder.constant(highest),
  );
}

/** δ(x) = log Γ(x) − (x − ½) log x + x − ½ log 2π for x > 0: what log Γ is beyond Stirling's formula. */
export function stirlingRemainder(builder: ProgramBuilder, x: ValueId): ValueId {
  return builder.emit('stirling_remainder', [x], { order: 0 });
}

/**
 * log y − (y − 1), which is 0 at y = 1 and flat there. Densities of large parameters are such terms times a large number, with y
 * the ratio of a value to the most likely one: float32 keeps their digits, where powers and gamma functions would cancel.
 */
export function logExcess(builder: ProgramBuilder, y: ValueId): ValueId {
  return builder.subtract(builder.emit('log', [y], {}), builder.subtract(y, builder.constant(1)));
}

/** ½ log 2π */
export const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
