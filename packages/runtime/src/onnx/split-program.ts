/** Cuts a program where it draws what ONNX cannot draw. */
import { at, ProgramBuilder, type Instruction, type Program, type ValueId } from '@sbn/program';
import { isInOnnx } from './rules/index.js';

/** A stretch of a program that ONNX can express, and the draws after it. */
export interface Stage {
  /**
   * Its inputs are those of the whole program that it needs, and `latent:%n` for value n, which was computed or drawn before it;
   * its outputs are those of the whole program that it computes, and `sample:%n` for a value that is needed after it.
   */
  readonly program: Program;
  /** Instructions of the whole program, to be computed elsewhere, in this order. */
  readonly draws: readonly Instruction[];
}

/** The name under which value n of the whole program goes from stage to stage. */
export function carriedName(value: ValueId): string {
  return `%${String(value)}`;
}

/** One stage where nothing is to be drawn elsewhere. Each instruction is in the first stage that knows its operands. */
export function splitProgram(program: Program): readonly Stage[] {
  const stageOf = findStages(program);
  const last = Math.max(0, ...stageOf);
  if (last === 0) return [{ program, draws: [] }];
  return Array.from({ length: last + 1 }, (_, stage) => writeStage(program, stageOf, stage));
}

/** By value: the stage that computes it, or at whose beginning it is known. */
function findStages({ inputs, instructions }: Program): Int32Array {
  const stageOf = new Int32Array(inputs.length + instructions.length);
  for (const { id, kind, args } of instructions) {
    const known = Math.max(0, ...args.map((arg) => at(stageOf, arg)));
    stageOf[id] = isInOnnx(kind) ? known : known + 1;
  }
  return stageOf;
}

function writeStage(program: Program, stageOf: Int32Array, stage: number): Stage {
  const { inputs, instructions } = program;
  const isOf = ({ id, kind }: Instruction): boolean => at(stageOf, id) === stage && isInOnnx(kind);
  const builder = new ProgramBuilder(program.name);
  const numbers = new Map<ValueId, ValueId>();
  const take = (id: ValueId): ValueId => {
    const found = numbers.get(id);
    if (found !== undefined) return found;
    const input = inputs[id];
    const made =
      input === undefined
        ? builder.input('latent', carriedName(id), at(instructions, id - inputs.length).shape)
        : builder.input(input.role, input.name, input.shape);
    numbers.set(id, made);
    return made;
  };
  const own = instructions.filter(isOf);
  const computed = new Set(own.map(({ id }) => id));
  for (const instruction of own) numbers.set(instruction.id, copyInstruction(builder, instruction, take));
  const needed = new Set(
    instructions
      .filter(({ id }) => at(stageOf, id) > stage)
      .flatMap(({ args }): readonly ValueId[] => args)
      .filter((arg) => computed.has(arg)),
  );
  for (const id of needed) builder.output('sample', carriedName(id), take(id));
  for (const { role, name, value } of program.outputs)
    if (at(stageOf, value) === stage) builder.output(role, name, take(value));
  const draws = instructions.filter(({ id, kind }) => at(stageOf, id) === stage + 1 && !isInOnnx(kind));
  return { program: builder.finish(), draws };
}

function copyInstruction(
  builder: ProgramBuilder,
  { kind, args, attributes, origin }: Instruction,
  take: (id: ValueId) => ValueId,
): ValueId {
  // The same operation over the same operands under other numbers, which the types cannot say of all kinds at once.
  const emit = (): ValueId => builder.emit(kind, args.map(take), attributes);
  return origin === undefined ? emit() : builder.within(origin, emit);
}
