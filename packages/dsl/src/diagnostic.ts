/** A mistake of the user's, with the place and the way out. The same type in every stage. */
import type { Span } from './span.js';

export type Severity = 'error' | 'warning';

/** `SBN1xxx` syntax, `SBN2xxx` names, types and shapes, `SBN3xxx` sites, guides and objectives, `SBN4xxx` gradients, `SBN5xxx` warnings. */
export type DiagnosticCode = `SBN${1 | 2 | 3 | 4 | 5}${number}`;

/** A second place that matters, with what it says there. */
export interface Label {
  readonly span: Span;
  readonly text: string;
}

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  /** The primary place. */
  readonly span: Span;
  /** What to write under the primary place; empty for underlining alone. */
  readonly label: string;
  readonly related: readonly Label[];
  /** Further facts, one line each. */
  readonly notes: readonly string[];
  /** What to write instead. */
  readonly hint: string | undefined;
}

/** What a stage gives: a value, unless an error stands in the way, and all diagnostics so far. */
export interface Outcome<T> {
  readonly value: T | undefined;
  readonly diagnostics: readonly Diagnostic[];
}
