/** Sums of which many are parts of others, each as few additions of what there is already. */
import { bitsOf } from './bit-rows.js';

/** A sum: of other sums, by their place, and of terms by their number. */
export interface SumParts {
  readonly sums: readonly number[];
  readonly terms: readonly number[];
}

/**
 * `rows` are sets of numbers below `bits`. Ensures that the parts of each are disjoint and make it up, and that a sum is made of
 * those behind it alone. Where the sets are nested, as the costs downstream along a chain are, all of them together have about as
 * many parts as the largest has terms.
 */
export function nestSums(rows: readonly Uint32Array[], bits: number): readonly SumParts[] {
  const sizes = rows.map(() => 0);
  // For each term, the place of the largest sum so far that holds it.
  const largest = new Int32Array(bits).fill(-1);
  const nested: SumParts[] = [];
  for (let place = rows.length - 1; place >= 0; place -= 1) {
    const rest = rows[place]?.slice() ?? new Uint32Array();
    const members = bitsOf(rest);
    const sums: number[] = [];
    const terms: number[] = [];
    for (const term of members) {
      if (((rest[term >> 5] ?? 0) & (1 << (term & 31))) === 0) continue;
      const candidate = largest[term] ?? -1;
      const row = rows[candidate];
      if (row !== undefined && isWithin(row, rest)) {
        sums.push(candidate);
        remove(rest, row);
      } else {
        terms.push(term);
        rest[term >> 5] = (rest[term >> 5] ?? 0) & ~(1 << (term & 31));
      }
    }
    sizes[place] = members.length;
    for (const term of members) {
      if ((sizes[largest[term] ?? -1] ?? 0) < members.length) largest[term] = place;
    }
    nested[place] = { sums, terms };
  }
  return nested;
}

function isWithin(row: Uint32Array, other: Uint32Array): boolean {
  for (let word = 0; word < row.length; word += 1) {
    if (((row[word] ?? 0) & ~(other[word] ?? 0)) !== 0) return false;
  }
  return true;
}

function remove(row: Uint32Array, other: Uint32Array): void {
  for (let word = 0; word < row.length; word += 1) row[word] = (row[word] ?? 0) & ~(other[word] ?? 0);
}
