import type { OpKind, ValueId } from '@sbn/program';
import { createInstructionTable } from './instruction-table.js';
import type { ProgramFacts, Rule } from './rewrite.js';

/** Operations whose operands may change places. */
const COMMUTATIVE: ReadonlySet<OpKind> = new Set<OpKind>(['add', 'multiply', 'maximum', 'minimum', 'equal']);

/** No operand. */
const NONE = -1;

/** Computes every value once: the same operation on the same operands with the same attributes. */
export function shareSubexpressions({ length, numberOf }: ProgramFacts): Rule {
  const known = createInstructionTable(length);
  return (next, instruction) => {
    const args: readonly ValueId[] = instruction.args;
    const number = numberOf(instruction);
    let first = args[0] ?? NONE;
    let second = args[1] ?? NONE;
    if (first > second && COMMUTATIVE.has(instruction.kind)) [first, second] = [second, first];
    const found = known.find(number, first, second);
    if (found >= 0) return found;
    const value = next.put(instruction);
    known.add(number, first, second, value);
    return value;
  };
}
