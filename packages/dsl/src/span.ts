/** Half-open range of UTF-16 offsets into the source text: what JavaScript strings index by. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A named text; diagnostics point into it. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** The smallest span that holds both. */
export function joinSpans(first: Span, last: Span): Span {
  return { start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}
