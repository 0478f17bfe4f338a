/** What a softplus computes on the way, recognised: it is known to be at least ½ there. */
import type { Instruction } from '@sbn/program';
import type { Operand } from './rule.js';

/** Whether a value is ½ + |s − ½| with s = σ(x), which lies in [½, 1]. */
export function isLargerProbability(
  operand: Operand,
  operandsOf: (instruction: Instruction) => readonly Operand[],
): boolean {
  const factorsOf = ({ instruction }: Operand, kind: Instruction['kind']): readonly Operand[] =>
    instruction?.kind === kind ? operandsOf(instruction) : [];
  const [half, distance] = factorsOf(operand, 'add');
  if (half === undefined || distance === undefined || !isHalf(half)) return false;
  const [difference] = factorsOf(distance, 'abs');
  if (difference === undefined) return false;
  const [probability, middle] = factorsOf(difference, 'subtract');
  return probability?.instruction?.kind === 'sigmoid' && middle !== undefined && isHalf(middle);
}

function isHalf({ instruction, shape }: Operand): boolean {
  return instruction?.kind === 'constant' && shape.length === 0 && instruction.attributes.values[0] === 0.5;
}
