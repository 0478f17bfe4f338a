/** A set of small numbers for each value of a program, as a row of bits: what is asked of all sites is asked once for all of them. */
import type { Instruction, ValueId } from '@sbn/program';

export interface BitRows {
  /** The row of a value; a value that was not known then has none of the bits. */
  readonly rowOf: (value: ValueId) => Uint32Array;
  readonly has: (value: ValueId, bit: number) => boolean;
  /** Whether the row of a value and `mask` have a bit in common. */
  readonly meets: (value: ValueId, mask: Uint32Array) => boolean;
  /** Whether the row of a value has no bit. */
  readonly isEmpty: (value: ValueId) => boolean;
}

/** An empty row for numbers below `bits`. */
export function emptyRow(bits: number): Uint32Array {
  return new Uint32Array(Math.ceil(bits / 32));
}

/** The row of some numbers below `bits`. */
export function rowOfBits(members: readonly number[], bits: number): Uint32Array {
  const row = emptyRow(bits);
  for (const bit of members) setBit(row, bit);
  return row;
}

export function setBit(row: Uint32Array, bit: number): void {
  row[bit >> 5] = (row[bit >> 5] ?? 0) | (1 << (bit & 31));
}

export function hasBit(row: Uint32Array, bit: number): boolean {
  return (((row[bit >> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
}

export function meetsRow(row: Uint32Array, other: Uint32Array): boolean {
  for (let word = 0; word < row.length; word += 1) if (((row[word] ?? 0) & (other[word] ?? 0)) !== 0) return true;
  return false;
}

export function addRow(row: Uint32Array, other: Uint32Array): void {
  for (let word = 0; word < row.length; word += 1) row[word] = (row[word] ?? 0) | (other[word] ?? 0);
}

/** The numbers in a row, from the least. */
export function bitsOf(row: Uint32Array): readonly number[] {
  const bits: number[] = [];
  for (let word = 0; word < row.length; word += 1) {
    for (let rest = row[word] ?? 0; rest !== 0; rest &= rest - 1) bits.push(word * 32 + 31 - Math.clz32(rest & -rest));
  }
  return bits;
}

/** What `names` has at the numbers in a row, from the least, but for one number. */
export function namesIn(row: Uint32Array, names: readonly string[], without = -1): readonly string[] {
  const found: string[] = [];
  for (let word = 0; word < row.length; word += 1) {
    for (let rest = row[word] ?? 0; rest !== 0; rest &= rest - 1) {
      const bit = word * 32 + 31 - Math.clz32(rest & -rest);
      const name = bit === without ? undefined : names[bit];
      if (name !== undefined) found.push(name);
    }
  }
  return found;
}

/** How many numbers are in a row. */
export function countBits(row: Uint32Array): number {
  let count = 0;
  for (const word of row) {
    // Two bits, four, and eight at a time: the four bytes' counts are added up by the product.
    let bits = word - ((word >>> 1) & 0x55555555);
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    count += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}

/**
 * Each value of a program gets the bits of its operands and those of its own in `seeds`. `instructions` are in order of definition;
 * `size` is the number of values, `bits` the number of different bits.
 */
export function spreadBits(
  instructions: readonly Instruction[],
  size: number,
  bits: number,
  seeds: ReadonlyMap<ValueId, Uint32Array>,
): BitRows {
  const words = Math.ceil(bits / 32);
  const table = new Uint32Array(size * words);
  // The words of a row that can have bits, from the first to before the last: of a long program most rows have none, or few side by side.
  const firsts = new Uint32Array(size);
  const lasts = new Uint32Array(size);
  for (const [value, row] of seeds) {
    table.set(row, value * words);
    const first = row.findIndex((word) => word !== 0);
    if (first < 0) continue;
    firsts[value] = first;
    lasts[value] = row.findLastIndex((word) => word !== 0) + 1;
  }
  for (const { id, args } of instructions) {
    const target = id * words;
    for (const arg of args) {
      const last = lasts[arg] ?? 0;
      if (last === 0) continue;
      const first = firsts[arg] ?? 0;
      firsts[id] = lasts[id] === 0 ? first : Math.min(firsts[id] ?? 0, first);
      lasts[id] = Math.max(lasts[id] ?? 0, last);
      const source = arg * words;
      for (let word = first; word < last; word += 1) {
        table[target + word] = (table[target + word] ?? 0) | (table[source + word] ?? 0);
      }
    }
  }
  return {
    rowOf: (value) => table.subarray(value * words, (value + 1) * words),
    has: (value, bit) => (((table[value * words + (bit >> 5)] ?? 0) >>> (bit & 31)) & 1) === 1,
    meets: (value, mask) => {
      const row = value * words;
      const last = lasts[value] ?? 0;
      for (let word = firsts[value] ?? 0; word < last; word += 1) {
        if (((table[row + word] ?? 0) & (mask[word] ?? 0)) !== 0) return true;
      }
      return false;
    },
    isEmpty: (value) => (lasts[value] ?? 0) === 0,
  };
}
