/** Diagnostics as text for people: the message, the source lines it speaks of, and the way out. */
import type { Diagnostic } from './diagnostic.js';
import { displayText } from './display-width.js';
import { createPaint, type Paint } from './paint.js';
import { indexLines, positionAt, type LineIndex } from './positions.js';
import { lastLineOf, renderSnippet, type Mark } from './render-snippet.js';
import type { SourceFile } from './span.js';

export interface RenderOptions {
  /** Whether to colour by ANSI escape sequences. */
  readonly color: boolean;
}

/** One diagnostic, without a line end after it. Spans beyond the text are taken to end with it. */
export function renderDiagnostic(source: SourceFile, diagnostic: Diagnostic, options: RenderOptions): string {
  const shown = diagnostic.source ?? source;
  return render(shown.name, indexLines(shown.text), diagnostic, createPaint(options.color));
}

/**
 * All diagnostics of a file in the order of their places, with an empty line between any two; then those of other texts.
 */
export function renderDiagnostics(
  source: SourceFile,
  diagnostics: readonly Diagnostic[],
  options: RenderOptions,
): string {
  const lines = indexLines(source.text);
  const paint = createPaint(options.color);
  const own = diagnostics.filter((diagnostic) => diagnostic.source === undefined);
  const foreign = diagnostics.filter((diagnostic) => diagnostic.source !== undefined);
  return [
    ...own
      .toSorted((a, b) => a.span.start - b.span.start)
      .map((diagnostic) => render(source.name, lines, diagnostic, paint)),
    ...foreign.map((diagnostic) => renderDiagnostic(source, diagnostic, options)),
  ].join('\n\n');
}

/** `2 errors, 1 warning`. */
export function summarize(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const parts = [count(errors, 'error'), count(warnings, 'warning')].filter((part) => part !== undefined);
  return parts.length === 0 ? 'no errors' : parts.join(', ');
}

function count(number: number, noun: string): string | undefined {
  if (number === 0) return undefined;
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}

function render(name: string, lines: LineIndex, diagnostic: Diagnostic, paint: Paint): string {
  const { severity, code, message, span, label, related, notes, hint } = diagnostic;
  const clamp = (offset: number): number => Math.min(Math.max(offset, 0), lines.text.length);
  const marks: readonly Mark[] = [
    { span, text: label, role: severity },
    ...related.map((mark) => ({ ...mark, role: 'related' }) as const),
  ].map((mark) => ({ ...mark, span: { start: clamp(mark.span.start), end: clamp(mark.span.end) } }));
  const width = String(lastLineOf(lines, marks)).length;
  const { line, column } = positionAt(lines, span.start);
  const margin = ' '.repeat(width + 1);
  const remark = (head: string, text: string): string =>
    `${margin}${paint('gutter', '=')} ${head}${text.split('\n').map(displayText).join(`\n${margin}  `)}`;
  return [
    `${paint(severity, `${severity}[${code}]`)}${paint('message', `: ${displayText(message)}`)}`,
    `${margin}${paint('gutter', '┌─')} ${displayText(name)}:${line}:${column}`,
    ...renderSnippet(lines, marks, width, paint),
    ...notes.map((note) => remark('', note)),
    ...(hint === undefined ? [] : [remark(`${paint('hint', 'hint:')} `, hint)]),
  ].join('\n');
}
