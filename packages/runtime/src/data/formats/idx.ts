import { decodeIdx } from '../idx.js';
import type { RawFile } from './raw-file.js';

/** The first axis counts rows. @throws DataError */
export async function readIdx(bytes: Uint8Array, source: string): Promise<RawFile> {
  const { shape, values } = await decodeIdx(bytes, source);
  const [rows = 0, ...row] = shape;
  const full = values instanceof Uint8Array ? 255 : 1;
  return { source, rows, fields: [{ name: undefined, shape: row, values, full }] };
}
