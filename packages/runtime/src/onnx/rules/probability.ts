/** What a softplus computes on the way, recognised: it is known to be at least ½ there. */
import type { Instruction } from '@sbn/program';

/** A value, and what computes it; undefined for an input. */
export interface Defined {
  readonly instruction: Instruction | undefined;
}

type OperandsOf<T extends Defined> = (instruction: Instruction) => readonly T[];

/** Whether a value is ½ + |s − ½| with s = σ(x), the larger of s and 1 − s, which lies in [½, 1]. */
export function isLargerProbability<T extends Defined>({ instruction }: Defined, operandsOf: OperandsOf<T>): boolean {
  return instruction?.kind === 'add' && findProbability(operandsOf(instruction), operandsOf) !== undefined;
}

/** The s of a sum ½ + |s − ½| with s = σ(x), of which these are the operands. */
export function findProbability<T extends Defined>(summands: readonly T[], operandsOf: OperandsOf<T>): T | undefined {
  const [half, distance] = summands;
  if (distance === undefined || !isNumber(half, 0.5)) return undefined;
  const [difference] = operandsIn(distance, 'abs', operandsOf);
  if (difference === undefined) return undefined;
  const [probability, middle] = operandsIn(difference, 'subtract', operandsOf);
  return probability?.instruction?.kind === 'sigmoid' && isNumber(middle, 0.5) ? probability : undefined;
}

function operandsIn<T extends Defined>(
  { instruction }: T,
  kind: Instruction['kind'],
  operandsOf: OperandsOf<T>,
): readonly T[] {
  return instruction?.kind === kind ? operandsOf(instruction) : [];
}

/** Whether a value is a constant of no axes. */
export function isNumber(value: Defined | undefined, number: number): boolean {
  const instruction = value?.instruction;
  return (
    instruction?.kind === 'constant' && instruction.shape.length === 0 && instruction.attributes.values[0] === number
  );
}
