/** Text in aligned columns. */
import { stripVTControlCharacters } from 'node:util';
import { displayWidth } from '@sbn/dsl';

/** Width on screen: colors take none. */
function widthOf(text: string): number {
  return displayWidth(stripVTControlCharacters(text));
}

function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Rows of cells with two spaces between columns; nothing after the last. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
    });
  }
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => padTo(cell, widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** Width of the widest line. */
export function widestLine(text: string): number {
  return Math.max(0, ...text.split('\n').map(widthOf));
}
