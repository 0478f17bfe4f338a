import type { Instruction, ValueId } from './program.js';

/** The same instruction with other numbers: its own, and those of its operands. */
export function renumberInstruction(
  { kind, args, attributes, shape, origin }: Instruction,
  id: ValueId,
  numberOf: (value: ValueId) => ValueId,
): Instruction {
  // Same kind, same number of operands: only the numbers change. Written out, as programs are long and copied often.
  return { id, kind, args: args.map(numberOf), attributes, shape, origin } as unknown as Instruction;
}
