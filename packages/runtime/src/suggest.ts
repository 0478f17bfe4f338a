/** "Did you mean": the closest of the known names to one that is not known. */

/** `did you mean rows? options: rows, seed`, or without the question where no name is close. `what` names them. */
export function suggestNames(name: string, known: readonly string[], what: string): string {
  const closest = closestName(name, known);
  const question = closest === undefined ? '' : `did you mean ${closest}? `;
  return known.length === 0 ? `there are no ${what}` : `${question}${what}: ${known.join(', ')}`;
}

/** The name at the smallest edit distance, if that is at most a third of the longer of the two and leaves a letter. */
export function closestName(name: string, known: readonly string[]): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    const longer = Math.max(name.length, candidate.length);
    const near = distance < Math.min(name.length, candidate.length) && distance <= Math.max(1, Math.floor(longer / 3));
    if (near && (best === undefined || distance < best.distance)) best = { name: candidate, distance };
  }
  return best?.name;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          (above[column] ?? Infinity) + 1,
          (current[column - 1] ?? Infinity) + 1,
          (above[column - 1] ?? Infinity) + (same ? 0 : 1),
          swapped ? (before[column - 2] ?? Infinity) + 1 : Infinity,
        ),
      );
    }
    before = above;
    above = current;
  }
  return above[b.length] ?? Infinity;
}
