/** Tables as text: comma- and tab-separated values, with a header or without one. */
import { DataError } from '../../errors.js';
import { fieldOfTexts } from './text-field.js';
import type { RawFile } from './raw-file.js';

/** What the first line of a file says, and what separates its columns. */
export interface DelimitedHead {
  readonly header: readonly string[];
  readonly hasHeader: boolean;
  readonly delimiter: string;
}

export interface DelimitedPart {
  /** Of the file, where the bytes are not from its beginning; `undefined` to find it out. */
  readonly head?: DelimitedHead | undefined;
  /** Rows of the file before. */
  readonly firstRow?: number | undefined;
  /** Whether columns that can be numbers keep their texts. */
  readonly keepTexts?: boolean | undefined;
}

/**
 * The first line is the header, unless all of it are numbers; columns without a header are called by their numbers, from 0. What
 * separates columns is found out. @throws DataError naming the line
 */
export async function readDelimited(bytes: Uint8Array, source: string): Promise<RawFile> {
  return (await readDelimitedPart(bytes, source, {})).file;
}

/** Some lines of a file, the header among them or known. @throws DataError naming the line */
export async function readDelimitedPart(
  bytes: Uint8Array,
  source: string,
  { head: known, firstRow = 0, keepTexts }: DelimitedPart,
): Promise<{ readonly file: RawFile; readonly head: DelimitedHead }> {
  const { default: Papa } = await import('papaparse');
  const text = decodeText(bytes, source);
  const { data, errors, meta } = Papa.parse<string[]>(text, {
    skipEmptyLines: true,
    delimiter: known?.delimiter ?? (source.includes('.tsv') ? '\t' : ''),
  });
  const [first] = data;
  if (first === undefined && known === undefined)
    throw new DataError({ source }, 'the file is empty', 'give one with rows');
  const head = known ?? readHead(first ?? [], meta.delimiter);
  const { header, hasHeader } = head;
  // Lines of the file before the first one here.
  const before = known === undefined ? 0 : firstRow + (hasHeader ? 1 : 0);
  const fault = errors.find(({ code }) => code !== 'UndetectableDelimiter');
  if (fault !== undefined) {
    throw new DataError({ source }, `line ${String(before + (fault.row ?? 0) + 1)}: ${fault.message}`, 'mend the line');
  }
  const rows = known === undefined && hasHeader ? data.slice(1) : data;
  const firstLine = known === undefined && hasHeader ? 2 : before + 1;
  rows.forEach((row, place) => {
    if (row.length === header.length) return;
    const problem = `line ${String(firstLine + place)} has ${String(row.length)} columns, and the first line ${String(header.length)}`;
    throw new DataError({ source }, problem, 'mend the line');
  });
  const repeated = header.find((name, place) => header.indexOf(name) !== place);
  if (repeated !== undefined)
    throw new DataError({ source }, `two columns are called ${repeated}`, 'rename one of them');
  const cellsOf = (column: number): readonly string[] => rows.map((row) => row[column] ?? '');
  const file: RawFile = {
    source,
    rows: rows.length,
    fields: header.map((name, column) => fieldOfTexts(name, cellsOf(column), keepTexts)),
    placeRow: (row) => ({ source, rowName: `line ${String(firstLine + row)}` }),
  };
  return { file, head };
}

/** How many lines are looked at. */
const HEAD_LINES = 11;

/** What the first lines of a file say; the last of them may be cut off. @throws DataError */
export async function readDelimitedHead(bytes: Uint8Array, source: string): Promise<DelimitedHead> {
  const { default: Papa } = await import('papaparse');
  const text = new TextDecoder().decode(bytes);
  const delimiter = source.includes('.tsv') ? '\t' : '';
  const { data, meta } = Papa.parse<string[]>(text, { skipEmptyLines: true, delimiter, preview: HEAD_LINES });
  const [first] = data;
  if (first === undefined) throw new DataError({ source }, 'the file is empty', 'give one with rows');
  return readHead(first, meta.delimiter);
}

function readHead(first: readonly string[], delimiter: string): DelimitedHead {
  const hasHeader = !first.every((cell) => isNumber(cell));
  const header = hasHeader ? first.map((cell) => cell.trim()) : first.map((_, place) => String(place));
  return { header, hasHeader, delimiter };
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
