/** Hints for names that do not exist. */
import { suggest } from '@sbn/dsl';

/** `did you mean …?`, where one of the candidates is close. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const found = suggest(name, candidates);
  return found === undefined ? undefined : `did you mean \`${found}\`?`;
}

/** `a`, `b` and `c`. */
export function listNames(names: readonly string[], joiner: 'and' | 'or' = 'and'): string {
  const quoted = names.map((name) => `\`${name}\``);
  const last = quoted.at(-1);
  if (last === undefined) return 'none';
  return quoted.length === 1 ? last : `${quoted.slice(0, -1).join(', ')} ${joiner} ${last}`;
}
