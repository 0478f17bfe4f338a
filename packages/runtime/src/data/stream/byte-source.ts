/** Where the bytes of a file come from, piece by piece. */
import { DataError } from '../../errors.js';

export interface ByteSource {
  /** Path, for messages. */
  readonly name: string;
  /** `undefined` where it is known only once all has been read. */
  readonly size: number | undefined;
  /** Whether any piece can be read next; else what lies before it is read again. */
  readonly isSeekable: boolean;
  /** Bytes `[start, end)`, or fewer where the file ends before. The array is the caller's. @throws DataError */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** All of `[start, end)`. @throws DataError where the file ends before. */
export async function readExactly(source: ByteSource, start: number, end: number, what: string): Promise<Uint8Array> {
  const bytes = await source.read(start, end);
  if (bytes.length === end - start) return bytes;
  throw new DataError(
    { source: source.name },
    `the file is truncated: ${what} ends at byte ${String(end)}, and the file at ${String(start + bytes.length)}`,
    'fetch or write the file again',
  );
}

/** A part of another source, as a source. */
export function byteRange(source: ByteSource, from: number, size: number): ByteSource {
  return {
    name: source.name,
    size,
    isSeekable: source.isSeekable,
    read: (start, end) => source.read(from + start, from + Math.min(end, size)),
  };
}
