import {
  argAt,
  at,
  isUnary,
  sameDim,
  type Draft,
  type Emitter,
  type InstructionOf,
  type Shape,
  type ValueId,
} from '@sbn/program';
import { withArgs } from '../emit-with-args.js';
import { fillOf } from './fold-constants.js';

/**
 * Computes what can be computed on fewer elements before they are repeated. Most of what then takes the repeated value does its own
 * broadcasting, and needs it no more.
 */
export function delayBroadcasts(next: Emitter, instruction: Draft): ValueId {
  return delay(next, instruction) ?? next.put(instruction);
}

function delay(next: Emitter, instruction: Draft): ValueId | undefined {
  const { kind, shape } = instruction;
  switch (kind) {
    case 'sum':
      return delaySum(next, instruction);
    case 'multiply':
      return multiplyByOne(next, instruction);
    case 'broadcast': {
      const narrow = narrowOf(next, instruction.args[0]);
      return narrow === undefined ? undefined : next.broadcast(narrow, shape);
    }
    case 'reshape': {
      const narrow = narrowOf(next, instruction.args[0]);
      const isNumber = narrow !== undefined && next.shapeOf(narrow).every((dim) => dim === 1);
      const ones = shape.map(() => 1);
      return isNumber ? next.broadcast(next.reshape(narrow, ones), shape) : undefined;
    }
    default: {
      if (!isUnary(kind)) return undefined;
      const narrow = narrowOf(next, argAt(instruction, 0));
      if (narrow === undefined) return undefined;
      const small = next.put({ ...withArgs(instruction, [narrow]), shape: next.shapeOf(narrow) });
      return next.broadcast(small, shape);
    }
  }
}

/** What a value repeats. */
function narrowOf(next: Emitter, value: ValueId): ValueId | undefined {
  const definition = next.definition(value);
  return 'role' in definition || definition.kind !== 'broadcast' ? undefined : definition.args[0];
}

/** ±1 · x, where the ones have more elements than `x` has. */
function multiplyByOne(
  next: Emitter,
  { args, shape }: Pick<InstructionOf<'multiply'>, 'args' | 'shape'>,
): ValueId | undefined {
  const [a, b] = args;
  return oneTimes(next, a, b, shape) ?? oneTimes(next, b, a, shape);
}

function oneTimes(next: Emitter, ones: ValueId, x: ValueId, shape: Shape): ValueId | undefined {
  const fill = fillOf(next, ones);
  if (fill !== 1 && fill !== -1) return undefined;
  return next.broadcast(fill === 1 ? x : next.negate(x), shape);
}

/** A sum over axes that are not repeated. */
function delaySum(
  next: Emitter,
  { args, attributes, shape }: Pick<InstructionOf<'sum'>, 'args' | 'attributes' | 'shape'>,
): ValueId | undefined {
  const [wide] = args;
  const narrow = narrowOf(next, wide);
  if (narrow === undefined) return undefined;
  const [from, to]: readonly [Shape, Shape] = [next.shapeOf(narrow), next.shapeOf(wide)];
  const isWhole = from.length === to.length && attributes.axes.every((axis) => sameDim(at(from, axis), at(to, axis)));
  return isWhole ? next.broadcast(next.emit('sum', [narrow], attributes), shape) : undefined;
}
