/** Hints for names that are not there. */
import { suggest } from '@sbn/dsl';

/** `did you mean `H`?`, else the names there are, else that there are none; `what` is their plural. */
export function hintFor(name: string, known: readonly string[], what: string): string {
  const near = suggest(name, known);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return known.length === 0 ? `it has no ${what}` : `it has ${known.map((each) => `\`${each}\``).join(', ')}`;
}
