/** Hints for names that do not exist. */
import { MOST_DIAGNOSTICS, suggest } from '@sbn/dsl';
import type { Context } from './context.js';
import type { Scope } from './scope.js';

/** `did you mean …?`, where one of the candidates is close. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const found = suggest(name, candidates);
  return found === undefined ? undefined : `did you mean \`${found}\`?`;
}

/** As many names are looked through, the nearest first: a file with more was not written by hand. */
const MOST_CANDIDATES = 1000;

/** As `didYouMean`, for a name of a value: one that is visible, or one of some more. Nothing where more is wrong than is shown. */
export function didYouMeanVisible(
  { scope, session }: Context,
  name: string,
  more: Iterable<string>,
): string | undefined {
  if (session.diagnostics.length >= MOST_DIAGNOSTICS) return undefined;
  return didYouMean(name, [...nearestNames(scope), ...takeFirst(more)]);
}

export function nearestNames(scope: Scope): readonly string[] {
  return takeFirst(scope.names());
}

function takeFirst(names: Iterable<string>): readonly string[] {
  const taken: string[] = [];
  for (const name of names) if (taken.push(name) >= MOST_CANDIDATES) break;
  return taken;
}

/** `a`, `b` and `c`. */
export function listNames(names: readonly string[], joiner: 'and' | 'or' = 'and'): string {
  const quoted = names.map((name) => `\`${name}\``);
  const last = quoted.at(-1);
  if (last === undefined) return 'none';
  return quoted.length === 1 ? last : `${quoted.slice(0, -1).join(', ')} ${joiner} ${last}`;
}
