import type { ProgramBuilder, ValueId } from '@sbn/program';

/** Coefficients for w < 5 and for w ≥ 5, highest power first (M. Giles, "Approximating the erfinv function", 2010, single precision). */
const CENTRAL = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 2.1858087e-4, -1.25372503e-3, -4.17768164e-3,
  0.246640727, 1.50140941,
] as const;
const TAIL = [
  -2.00214257e-4, 1.00950558e-4, 1.34934322e-3, -3.67342844e-3, 5.73950773e-3, -7.6224613e-3, 9.43887047e-3, 1.00167406,
  2.83297682,
] as const;

/**
 * The standard normal's quantile of `uniform` ∈ (0, 1), element by element, to about 1e-6:
 * √2 · erfinv(2u − 1), with w = −log(4u(1 − u)).
 */
export function normalQuantile(builder: ProgramBuilder, uniform: ValueId): ValueId {
  const one = builder.constant(1);
  const x = builder.subtract(builder.multiply(builder.constant(2), uniform), one);
  const product = builder.multiply(builder.multiply(builder.constant(4), uniform), builder.subtract(one, uniform));
  const w = builder.negate(builder.emit('log', [product], {}));
  const central = horner(builder, CENTRAL, builder.subtract(w, builder.constant(2.5)));
  const tail = horner(builder, TAIL, builder.subtract(builder.emit('sqrt', [w], {}), builder.constant(3)));
  const factor = builder.emit('select', [builder.emit('less', [w, builder.constant(5)], {}), central, tail], {});
  return builder.multiply(builder.constant(Math.SQRT2), builder.multiply(factor, x));
}

function horner(builder: ProgramBuilder, coefficients: readonly number[], at: ValueId): ValueId {
  return (
    coefficients.reduce<ValueId | undefined>((sum, coefficient) => {
      const constant = builder.constant(coefficient);
      return sum === undefined ? constant : builder.add(builder.multiply(sum, at), constant);
    }, undefined) ?? builder.constant(0)
  );
}
