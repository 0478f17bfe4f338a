import { sameShape, type Draft, type Emitter, type Shape, type ValueId } from '@sbn/program';
import { createInstructionTable } from './instruction-table.js';
import { isFewer } from './is-fewer.js';
import type { Rule } from './rewrite.js';

/**
 * (a − b) · w is a · w − b · w, and both products are there already where `a` is drawn and `b` is the mean that an expansion has in
 * its place: the second order asks for the product of their difference. A subtraction takes the place of a matrix product. Where the
 * same bias is added to both, it is the difference of the sums, so that an engine can make each sum as one operation.
 */
export function shareProducts(): Rule {
  /** By the operands of a product. */
  const known = createInstructionTable();
  /** By product: its sum with a bias. */
  const sums = new Map<ValueId, { readonly bias: ValueId; readonly value: ValueId }>();
  return (next, instruction) => {
    if (instruction.kind === 'add') {
      const value = next.put(instruction);
      const [product, bias] = productAndBias(next, instruction);
      if (product !== undefined && bias !== undefined && !sums.has(product)) sums.set(product, { bias, value });
      return value;
    }
    if (instruction.kind !== 'matmul') return next.put(instruction);
    const [left, right] = instruction.args;
    const parts = splitProduct(next, left, (part) => {
      const found = known.find(0, part, right);
      return found < 0 ? undefined : found;
    });
    const value = parts === undefined ? next.put(instruction) : next.subtract(...withBias(parts, sums));
    if (known.find(0, left, right) < 0) known.add(0, left, right, value);
    return value;
  };
}

type Pair = readonly [ValueId, ValueId];

function withBias([first, second]: Pair, sums: ReadonlyMap<ValueId, { bias: ValueId; value: ValueId }>): Pair {
  const [a, b] = [sums.get(first), sums.get(second)];
  return b !== undefined && a?.bias === b.bias ? [a.value, b.value] : [first, second];
}

function productAndBias(next: Emitter, { args, shape }: Draft): Pair | readonly [] {
  const [a, b]: readonly ValueId[] = args;
  if (a === undefined || b === undefined) return [];
  if (isBiased(next, a, b, shape)) return [a, b];
  return isBiased(next, b, a, shape) ? [b, a] : [];
}

function isBiased(next: Emitter, product: ValueId, bias: ValueId, shape: Shape): boolean {
  const definition = next.definition(product);
  if ('role' in definition || definition.kind !== 'matmul') return false;
  return sameShape(definition.shape, shape) && isFewer(next.shapeOf(bias), shape);
}

function splitProduct(
  next: Emitter,
  left: ValueId,
  productOf: (part: ValueId) => ValueId | undefined,
): Pair | undefined {
  const definition = next.definition(left);
  if ('role' in definition || definition.kind !== 'subtract') return undefined;
  const [a, b] = definition.args;
  // Where one is stretched, its product has another shape.
  if (!sameShape(next.shapeOf(a), next.shapeOf(b))) return undefined;
  const [first, second] = [productOf(a), productOf(b)];
  return first === undefined || second === undefined ? undefined : [first, second];
}
