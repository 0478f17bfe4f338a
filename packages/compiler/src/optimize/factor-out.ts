import { argAt, sameShape, type Draft, type Emitter, type ValueId } from '@sbn/program';
import { isFewer } from './is-fewer.js';

/**
 * c · x + c · y is c · (x + y), and c · y + (−c) · x is c · (y − x), where `c` is stretched to the others: a number, or one for each
 * row. What derivatives of a log-probability are made of: one pass over all elements less, and often the difference is there already.
 * And x − x is nothing.
 */
export function factorOut(next: Emitter, instruction: Draft): ValueId {
  if (instruction.kind !== 'add' && instruction.kind !== 'subtract') return next.put(instruction);
  return nothingLeft(next, instruction) ?? factorSum(next, instruction) ?? next.put(instruction);
}

/** x − x is 0 where x cannot be infinite. */
function nothingLeft(next: Emitter, { kind, args, shape }: Draft): ValueId | undefined {
  if (kind !== 'subtract' || args[0] !== args[1]) return undefined;
  const definition = next.definition(args[0]);
  if ('role' in definition || (definition.kind !== 'sigmoid' && definition.kind !== 'tanh')) return undefined;
  return next.fill(0, shape);
}

function factorSum(next: Emitter, instruction: Draft): ValueId | undefined {
  const left = factorsOf(next, argAt(instruction, 0));
  const right = left === undefined ? undefined : factorsOf(next, argAt(instruction, 1));
  if (left === undefined || right === undefined) return undefined;
  const { kind, shape } = instruction;
  const fits = (factor: ValueId, rest: ValueId): boolean =>
    isFewer(next.shapeOf(factor), shape) && sameShape(next.shapeOf(rest), shape);
  for (const [c, x] of [left, swap(left)]) {
    if (!fits(c, x)) continue;
    for (const [d, y] of [right, swap(right)]) {
      if (!fits(d, y)) continue;
      if (c === d) return next.multiply(c, kind === 'add' ? next.add(x, y) : next.subtract(x, y));
      if (kind !== 'add') continue;
      if (isNegative(next, c, d)) return next.multiply(d, next.subtract(y, x));
      if (isNegative(next, d, c)) return next.multiply(c, next.subtract(x, y));
    }
  }
  return undefined;
}

type Factors = readonly [ValueId, ValueId];

function factorsOf(next: Emitter, value: ValueId): Factors | undefined {
  const definition = next.definition(value);
  return 'role' in definition || definition.kind !== 'multiply' ? undefined : definition.args;
}

function swap([a, b]: Factors): Factors {
  return [b, a];
}

/** Whether `value` is −`of`. */
function isNegative(next: Emitter, value: ValueId, of: ValueId): boolean {
  const definition = next.definition(value);
  return !('role' in definition) && definition.kind === 'negate' && definition.args[0] === of;
}
