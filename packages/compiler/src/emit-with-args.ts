import { InternalError, type Draft, type Instruction, type ProgramBuilder, type ValueId } from '@sbn/program';

/** The same operation on other operands. */
export function emitWithArgs(builder: ProgramBuilder, instruction: Instruction, args: readonly ValueId[]): ValueId {
  if (args.length !== instruction.args.length)
    throw new InternalError(`${instruction.kind} of ${String(args.length)} operands`);
  return builder.emit(instruction.kind, args, instruction.attributes);
}

/** The same operation on other operands, of the same shapes. */
export function withArgs({ kind, attributes, shape }: Draft | Instruction, args: readonly ValueId[]): Draft {
  // What goes with a kind still does: TypeScript cannot see that of a union.
  return { kind, args, attributes, shape } as unknown as Draft;
}
