/** A text that is no program, such as a megabyte of brackets, has as many mistakes as it has characters: nobody reads them. */
import type { Diagnostic } from './diagnostic.js';

/** Most diagnostics that one stage gives for one text. */
export const MOST_DIAGNOSTICS = 1000;

/** With so many mistakes a text is looked through no further. More than are shown, as those come first in the text. */
export const MOST_MISTAKES = 10_000;

/** The first of them, errors before warnings, in the order in which they came; the last one kept says how many are left out. */
export function limitDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const surplus = diagnostics.length - MOST_DIAGNOSTICS;
  if (surplus <= 0) return diagnostics;
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  let warnings = Math.max(0, MOST_DIAGNOSTICS - errors);
  const kept = diagnostics.filter(({ severity }) => severity === 'error' || (warnings -= 1) >= 0);
  return kept.slice(0, MOST_DIAGNOSTICS).map((diagnostic, index) => {
    if (index < MOST_DIAGNOSTICS - 1) return diagnostic;
    const count = diagnostics.length < MOST_MISTAKES ? `${surplus}` : `at least ${surplus}`;
    return { ...diagnostic, notes: [...diagnostic.notes, `${count} more of what is wrong is not shown`] };
  });
}
