/** What differs between a run and what it is to go on with: as data, and as a person reads it. */
import { structuredPatch } from 'diff';
import { styleFor, type Style } from '../style.js';
import type { Output } from '../host.js';
import { renderTable } from '../table.js';

/** A thing by its name; undefined where it is not there. */
export interface Change {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface ChangeSection {
  /** `parameters` */
  readonly title: string;
  readonly changes: readonly Change[];
}

export interface TextChange {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

export interface RunChanges {
  readonly sections: readonly ChangeSection[];
  readonly texts: readonly TextChange[];
}

/** Longest part of a text's difference that is shown, in lines. */
const MOST_LINES = 80;

/** What differs between two lists of named texts, in the order of the second, then what is gone. */
export function compareTexts(
  title: string,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): ChangeSection {
  const names = new Set([...Object.keys(after), ...Object.keys(before)]);
  const all = [...names].map((name) => ({ name, before: before[name], after: after[name] }));
  return { title, changes: all.filter((change) => change.before !== change.after) };
}

/** The sections that have a change, then the difference of each text. */
export function renderChanges({ sections, texts }: RunChanges, output: Pick<Output, 'hasColor'>): string {
  const style = styleFor(output);
  const shown = sections.filter(({ changes }) => changes.length > 0);
  const rows = shown.flatMap(({ title, changes }) =>
    changes.map((change, index) => ['', index === 0 ? title : '', change.name, describeChange(change, style)]),
  );
  return `${renderTable(rows)}${texts.map((text) => renderText(text, style)).join('')}`;
}

function describeChange({ before, after }: Change, style: Style): string {
  if (before === undefined) return `${style.green(after ?? '')}  (new)`;
  if (after === undefined) return `${style.red(before)}  (gone)`;
  return `${style.red(before)} → ${style.green(after)}`;
}

function renderText({ file, before, after }: TextChange, style: Style): string {
  const { hunks } = structuredPatch(file, file, before, after, '', '', { context: 2 });
  const lines = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines: own }) => [
    style.dim(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`),
    ...own.map((line) => (line.startsWith('+') ? style.green(line) : line.startsWith('-') ? style.red(line) : line)),
  ]);
  const rest = lines.length - MOST_LINES;
  const cut = rest > 0 ? [...lines.slice(0, MOST_LINES), style.dim(`… and ${rest} lines more`)] : lines;
  return [style.bold(file), ...cut].map((line) => `  ${line}\n`).join('');
}
