import { sameShape, type Emitter, type ValueId } from '@sbn/program';
import type { Rule } from './rewrite.js';

/**
 * (a − b) · w is a · w − b · w, and both products are there already where `a` is drawn and `b` is the mean that an expansion has in
 * its place: the second order asks for the product of their difference. A subtraction takes the place of a matrix product.
 */
export function shareProducts(): Rule {
  const known = new Map<string, ValueId>();
  const keyOf = (left: ValueId, right: ValueId): string => `${String(left)} ${String(right)}`;
  return (next, instruction) => {
    if (instruction.kind !== 'matmul') return next.put(instruction);
    const [left, right] = instruction.args;
    const value = splitProduct(next, left, (part) => known.get(keyOf(part, right))) ?? next.put(instruction);
    known.set(keyOf(left, right), value);
    return value;
  };
}

function splitProduct(
  next: Emitter,
  left: ValueId,
  productOf: (part: ValueId) => ValueId | undefined,
): ValueId | undefined {
  const definition = next.definition(left);
  if ('role' in definition || definition.kind !== 'subtract') return undefined;
  const [a, b] = definition.args;
  // Where one is stretched, its product has another shape.
  if (!sameShape(next.shapeOf(a), next.shapeOf(b))) return undefined;
  const [first, second] = [productOf(a), productOf(b)];
  return first === undefined || second === undefined ? undefined : next.subtract(first, second);
}
