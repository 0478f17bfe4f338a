/** "Did you mean": the known name that a mistyped one most likely stands for. */

/** The least length at which the beginning of a name suggests the whole of it: `bern` for `bernoulli`. */
const PREFIX_LENGTH = 3;

/**
 * The candidate with the fewest edits from `name` (insertion, deletion, replacement, swap of neighbours; case counts for
 * nothing), within about one edit for every three letters; failing that, the shortest that begins with it. Ties go to
 * the candidate that comes first. Names of one letter are all one edit apart, so for them only the case may differ.
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = Array.from(name.toLowerCase());
  let best: string | undefined;
  let bestDistance = Infinity;
  let completion: string | undefined;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const letters = Array.from(candidate.toLowerCase());
    const limit = Math.min(bestDistance - 1, Math.floor((Math.max(wanted.length, letters.length) + 1) / 3));
    const distance = editDistance(wanted, letters, limit);
    if (distance <= limit) {
      best = candidate;
      bestDistance = distance;
    }
    const begins = wanted.length >= PREFIX_LENGTH && wanted.every((letter, index) => letter === letters[index]);
    if (begins && (completion === undefined || candidate.length < completion.length)) completion = candidate;
  }
  return best ?? completion;
}

/**
 * Damerau–Levenshtein distance in its optimal string alignment form (no part is edited twice), or some number above
 * `limit` where it is above `limit`.
 */
function editDistance(from: readonly string[], to: readonly string[], limit: number): number {
  if (Math.abs(from.length - to.length) > limit) return Infinity;
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of from.entries()) {
    const current = [row + 1];
    let least = row + 1;
    for (const [column, other] of to.entries()) {
      const replaced = (last[column] ?? Infinity) + (letter === other ? 0 : 1);
      const deleted = (last[column + 1] ?? Infinity) + 1;
      const inserted = (current[column] ?? Infinity) + 1;
      const swaps = row > 0 && column > 0 && letter === to[column - 1] && from[row - 1] === other;
      const swapped = swaps ? (beforeLast[column - 1] ?? Infinity) + 1 : Infinity;
      const distance = Math.min(replaced, deleted, inserted, swapped);
      current.push(distance);
      least = Math.min(least, distance);
    }
    if (least > limit + 1) return Infinity;
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? Infinity;
}
