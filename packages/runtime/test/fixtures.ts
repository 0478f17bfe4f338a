import { gzipSync } from 'node:zlib';
import type { DataPort, ElementKind } from '@sbn/program';

export function port(name: string, element: ElementKind['kind'] | number, shape: readonly number[]): DataPort {
  const kind: ElementKind =
    typeof element === 'number'
      ? { kind: 'onehot', classes: element }
      : element === 'onehot'
        ? { kind: 'onehot', classes: shape.at(-1) ?? 1 }
        : { kind: element };
  const position = { line: 1, column: 1, file: undefined };
  return { name, element: kind, largest: undefined, range: 'any', shape, position, doc: undefined };
}

/** An IDX file of bytes. */
export function idxBytes(shape: readonly number[], values: readonly number[], type = 0x08): Uint8Array {
  const header = [
    0,
    0,
    type,
    shape.length,
    ...shape.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]),
  ];
  return Uint8Array.from([...header, ...values]);
}

export function gzip(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(bytes));
}

export function indices(...rows: number[]): Uint32Array {
  return Uint32Array.from(rows);
}

/** The error that `run` throws or rejects with; fails when there is none. */
export async function errorOf(run: () => unknown): Promise<Error> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('expected an error');
}
