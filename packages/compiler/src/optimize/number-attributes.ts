/** What tells an instruction from others but for its first two operands, as one number: programs are long, and texts as keys take long. */
import type { BatchDim, Draft, OpKind } from '@sbn/program';
import { createInstructionTable } from './instruction-table.js';

/** What an attribute can be. */
type Part = number | boolean | BatchDim | readonly Part[];

/** What a part of an instruction is: parts of different sorts are never the same. */
const SORT = { operand: 0, integer: 1, other: 2, batch: 3, list: 4, name: 5 } as const;

export type Numbering = (instruction: Draft) => number;

/**
 * The same number for the same operation with the same attributes (and the same operands, from the third on). An instruction is read part
 * by part, as a word is looked up letter by letter: the table has the number of what has been read so far with one part more.
 */
export function createNumbering(): Numbering {
  const table = createInstructionTable();
  const kinds = new Map<OpKind, number>();
  const others = new Map<unknown, number>();
  let count = 0;

  const append = (before: number, sort: number, part: number): number => {
    const known = table.find(before, sort, part);
    if (known >= 0) return known;
    count += 1;
    table.add(before, sort, part, count);
    return count;
  };
  /** A number for what is none itself: names, truth values, fractions. */
  const numberOf = (value: unknown): number => {
    const known = others.get(value);
    if (known !== undefined) return known;
    others.set(value, others.size);
    return others.size - 1;
  };
  const appendPart = (before: number, part: Part): number => {
    if (typeof part === 'number') {
      // A map takes −0 for 0.
      if (Object.is(part, -0)) return append(before, SORT.other, numberOf('-0'));
      return (part | 0) === part ? append(before, SORT.integer, part) : append(before, SORT.other, numberOf(part));
    }
    if (typeof part === 'boolean') return append(before, SORT.other, numberOf(part));
    if ('batch' in part) return append(before, SORT.batch, part.batch);
    let number = append(before, SORT.list, part.length);
    for (const item of part) number = appendPart(number, item);
    return number;
  };

  const numberOfKind = (kind: OpKind): number => {
    const known = kinds.get(kind);
    if (known !== undefined) return known;
    count += 1;
    kinds.set(kind, count);
    return count;
  };

  const read = ({ kind, args, attributes }: Draft): number => {
    let number = numberOfKind(kind);
    const parts: Readonly<Record<string, Part>> = attributes;
    for (const name in parts) {
      const part = parts[name];
      if (part !== undefined) number = appendPart(append(number, SORT.name, numberOf(name)), part);
    }
    for (let place = 2; place < args.length; place += 1) number = append(number, SORT.operand, args[place] ?? 0);
    return number;
  };
  // Most instructions come by a second time as they are, before the next one does.
  let [last, numberOfLast]: [Draft | undefined, number] = [undefined, 0];
  return (instruction) => {
    if (instruction === last) return numberOfLast;
    numberOfLast = read(instruction);
    last = instruction;
    return numberOfLast;
  };
}
