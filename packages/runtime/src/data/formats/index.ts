/** Files of data by what they are called: what cannot be told from their name is taken for IDX. */
import { readDelimited } from './delimited.js';
import { gunzip } from './gunzip.js';
import { readIdx } from './idx.js';
import { readJsonLines } from './json-lines.js';
import { readNpy, readNpz } from './numpy.js';
import { readParquet } from './parquet.js';
import type { RawFile } from './raw-file.js';

export interface FileFormat {
  /** As people call it. */
  readonly name: string;
  /** Of unpacked bytes. @throws DataError */
  readonly read: (bytes: Uint8Array, source: string) => RawFile | Promise<RawFile>;
}

const IDX: FileFormat = { name: 'IDX', read: readIdx };
const DELIMITED: FileFormat = { name: 'CSV', read: readDelimited };
const JSON_LINES: FileFormat = { name: 'JSON lines', read: readJsonLines };

/** By the ending of a file's name, without `.gz`. */
export const FORMATS: ReadonlyMap<string, FileFormat> = new Map([
  ['csv', DELIMITED],
  ['tsv', { ...DELIMITED, name: 'TSV' }],
  ['jsonl', JSON_LINES],
  ['ndjson', JSON_LINES],
  ['npy', { name: 'NPY', read: readNpy }],
  ['npz', { name: 'NPZ', read: readNpz }],
  ['parquet', { name: 'Parquet', read: readParquet }],
]);

export function formatOf(path: string): FileFormat {
  const ending = /\.([^./\\]+)$/.exec(path.toLowerCase().replace(/\.gz$/, ''))?.[1] ?? '';
  return FORMATS.get(ending) ?? IDX;
}

/** What a file holds, by the format that its name says. @throws DataError where it is damaged */
export async function decodeFile(bytes: Uint8Array, source: string): Promise<RawFile> {
  return formatOf(source).read(await gunzip(bytes, source), source);
}
