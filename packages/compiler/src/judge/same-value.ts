import type { ProgramBuilder, ValueId } from '@sbn/program';

/** Whether two values are the same expression of the same inputs, instruction by instruction. */
export function isSameValue(builder: ProgramBuilder, a: ValueId, b: ValueId, known = new Set<string>()): boolean {
  const pair = `${String(a)}=${String(b)}`;
  if (a === b || known.has(pair)) return true;
  const left = builder.definition(a);
  const right = builder.definition(b);
  if ('role' in left || 'role' in right || left.kind !== right.kind) return false;
  if (left.args.length !== right.args.length) return false;
  if (JSON.stringify(left.attributes) !== JSON.stringify(right.attributes)) return false;
  const others: readonly ValueId[] = right.args;
  if (!left.args.every((arg, index) => isSameValue(builder, arg, others[index] ?? -1, known))) return false;
  known.add(pair);
  return true;
}
