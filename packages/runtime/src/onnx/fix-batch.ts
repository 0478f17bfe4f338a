/** A program for one batch size. */
import { resolveShape, type Instruction, type Program, type Shape } from '@sbn/program';

/** The same program with B a number: fixed shapes let an engine lay out its memory once. */
export function fixBatch(program: Program, batch: number): Program {
  const fix = <T extends { readonly shape: Shape }>(value: T): T => ({
    ...value,
    shape: resolveShape(value.shape, batch),
  });
  return {
    ...program,
    inputs: program.inputs.map(fix),
    instructions: program.instructions.map((instruction) => fixInstruction(fix(instruction), batch)),
  };
}

function fixInstruction(instruction: Instruction, batch: number): Instruction {
  const resolve = (shape: Shape): readonly number[] => resolveShape(shape, batch);
  switch (instruction.kind) {
    case 'batch_size':
      return { ...instruction, kind: 'constant', attributes: { shape: [], values: [batch] } };
    case 'constant':
    case 'reshape':
    case 'broadcast':
      return {
        ...instruction,
        attributes: { ...instruction.attributes, shape: resolve(instruction.attributes.shape) },
      } as Instruction;
    case 'slice': {
      const { begin, size } = instruction.attributes;
      return { ...instruction, attributes: { begin: resolve(begin), size: resolve(size) } };
    }
    case 'pad': {
      const { before, after } = instruction.attributes;
      return { ...instruction, attributes: { before: resolve(before), after: resolve(after) } };
    }
    default:
      return instruction;
  }
}
