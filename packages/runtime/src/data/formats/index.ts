/** Files of data by what they are called: what cannot be told from their name is taken for IDX. */
import { readDelimited } from './delimited.js';
import { gunzip } from './gunzip.js';
import { readIdx } from './idx.js';
import { readJsonLines } from './json-lines.js';
import { readNpy, readNpz } from './numpy.js';
import { readParquet } from './parquet.js';
import type { RawFile } from './raw-file.js';
import type { BlockFile } from '../stream/block-file.js';
import type { ByteSource } from '../stream/byte-source.js';
import { openDelimited } from '../stream/delimited-blocks.js';
import { openIdx } from '../stream/idx-blocks.js';
import { openJsonLines } from '../stream/json-lines-blocks.js';
import { openNpy } from '../stream/npy-blocks.js';
import { openNpz } from '../stream/npz-blocks.js';
import { openParquet } from '../stream/parquet-blocks.js';
import { UnpackedBytes } from '../stream/unpacked-bytes.js';

export interface FileFormat {
  /** As people call it. */
  readonly name: string;
  /** Of unpacked bytes. @throws DataError */
  readonly read: (bytes: Uint8Array, source: string) => RawFile | Promise<RawFile>;
  /** Block by block. @throws DataError */
  readonly open: (bytes: ByteSource) => Promise<BlockFile>;
  /** How many times as many bytes its values take in memory, at least. */
  readonly growth: number;
}

const IDX: FileFormat = { name: 'IDX', read: readIdx, open: openIdx, growth: 1 };
const DELIMITED: FileFormat = { name: 'CSV', read: readDelimited, open: openDelimited, growth: 4 };
const JSON_LINES: FileFormat = {
  name: 'JSON lines',
  read: (bytes, source) => readJsonLines(bytes, source),
  open: openJsonLines,
  growth: 4,
};

/** By the ending of a file's name, without `.gz`. */
export const FORMATS: ReadonlyMap<string, FileFormat> = new Map([
  ['csv', DELIMITED],
  ['tsv', { ...DELIMITED, name: 'TSV' }],
  ['jsonl', JSON_LINES],
  ['ndjson', JSON_LINES],
  ['npy', { name: 'NPY', read: readNpy, open: openNpy, growth: 1 }],
  ['npz', { name: 'NPZ', read: readNpz, open: openNpz, growth: 1 }],
  ['parquet', { name: 'Parquet', read: readParquet, open: openParquet, growth: 4 }],
]);

export function formatOf(path: string): FileFormat {
  const ending = /\.([^./\\]+)$/.exec(path.toLowerCase().replace(/\.gz$/, ''))?.[1] ?? '';
  return FORMATS.get(ending) ?? IDX;
}

/** What a file holds, by the format that its name says. @throws DataError where it is damaged */
export async function decodeFile(bytes: Uint8Array, source: string): Promise<RawFile> {
  return formatOf(source).read(await gunzip(bytes, source), source);
}

/** The same of a file that is too large to be read whole. @throws DataError */
export async function openBlocks(bytes: ByteSource): Promise<BlockFile> {
  const format = formatOf(bytes.name);
  const start = await bytes.read(0, 2);
  const isPacked = start[0] === 0x1f && start[1] === 0x8b;
  return format.open(isPacked ? new UnpackedBytes(bytes, 'gzip', undefined) : bytes);
}
