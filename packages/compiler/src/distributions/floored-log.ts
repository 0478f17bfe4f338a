import type { ProgramBuilder, ValueId } from '@sbn/program';

/** Smallest probability or rate that is told from 0, so that one of exactly 0 stays finite in float32. */
const TINY = 1e-30;

/** How far below 0 rounding may take what should be a probability or a rate. */
const ROUNDING = 1e-6;

/**
 * The larger of `value` and 1e-30, as it is for a value from 0 on, and its slope: 0 where it is 0. A value below 0 is no
 * probability and no rate, and must not pass for one: it gives a number below 0, of which there is no logarithm.
 */
export function floored(builder: ProgramBuilder, value: ValueId): ValueId {
  const above = builder.emit('maximum', [value, builder.constant(TINY)], {});
  const excess = builder.add(value, builder.constant(ROUNDING));
  const below = builder.emit('minimum', [excess, builder.constant(0)], {});
  return builder.add(above, below);
}

export function flooredLog(builder: ProgramBuilder, value: ValueId): ValueId {
  return builder.emit('log', [floored(builder, value)], {});
}

/** log(1 − p), likewise. */
export function flooredLogComplement(builder: ProgramBuilder, p: ValueId): ValueId {
  return flooredLog(builder, builder.subtract(builder.constant(1), p));
}
