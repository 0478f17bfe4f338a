import type { Draft, OpKind, ValueId } from '@sbn/program';
import type { Rule } from './rewrite.js';

/** Operations whose operands may change places. */
const COMMUTATIVE: ReadonlySet<OpKind> = new Set<OpKind>(['add', 'multiply', 'maximum', 'minimum', 'equal']);

/** Computes every value once: the same operation on the same operands with the same attributes. */
export function shareSubexpressions(): Rule {
  const known = new Map<string, ValueId>();
  const describe = createDescriber();
  return (next, instruction) => {
    const args = inOrder(instruction);
    const key = `${instruction.kind} ${args.join(' ')} ${describe(instruction.attributes)}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const value = next.put(instruction);
    known.set(key, value);
    return value;
  };
}

function inOrder({ kind, args }: Draft): readonly ValueId[] {
  return COMMUTATIVE.has(kind) && (args[0] ?? 0) > (args[1] ?? 0) ? args.toReversed() : args;
}

/** Attributes as text. A program has the same ones in many places. */
function createDescriber(): (attributes: Draft['attributes']) => string {
  const known = new WeakMap<object, string>();
  return (attributes) => {
    const found = known.get(attributes);
    if (found !== undefined) return found;
    const text = JSON.stringify(attributes, exactNumbers);
    known.set(attributes, text);
    return text;
  };
}

/** JSON has no −0, infinities or NaN; constants do. */
function exactNumbers(_key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value);
}
