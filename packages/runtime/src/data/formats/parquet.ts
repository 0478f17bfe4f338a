/** Apache Parquet, with columns of numbers, booleans, texts, or lists of numbers. */
import { DataError } from '../../errors.js';
import { fieldOfTexts } from './text-field.js';
import type { RawField, RawFile } from './raw-file.js';

/** @throws DataError */
export async function readParquet(bytes: Uint8Array, source: string): Promise<RawFile> {
  const [{ parquetReadObjects }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  let records: readonly Record<string, unknown>[];
  try {
    // A buffer of its own, as the reader slices it.
    records = await parquetReadObjects({ file: bytes.slice().buffer, compressors });
  } catch (cause) {
    throw damagedParquet(source, cause);
  }
  return fileOfRecords(records, source, 0);
}

export function damagedParquet(source: string, cause: unknown): DataError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DataError({ source }, `not a Parquet file, or a damaged one: ${reason}`, 'fetch or write the file again', {
    cause,
  });
}

/** `firstRow` is the number of the first record in the file. @throws DataError */
export function fileOfRecords(records: readonly Record<string, unknown>[], source: string, firstRow: number): RawFile {
  const [first] = records;
  if (first === undefined) throw new DataError({ source }, 'the file has no rows', 'give one with rows');
  const fields = Object.keys(first).map((name) =>
    readColumn(
      name,
      records.map((record) => record[name]),
      source,
      firstRow,
    ),
  );
  return { source, rows: records.length, fields };
}

function readColumn(name: string, cells: readonly unknown[], source: string, firstRow: number): RawField {
  if (cells.every((cell) => typeof cell === 'string')) return fieldOfTexts(name, cells);
  const lists = cells.map((cell) => (isList(cell) ? Array.from(cell) : [cell]));
  const isScalar = !cells.some(isList);
  const width = lists[0]?.length ?? 0;
  const values = new Float64Array(cells.length * width);
  lists.forEach((list, row) => {
    if (list.length !== width) {
      const problem = `row ${String(firstRow + row)}: ${name} has ${String(list.length)} values, and ${String(width)} before`;
      throw new DataError({ source }, problem, 'give every row as many');
    }
    list.forEach((cell, column) => {
      values[row * width + column] = asNumber(cell, `row ${String(firstRow + row)}, ${name}`, source);
    });
  });
  return { name, shape: isScalar ? [] : [width], values, full: 1 };
}

function isList(cell: unknown): cell is ArrayLike<unknown> & Iterable<unknown> {
  return Array.isArray(cell) || ArrayBuffer.isView(cell);
}

function asNumber(cell: unknown, where: string, source: string): number {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'bigint') return Number(cell);
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  if (cell === null || cell === undefined) return NaN;
  throw new DataError({ source }, `${where} is no number`, 'choose columns of numbers with from=NAME');
}
