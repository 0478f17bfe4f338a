/** Rebuilds a program instruction by instruction: what every optimisation pass has in common. */
import { InternalError, ProgramBuilder, type Instruction, type Program, type ValueId } from '@sbn/program';

/** Emits what stands for `instruction`, whose operands are now `args`; most often the same again. */
export type Rewrite = (builder: ProgramBuilder, instruction: Instruction, args: readonly ValueId[]) => ValueId;

export function rewriteProgram(program: Program, rewrite: Rewrite): Program {
  const builder = new ProgramBuilder(program.name);
  const values = new Int32Array(program.inputs.length + program.instructions.length).fill(-1);
  const valueOf = (id: ValueId): ValueId => {
    const found = values[id] ?? -1;
    if (found < 0) throw new InternalError(`value %${String(id)} is missing`);
    return found;
  };
  for (const input of program.inputs) values[input.id] = builder.input(input.role, input.name, input.shape);
  for (const instruction of program.instructions) {
    const args = instruction.args.map(valueOf);
    const emit = (): ValueId => rewrite(builder, instruction, args);
    values[instruction.id] = instruction.origin === undefined ? emit() : builder.within(instruction.origin, emit);
  }
  for (const output of program.outputs) builder.output(output.role, output.name, valueOf(output.value));
  return builder.finish();
}
