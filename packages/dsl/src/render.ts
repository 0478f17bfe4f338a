/** Diagnostics as text for people: the message, the source lines it speaks of, and the way out. */
import type { Diagnostic } from './diagnostic.js';
import { displayText } from './display-width.js';
import { createPaint, type Paint } from './paint.js';
import { indexLines, positionAt, type LineIndex } from './positions.js';
import { lastLineOf, renderSnippet, type Mark } from './render-snippet.js';
import { sourceAtOffset, type PlacedSource, type Sources } from './sources.js';

export interface RenderOptions {
  /** Whether to colour by ANSI escape sequences. */
  readonly color: boolean;
}

/** One diagnostic, without a line end after it. Spans beyond the texts are taken to end with the last. */
export function renderDiagnostic(sources: Sources, diagnostic: Diagnostic, options: RenderOptions): string {
  return render(indexSources(sources), diagnostic, createPaint(options.color));
}

/** All diagnostics in the order of their places, text by text, with an empty line between any two. */
export function renderDiagnostics(
  sources: Sources,
  diagnostics: readonly Diagnostic[],
  options: RenderOptions,
): string {
  const indexed = indexSources(sources);
  const paint = createPaint(options.color);
  return diagnostics
    .toSorted((a, b) => a.span.start - b.span.start)
    .map((diagnostic) => render(indexed, diagnostic, paint))
    .join('\n\n');
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

/** A text with its lines. */
interface IndexedSource {
  readonly source: PlacedSource;
  readonly lines: LineIndex;
}

/** The text that an offset is about; each is split into lines once, and only where something is said of it. */
type SourceIndex = (offset: number) => IndexedSource;

function indexSources(sources: Sources): SourceIndex {
  const known = new Map<number, IndexedSource>();
  return (offset) => {
    const source = sourceAtOffset(sources, offset);
    const indexed = known.get(source.base) ?? { source, lines: indexLines(source.text) };
    known.set(source.base, indexed);
    return indexed;
  };
}

/** The marks in one text, their places counted from its beginning. */
interface MarkedSource extends IndexedSource {
  readonly marks: readonly [Mark, ...Mark[]];
}

/** The text of the primary mark first. */
function groupBySource(index: SourceIndex, marks: readonly Mark[]): readonly MarkedSource[] {
  const groups = new Map<number, MarkedSource>();
  for (const mark of marks) {
    const indexed = index(mark.span.start);
    const { base, text } = indexed.source;
    const clamp = (offset: number): number => Math.min(Math.max(offset - base, 0), text.length);
    const local = { ...mark, span: { start: clamp(mark.span.start), end: clamp(mark.span.end) } };
    const group = groups.get(base);
    groups.set(base, { ...indexed, marks: group === undefined ? [local] : [...group.marks, local] });
  }
  return [...groups.values()];
}

function render(index: SourceIndex, diagnostic: Diagnostic, paint: Paint): string {
  const { severity, code, message, span, label, related, notes, hint } = diagnostic;
  const groups = groupBySource(index, [
    { span, text: label, role: severity },
    ...related.map((mark) => ({ ...mark, role: 'related' }) as const),
  ]);
  const width = String(Math.max(...groups.map(({ lines, marks }) => lastLineOf(lines, marks)))).length;
  const margin = ' '.repeat(width + 1);
  const remark = (head: string, text: string): string =>
    `${margin}${paint('gutter', '=')} ${head}${text.split('\n').map(displayText).join(`\n${margin}  `)}`;
  const shown = groups.flatMap(({ source, lines, marks }, place) => {
    const { line, column } = positionAt(lines, marks[0].span.start);
    const corner = paint('gutter', place === 0 ? '┌─' : '├─');
    return [
      `${margin}${corner} ${displayText(source.name)}:${line}:${column}`,
      ...renderSnippet(lines, marks, width, paint),
    ];
  });
  return [
    `${paint(severity, `${severity}[${code}]`)}${paint('message', `: ${displayText(message)}`)}`,
    ...shown,
    ...notes.map((note) => remark('', note)),
    ...(hint === undefined ? [] : [remark(`${paint('hint', 'hint:')} `, hint)]),
  ].join('\n');
}
