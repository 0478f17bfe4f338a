import type { ProgramBuilder, ValueId } from '@sbn/program';

/** Smallest probability or rate that is told from 0, so that one of exactly 0 stays finite in float32. */
const TINY = 1e-30;

/** The larger of `value` and 1e-30. */
export function floored(builder: ProgramBuilder, value: ValueId): ValueId {
  return builder.emit('maximum', [value, builder.constant(TINY)], {});
}

export function flooredLog(builder: ProgramBuilder, value: ValueId): ValueId {
  return builder.emit('log', [floored(builder, value)], {});
}

/** log(1 − p), likewise. */
export function flooredLogComplement(builder: ProgramBuilder, p: ValueId): ValueId {
  return flooredLog(builder, builder.subtract(builder.constant(1), p));
}
