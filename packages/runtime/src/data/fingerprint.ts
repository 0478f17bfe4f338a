/** What data are known by again: whether a run that goes on sees the rows that it was begun with. */
import { crc32 } from '../crc32.js';
import type { TablePart } from './conversion.js';
import type { RawTable } from './raw-table.js';
import type { ByteSource } from './stream/byte-source.js';

/** Of one source, before its options make values for the model of it. */
export interface DataFingerprint {
  /** Rows that the source takes, before `part` chooses among them, and values in each. */
  readonly rows: number;
  readonly width: number;
  /** How they are kept: `uint8`, `float32`, … */
  readonly values: string;
  /** CRC-32 of all values, or of samples of the bytes where `files` says so; eight hexadecimal digits. */
  readonly checksum: string;
  /** Where rows are read from the files piece by piece. */
  readonly files?: FilesFingerprint | undefined;
}

export interface FilesFingerprint {
  /** In all. */
  readonly bytes: number;
  /** When one of them was last written to, as ISO 8601. */
  readonly modified: string;
}

/** A file whose size and time are known. */
export interface FileSource extends ByteSource {
  readonly size: number;
  /** When it was last written to, as ISO 8601. */
  readonly modified: string;
}

/** Pieces of a file that are looked at, and bytes in each: the first and the last, and others at even distances. */
const SAMPLES = 16;
const SAMPLE_BYTES = 2 ** 16;

export function fingerprintTable({ width, values }: RawTable, { fromRow, toRow }: TablePart): DataFingerprint {
  const taken = values.subarray(fromRow * width, toRow * width);
  const bytes = new Uint8Array(taken.buffer, taken.byteOffset, taken.byteLength);
  return { rows: toRow - fromRow, width, values: kindOf(values), checksum: asHex(crc32(bytes)) };
}

/** `uint8` of a `Uint8Array`. */
export function kindOf(values: RawTable['values']): string {
  return values.constructor.name.replace(/Array$/, '').toLowerCase();
}

/** Of files that would take too long to be read whole. @throws DataError where one cannot be read, or has changed */
export async function fingerprintFiles(
  files: readonly FileSource[],
): Promise<Pick<DataFingerprint, 'checksum'> & { readonly files: FilesFingerprint }> {
  const sums: string[] = [];
  for (const file of files) sums.push(`${String(file.size)} ${asHex(await sumOfSamples(file))}`);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const modified = files.map((file) => file.modified).sort();
  return {
    checksum: asHex(crc32(new TextEncoder().encode(sums.join('\n')))),
    files: { bytes, modified: modified.at(-1) ?? '' },
  };
}

async function sumOfSamples(file: FileSource): Promise<number> {
  const { size } = file;
  if (size <= SAMPLES * SAMPLE_BYTES) return crc32(await file.read(0, size));
  const samples = new Uint8Array(SAMPLES * SAMPLE_BYTES);
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const start = Math.floor((sample / (SAMPLES - 1)) * (size - SAMPLE_BYTES));
    samples.set(await file.read(start, start + SAMPLE_BYTES), sample * SAMPLE_BYTES);
  }
  return crc32(samples);
}

function asHex(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}
