/** Diagnostics as plain data for editors and other programs: places as lines and columns, each with its file. */
import type { Diagnostic, DiagnosticCode, Severity } from './diagnostic.js';
import { indexLines, positionAt, type LineIndex, type Position } from './positions.js';
import { sourceAtOffset, type Sources } from './sources.js';
import type { Span } from './span.js';

/** `end` is the place behind the last character. Lines and columns count from 1, columns in code points. */
export interface PlaceRecord {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

export interface LabelRecord extends PlaceRecord {
  readonly text: string;
}

export interface DiagnosticRecord extends PlaceRecord {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  /** What is said of the place; may be empty. */
  readonly label: string;
  /** Other places that matter, perhaps in other files. */
  readonly related: readonly LabelRecord[];
  readonly notes: readonly string[];
  /** What to write instead. */
  readonly hint: string | null;
  /** The page of the code, from the root of the documentation. */
  readonly page: string;
}

/** In the order of their places. */
export function recordDiagnostics(sources: Sources, diagnostics: readonly Diagnostic[]): readonly DiagnosticRecord[] {
  const indexed = new Map<number, LineIndex>();
  const placeOf = ({ start, end }: Span): PlaceRecord => {
    const { name, text, base } = sourceAtOffset(sources, start);
    const lines = indexed.get(base) ?? indexLines(text);
    indexed.set(base, lines);
    return { file: name, start: positionAt(lines, start - base), end: positionAt(lines, end - base) };
  };
  return diagnostics
    .toSorted((a, b) => a.span.start - b.span.start)
    .map(({ code, severity, message, span, label, related, notes, hint }) => ({
      code,
      severity,
      message,
      ...placeOf(span),
      label,
      related: related.map((other) => ({ ...placeOf(other.span), text: other.text })),
      notes,
      hint: hint ?? null,
      page: `errors/${code}.md`,
    }));
}
