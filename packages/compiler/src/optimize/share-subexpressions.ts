import type { Draft, Emitter, OpKind, ValueId } from '@sbn/program';
import type { Rule } from './rewrite.js';

/** Operations whose operands may change places. */
const COMMUTATIVE: ReadonlySet<OpKind> = new Set<OpKind>(['add', 'multiply', 'maximum', 'minimum', 'equal']);

/** Numbers of values that a key has room for. */
const MOST_VALUES = 2 ** 22;

/** Computes every value once: the same operation on the same operands with the same attributes. */
export function shareSubexpressions(): Rule {
  const plain = new Map<number, ValueId>();
  const others = new Map<string, ValueId>();
  const numberOf = createNumbering();
  return (next, instruction) => {
    const { kind, attributes } = instruction;
    const args = inOrder(instruction);
    // Most have two operands at most and no attributes, and programs are long: for those a number will do.
    if (args.length > 2 || hasAttributes(attributes) || next.size >= MOST_VALUES) {
      return share(others, `${kind} ${args.join(' ')} ${describe(attributes)}`, next, instruction);
    }
    const [first = 0, second = 0] = args;
    return share(plain, (numberOf(kind) * MOST_VALUES + first) * MOST_VALUES + second, next, instruction);
  };
}

function share<K>(known: Map<K, ValueId>, key: K, next: Emitter, instruction: Draft): ValueId {
  const found = known.get(key);
  if (found !== undefined) return found;
  const value = next.put(instruction);
  known.set(key, value);
  return value;
}

function inOrder({ kind, args }: Draft): readonly ValueId[] {
  return COMMUTATIVE.has(kind) && (args[0] ?? 0) > (args[1] ?? 0) ? args.toReversed() : args;
}

function createNumbering(): (kind: OpKind) => number {
  const numbers = new Map<OpKind, number>();
  return (kind) => {
    const number = numbers.get(kind) ?? numbers.size;
    numbers.set(kind, number);
    return number;
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
