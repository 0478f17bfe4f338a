import {
  argAt,
  broadcastShapes,
  isBinary,
  sameShape,
  type Draft,
  type Emitter,
  type Instruction,
  type InstructionOf,
  type Shape,
  type ValueId,
} from '@sbn/program';
import { withArgs } from '../emit-with-args.js';
import { fillOf } from './fold-constants.js';

/** Leaves out operations that change nothing, and lets element-wise operations do their own broadcasting. */
export function simplify(next: Emitter, instruction: Draft): ValueId {
  const simpler = isBinary(instruction.kind) ? withoutBroadcasts(next, instruction) : instruction;
  return simplifyOne(next, simpler) ?? next.put(simpler);
}

/** On operands as they were before they were broadcast, as long as the result keeps its shape. */
function withoutBroadcasts(next: Emitter, instruction: Draft): Draft {
  const [a, b] = [argAt(instruction, 0), argAt(instruction, 1)];
  const left = narrowed(next, a, b, instruction.shape);
  const right = narrowed(next, b, left, instruction.shape);
  return left === a && right === b ? instruction : withArgs(instruction, [left, right]);
}

/** `value`, or what it repeats where that comes to `wide` with the other operand too. */
function narrowed(next: Emitter, value: ValueId, other: ValueId, wide: Shape): ValueId {
  const narrow = operandOf(next, value, 'broadcast');
  if (narrow === undefined) return value;
  const shape = broadcastShapes(next.shapeOf(narrow), next.shapeOf(other));
  return shape !== undefined && sameShape(shape, wide) ? narrow : value;
}

/** The value that an operation can be replaced by, if there is a simpler one. */
function simplifyOne(next: Emitter, instruction: Draft): ValueId | undefined {
  const args: readonly ValueId[] = instruction.args;
  const a = args[0];
  const b = args[1];
  if (a === undefined) return undefined;
  switch (instruction.kind) {
    // Both have done their work by now: they mattered to differentiation alone.
    case 'identity':
    case 'stop_gradient':
      return a;
    case 'add':
      return besides(next, instruction, 0) ?? addNegative(next, a, b);
    case 'subtract':
      return keep(next, instruction, isFilled(next, b, 0) ? a : undefined) ?? subtractNegative(next, a, b);
    case 'divide':
      return keep(next, instruction, isFilled(next, b, 1) ? a : undefined);
    case 'multiply':
      return besides(next, instruction, 1) ?? negateProduct(next, instruction);
    case 'negate':
      return operandOf(next, a, 'negate') ?? negateBeforeBroadcast(next, instruction, a);
    case 'sum':
      return sumOfNegative(next, instruction, a);
    case 'transpose':
    case 'reshape':
      return undoLayout(next, instruction, a);
    default:
      return undefined;
  }
}

/** A value can stand for the instruction only where it has its shape. */
function keep(next: Emitter, instruction: Draft, value: ValueId | undefined): ValueId | undefined {
  return value !== undefined && sameShape(next.shapeOf(value), instruction.shape) ? value : undefined;
}

/** The operand beside one that is filled with `filling`. */
function besides(next: Emitter, instruction: Draft, filling: number): ValueId | undefined {
  const { args }: { readonly args: readonly ValueId[] } = instruction;
  if (isFilled(next, args[1], filling)) return keep(next, instruction, args[0]);
  return isFilled(next, args[0], filling) ? keep(next, instruction, args[1]) : undefined;
}

/** −1 · x is −x. */
function negateProduct(next: Emitter, instruction: Draft): ValueId | undefined {
  const other = besides(next, instruction, -1);
  return other === undefined ? undefined : (operandOf(next, other, 'negate') ?? next.negate(other));
}

/** x + (−y) is x − y. */
function addNegative(next: Emitter, a: ValueId, b: ValueId | undefined): ValueId | undefined {
  if (b === undefined) return undefined;
  const right = operandOf(next, b, 'negate');
  if (right !== undefined) return next.subtract(a, right);
  const left = operandOf(next, a, 'negate');
  return left === undefined ? undefined : next.subtract(b, left);
}

/** x − (−y) is x + y. */
function subtractNegative(next: Emitter, a: ValueId, b: ValueId | undefined): ValueId | undefined {
  const right = b === undefined ? undefined : operandOf(next, b, 'negate');
  return right === undefined ? undefined : next.add(a, right);
}

/** Σ (−x) is −Σ x: fewer elements are negated. */
function sumOfNegative(
  next: Emitter,
  { attributes: { axes, keep } }: Pick<InstructionOf<'sum'>, 'attributes'>,
  a: ValueId,
): ValueId | undefined {
  const positive = operandOf(next, a, 'negate');
  return positive === undefined ? undefined : next.negate(next.sum(positive, axes, keep));
}

/** The narrow value is negated, and the broadcast is left to whoever uses it. */
function negateBeforeBroadcast(next: Emitter, instruction: Draft, a: ValueId): ValueId | undefined {
  const narrow = operandOf(next, a, 'broadcast');
  return narrow === undefined ? undefined : next.broadcast(next.negate(narrow), instruction.shape);
}

function isFilled(next: Emitter, value: ValueId | undefined, filling: number): boolean {
  return value !== undefined && Object.is(fillOf(next, value), filling);
}

function operandOf(next: Emitter, value: ValueId, kind: Instruction['kind']): ValueId | undefined {
  const definition = next.definition(value);
  return 'role' in definition || definition.kind !== kind ? undefined : definition.args[0];
}

/** A reshape of a reshape is one reshape; a transposition of its inverse is nothing. */
function undoLayout(next: Emitter, instruction: Draft, value: ValueId): ValueId | undefined {
  const inner = next.definition(value);
  if ('role' in inner) return undefined;
  if (instruction.kind === 'reshape' && inner.kind === 'reshape') return next.reshape(inner.args[0], instruction.shape);
  if (instruction.kind === 'transpose' && inner.kind === 'transpose') {
    const { permutation } = inner.attributes;
    const undone = instruction.attributes.permutation.every((axis, position) => permutation[axis] === position);
    return undone ? inner.args[0] : undefined;
  }
  return undefined;
}
