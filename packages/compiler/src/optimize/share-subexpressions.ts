import type { Draft, OpKind, ValueId } from '@sbn/program';
import { createInstructionTable } from './instruction-table.js';
import type { Rule } from './rewrite.js';

/** Operations whose operands may change places. */
const COMMUTATIVE: ReadonlySet<OpKind> = new Set<OpKind>(['add', 'multiply', 'maximum', 'minimum', 'equal']);

/** Computes every value once: the same operation on the same operands with the same attributes. */
export function shareSubexpressions(): Rule {
  const plain = createInstructionTable();
  const others = new Map<string, ValueId>();
  const numberOf = createNumbering();
  return (next, instruction) => {
    const { kind, attributes } = instruction;
    const args = inOrder(instruction);
    // Most have two operands at most and no attributes, and programs are long: for those three numbers will do.
    if (args.length <= 2 && !hasAttributes(attributes)) {
      const [first = NONE, second = NONE] = args;
      const number = numberOf(kind);
      const found = plain.find(number, first, second);
      if (found >= 0) return found;
      const value = next.put(instruction);
      plain.add(number, first, second, value);
      return value;
    }
    const key = `${kind} ${args.join(' ')} ${describe(attributes)}`;
    const found = others.get(key);
    if (found !== undefined) return found;
    const value = next.put(instruction);
    others.set(key, value);
    return value;
  };
}

/** No operand. */
const NONE = -1;

function inOrder({ kind, args }: Draft): readonly ValueId[] {
  return COMMUTATIVE.has(kind) && (args[0] ?? 0) > (args[1] ?? 0) ? args.toReversed() : args;
}

function createNumbering(): (kind: OpKind) => number {
  const numbers = new Map<OpKind, number>();
  return (kind) => {
    const known = numbers.get(kind);
    if (known !== undefined) return known;
    numbers.set(kind, numbers.size);
    return numbers.size - 1;
  };
}

function hasAttributes(attributes: Draft['attributes']): boolean {
  for (const _ in attributes) return true;
  return false;
}

/** As text that tells all numbers apart: JSON has no −0, infinities or NaN, and constants do. */
function describe(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return `[${value.map(describe).join()}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([key, part]) => `${key}:${describe(part)}`)
    .join()}}`;
}
