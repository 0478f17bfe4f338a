import { InternalError, type Instruction, type ProgramBuilder, type ValueId } from '@sbn/program';

/** The same operation on other operands. */
export function emitWithArgs(builder: ProgramBuilder, instruction: Instruction, args: readonly ValueId[]): ValueId {
  if (args.length !== instruction.args.length)
    throw new InternalError(`${instruction.kind} of ${String(args.length)} operands`);
  return builder.emit(instruction.kind, args, instruction.attributes);
}
