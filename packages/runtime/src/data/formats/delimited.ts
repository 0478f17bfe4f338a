/** Tables as text: comma- and tab-separated values, with a header or without one. */
import { DataError } from '../../errors.js';
import { fieldOfTexts } from './text-field.js';
import type { RawFile } from './raw-file.js';

/**
 * The first line is the header, unless all of it are numbers; columns without a header are called by their numbers, from 0. What
 * separates columns is found out. @throws DataError naming the line
 */
export async function readDelimited(bytes: Uint8Array, source: string): Promise<RawFile> {
  const { default: Papa } = await import('papaparse');
  const text = decodeText(bytes, source);
  const { data, errors } = Papa.parse<string[]>(text, {
    skipEmptyLines: true,
    delimiter: source.includes('.tsv') ? '\t' : '',
  });
  const fault = errors.find(({ code }) => code !== 'UndetectableDelimiter');
  if (fault !== undefined) {
    throw new DataError({ source }, `line ${String((fault.row ?? 0) + 1)}: ${fault.message}`, 'mend the line');
  }
  const [first, ...others] = data;
  if (first === undefined) throw new DataError({ source }, 'the file is empty', 'give one with rows');
  const hasHeader = !first.every((cell) => isNumber(cell));
  const header = hasHeader ? first.map((cell) => cell.trim()) : first.map((_, place) => String(place));
  const rows = hasHeader ? others : data;
  const firstLine = hasHeader ? 2 : 1;
  rows.forEach((row, place) => {
    if (row.length === header.length) return;
    const problem = `line ${String(firstLine + place)} has ${String(row.length)} columns, and the first line ${String(header.length)}`;
    throw new DataError({ source }, problem, 'mend the line');
  });
  const repeated = header.find((name, place) => header.indexOf(name) !== place);
  if (repeated !== undefined)
    throw new DataError({ source }, `two columns are called ${repeated}`, 'rename one of them');
  return {
    source,
    rows: rows.length,
    fields: header.map((name, column) =>
      fieldOfTexts(
        name,
        rows.map((row) => row[column] ?? ''),
      ),
    ),
    placeRow: (row) => ({ source, rowName: `line ${String(firstLine + row)}` }),
  };
}

/** @throws DataError where bytes are no UTF-8 */
export function decodeText(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DataError({ source }, 'the file is not UTF-8 text', 'save it as UTF-8', { cause });
  }
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
