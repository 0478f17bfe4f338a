import {
  at,
  broadcastShapes,
  isBinary,
  sameShape,
  type Instruction,
  type Program,
  type ProgramBuilder,
  type ValueId,
} from '@sbn/program';
import { emitWithArgs } from '../emit-with-args.js';
import { fillOf } from './fold-constants.js';
import { rewriteProgram } from './rewrite.js';

/** Leaves out operations that change nothing, and lets element-wise operations do their own broadcasting. */
export function simplify(program: Program): Program {
  return rewriteProgram(program, (builder, instruction, args) => {
    const operands = isBinary(instruction.kind) ? withoutBroadcasts(builder, instruction, args) : args;
    return simplifyOne(builder, instruction, operands) ?? emitWithArgs(builder, instruction, operands);
  });
}

/** Operands as they were before they were broadcast, as long as the result keeps its shape. */
function withoutBroadcasts(
  builder: ProgramBuilder,
  instruction: Instruction,
  args: readonly ValueId[],
): readonly ValueId[] {
  let [left, right] = [at(args, 0), at(args, 1)];
  for (const side of [0, 1]) {
    const narrow = operandOf(builder, side === 0 ? left : right, 'broadcast');
    if (narrow === undefined) continue;
    const shape = broadcastShapes(builder.shapeOf(narrow), builder.shapeOf(side === 0 ? right : left));
    if (shape === undefined || !sameShape(shape, instruction.shape)) continue;
    if (side === 0) left = narrow;
    else right = narrow;
  }
  return [left, right];
}

/** The value that an operation can be replaced by, if there is a simpler one. */
function simplifyOne(builder: ProgramBuilder, instruction: Instruction, args: readonly ValueId[]): ValueId | undefined {
  const [a, b] = args;
  if (a === undefined) return undefined;
  const keep = (value: ValueId | undefined): ValueId | undefined =>
    value !== undefined && sameShape(builder.shapeOf(value), instruction.shape) ? value : undefined;
  switch (instruction.kind) {
    // Both have done their work by now: they mattered to differentiation alone.
    case 'identity':
    case 'stop_gradient':
      return a;
    case 'add':
      return keep(isFilled(builder, b, 0) ? a : isFilled(builder, a, 0) ? b : undefined) ?? addNegative(builder, a, b);
    case 'subtract':
      return keep(isFilled(builder, b, 0) ? a : undefined) ?? subtractNegative(builder, a, b);
    case 'divide':
      return keep(isFilled(builder, b, 1) ? a : undefined);
    case 'multiply':
      return (
        keep(isFilled(builder, b, 1) ? a : isFilled(builder, a, 1) ? b : undefined) ??
        negateProduct(builder, a, b, keep)
      );
    case 'negate':
      return operandOf(builder, a, 'negate') ?? negateBeforeBroadcast(builder, instruction, a);
    case 'transpose':
    case 'reshape':
      return undoLayout(builder, instruction, a);
    default:
      return undefined;
  }
}

/** −1 · x is −x. */
function negateProduct(
  builder: ProgramBuilder,
  a: ValueId,
  b: ValueId | undefined,
  keep: (value: ValueId | undefined) => ValueId | undefined,
): ValueId | undefined {
  const other = keep(isFilled(builder, b, -1) ? a : isFilled(builder, a, -1) ? b : undefined);
  return other === undefined ? undefined : (operandOf(builder, other, 'negate') ?? builder.negate(other));
}

/** x + (−y) is x − y. */
function addNegative(builder: ProgramBuilder, a: ValueId, b: ValueId | undefined): ValueId | undefined {
  if (b === undefined) return undefined;
  const right = operandOf(builder, b, 'negate');
  if (right !== undefined) return builder.subtract(a, right);
  const left = operandOf(builder, a, 'negate');
  return left === undefined ? undefined : builder.subtract(b, left);
}

/** x − (−y) is x + y. */
function subtractNegative(builder: ProgramBuilder, a: ValueId, b: ValueId | undefined): ValueId | undefined {
  const right = b === undefined ? undefined : operandOf(builder, b, 'negate');
  return right === undefined ? undefined : builder.add(a, right);
}

/** The narrow value is negated, and the broadcast is left to whoever uses it. */
function negateBeforeBroadcast(builder: ProgramBuilder, instruction: Instruction, a: ValueId): ValueId | undefined {
  const narrow = operandOf(builder, a, 'broadcast');
  return narrow === undefined ? undefined : builder.broadcast(builder.negate(narrow), instruction.shape);
}

function isFilled(builder: ProgramBuilder, value: ValueId | undefined, filling: number): boolean {
  return value !== undefined && Object.is(fillOf(builder, value), filling);
}

function operandOf(builder: ProgramBuilder, value: ValueId, kind: Instruction['kind']): ValueId | undefined {
  const definition = builder.definition(value);
  return 'role' in definition || definition.kind !== kind ? undefined : definition.args[0];
}

/** A reshape of a reshape is one reshape; a transposition of its inverse is nothing. */
function undoLayout(builder: ProgramBuilder, instruction: Instruction, value: ValueId): ValueId | undefined {
  const inner = builder.definition(value);
  if ('role' in inner) return undefined;
  if (instruction.kind === 'reshape' && inner.kind === 'reshape')
    return builder.reshape(at(inner.args, 0), instruction.shape);
  if (instruction.kind === 'transpose' && inner.kind === 'transpose') {
    const { permutation } = inner.attributes;
    const undone = instruction.attributes.permutation.every((axis, position) => permutation[axis] === position);
    return undone ? at(inner.args, 0) : undefined;
  }
  return undefined;
}
