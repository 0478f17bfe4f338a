/** An operation on a batch of one row, and how its result stands for all rows. */
import {
  BATCH,
  broadcastShapes,
  InternalError,
  isBatchDim,
  isElementwise,
  sameShape,
  type Dim,
  type Instruction,
  type ProgramBuilder,
  type Shape,
  type ValueId,
} from '@sbn/program';

/** The shape at B = 1. */
export function shapeAtOneRow(shape: Shape): readonly number[] {
  return shape.map((dim) => (isBatchDim(dim) ? dim.batch : dim));
}

/** The same operation at B = 1; its operands are at one row too, or have no batch axis. */
export function atOneRow(instruction: Instruction): Instruction {
  const shape = shapeAtOneRow(instruction.shape);
  const fix = (dims: readonly Dim[]): readonly number[] => shapeAtOneRow(dims);
  switch (instruction.kind) {
    case 'constant':
      return {
        ...instruction,
        shape,
        attributes: { ...instruction.attributes, shape: fix(instruction.attributes.shape) },
      };
    case 'reshape':
      return { ...instruction, shape, attributes: { shape: fix(instruction.attributes.shape) } };
    case 'broadcast':
      return { ...instruction, shape, attributes: { shape: fix(instruction.attributes.shape) } };
    case 'slice': {
      const { begin, size } = instruction.attributes;
      return { ...instruction, shape, attributes: { begin: fix(begin), size: fix(size) } };
    }
    case 'pad': {
      const { before, after } = instruction.attributes;
      return { ...instruction, shape, attributes: { before: fix(before), after: fix(after) } };
    }
    default:
      return { ...instruction, shape };
  }
}

/** `[1, …]` → `[B, …]`: the one row of `value` for each row; `shape` is the result's. A value with all rows stays as it is. */
export function stretchRows(builder: ProgramBuilder, value: ValueId, shape: Shape): ValueId {
  if (sameShape(builder.shapeOf(value), shape)) return value;
  const axis = shape.findIndex(isBatchDim);
  const rows = shape[axis];
  if (rows === undefined || !isBatchDim(rows)) throw new InternalError('a value without rows cannot be stretched');
  if (rows.batch === 1) return builder.broadcast(value, shape);
  // An axis of m·B: the block of m is repeated B times.
  const inner = shapeAtOneRow(shape);
  const [before, after] = [inner.slice(0, axis), inner.slice(axis)];
  const wide = builder.broadcast(builder.reshape(value, [...before, 1, ...after]), [...before, BATCH, ...after]);
  return builder.reshape(wide, shape);
}

/** Whether an operation broadcasts operands at one row by itself, to the shape that it has with all rows. */
export function fitsUnstretched(builder: ProgramBuilder, instruction: Instruction, args: readonly ValueId[]): boolean {
  const shapes = args.map((arg) => builder.shapeOf(arg));
  if (!isElementwise(instruction.kind)) return false;
  const result = shapes.reduce<Shape | undefined>((sum, shape) => sum && broadcastShapes(sum, shape), []);
  return result !== undefined && sameShape(result, instruction.shape);
}
