/** Several files as one, row after row. */
import { at } from '@sbn/program';
import { DataError } from '../../errors.js';
import type { RawValues } from '../raw-table.js';
import { widthOf, type RawField, type RawFile } from './raw-file.js';

/** `source` is what they are called together. @throws DataError where their fields are not the same */
export function joinFiles(files: readonly RawFile[], source: string): RawFile {
  const first = at(files, 0);
  if (files.length === 1) return first;
  const starts: number[] = [];
  let rows = 0;
  for (const file of files) {
    starts.push(rows);
    rows += file.rows;
  }
  const fields = first.fields.map((field): RawField => {
    const parts = files.map((file) => findAlike(file, field, first));
    const texts = parts.some((part) => part.texts !== undefined) ? parts.flatMap(textsOf) : undefined;
    return { ...field, values: joinValues(parts.map(({ values }) => values)), texts };
  });
  return {
    source,
    rows,
    fields,
    placeRow: (row) => {
      const place = starts.findLastIndex((start) => start <= row);
      const [file, inFile] = [at(files, place), row - at(starts, place)];
      return { source: file.source, rowName: `row ${String(inFile)}`, ...file.placeRow?.(inFile) };
    },
  };
}

function findAlike(file: RawFile, field: RawField, first: RawFile): RawField {
  const found = file.fields.find(({ name }) => name === field.name);
  if (found !== undefined && widthOf(found) === widthOf(field)) return found;
  const what =
    field.name === undefined
      ? `rows of ${String(widthOf(field))} values`
      : `a column ${field.name} of ${String(widthOf(field))} values`;
  throw new DataError(
    { source: file.source },
    `there is no such ${what} as in ${first.source}`,
    'give files that are alike',
  );
}

/** Numbers of one file can be texts of another. */
function textsOf({ texts, values }: RawField): readonly string[] {
  return texts ?? Array.from(values, String);
}

function joinValues(parts: readonly RawValues[]): RawValues {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const first = at(parts, 0);
  const isBytes = parts.every((part) => part instanceof Uint8Array);
  const isSingle = parts.every((part) => part instanceof Float32Array);
  const joined = isBytes ? new Uint8Array(length) : isSingle ? new Float32Array(length) : new Float64Array(length);
  let start = 0;
  for (const part of parts.length === 0 ? [first] : parts) {
    joined.set(part, start);
    start += part.length;
  }
  return joined;
}
