/** The bytes of a file that is read piece by piece, and must stay as it is meanwhile. */
import { close, fstat, open, read, type BigIntStats } from 'node:fs';
import { promisify } from 'node:util';
import type { FileSource } from '../data/fingerprint.js';
import { DataError } from '../errors.js';

const [openFile, statFile, readFile, closeFile] = [
  promisify(open),
  promisify(fstat),
  promisify(read),
  promisify(close),
];

/** What tells one state of a file from another. */
export type FileState = Pick<BigIntStats, 'size' | 'mtimeNs'>;

export interface FileBytes extends FileSource {
  close(): Promise<void>;
}

/** The file stays open until it is closed. @throws DataError where it cannot be read, and in reading where it has changed */
export async function openFileBytes(path: string, name: string): Promise<FileBytes> {
  const file = await openFile(path, 'r').catch((cause: unknown) => {
    throw unreadable(name, cause);
  });
  const stateOf = (): Promise<BigIntStats> => statFile(file, { bigint: true });
  const before = await stateOf();
  const size = Number(before.size);
  return {
    name,
    size,
    modified: new Date(Number(before.mtimeNs / 1_000_000n)).toISOString(),
    isSeekable: true,
    read: async (start, end) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await readFile(file, bytes, filled, bytes.length - filled, start + filled).catch(
          (cause: unknown) => {
            throw unreadable(name, cause);
          },
        );
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      checkUnchanged(before, await stateOf(), name);
      return bytes.subarray(0, filled);
    },
    close: () => closeFile(file),
  };
}

/** @throws DataError */
export function checkUnchanged(before: FileState, now: FileState, name: string): void {
  if (now.size === before.size && now.mtimeNs === before.mtimeNs) return;
  const change =
    now.size === before.size ? 'it was written to' : `it had ${String(before.size)} bytes, and has ${String(now.size)}`;
  throw new DataError(
    { source: name },
    `the file has changed while it was being read: ${change}`,
    'let nothing write to it during a run; with the file as it was, the run can be resumed',
  );
}

export function unreadable(source: string, cause: unknown): DataError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return new DataError({ source }, `cannot be read (${String(code ?? cause)})`, 'give a file that can be read', {
    cause,
  });
}
