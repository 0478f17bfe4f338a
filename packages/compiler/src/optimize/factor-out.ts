import { at, sameShape, type Draft, type Emitter, type ValueId } from '@sbn/program';
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

interface Product {
  readonly factor: ValueId;
  readonly rest: ValueId;
}

function factorSum(next: Emitter, { kind, args, shape }: Draft): ValueId | undefined {
  const fits = ({ factor, rest }: Product): boolean =>
    isFewer(next.shapeOf(factor), shape) && sameShape(next.shapeOf(rest), shape);
  const productsOf = (value: ValueId): readonly Product[] => bothWays(next, value).filter(fits);
  const operands: readonly ValueId[] = args;
  const others = productsOf(at(operands, 1));
  for (const left of productsOf(at(operands, 0)))
    for (const right of others) {
      if (left.factor === right.factor) {
        const rest = kind === 'add' ? next.add(left.rest, right.rest) : next.subtract(left.rest, right.rest);
        return next.multiply(left.factor, rest);
      }
      if (kind !== 'add') continue;
      if (isNegative(next, left.factor, right.factor))
        return next.multiply(right.factor, next.subtract(right.rest, left.rest));
      if (isNegative(next, right.factor, left.factor))
        return next.multiply(left.factor, next.subtract(left.rest, right.rest));
    }
  return undefined;
}

function bothWays(next: Emitter, value: ValueId): readonly Product[] {
  const definition = next.definition(value);
  if ('role' in definition || definition.kind !== 'multiply') return [];
  const [a, b] = definition.args;
  return [
    { factor: a, rest: b },
    { factor: b, rest: a },
  ];
}

/** Whether `value` is −`of`. */
function isNegative(next: Emitter, value: ValueId, of: ValueId): boolean {
  const definition = next.definition(value);
  return !('role' in definition) && definition.kind === 'negate' && definition.args[0] === of;
}
