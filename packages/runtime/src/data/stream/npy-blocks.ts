/** NumPy's arrays block by block: a block is a range of the first axis, read as a small array file of its own. */
import { at } from '@sbn/program';
import { DataError } from '../../errors.js';
import { damaged, isNpy, readArray } from '../formats/numpy.js';
import type { RawField } from '../formats/raw-file.js';
import { readExactly, type ByteSource } from './byte-source.js';
import { evenBlocks, rowsPerBlock, type BlockFile } from './block-file.js';

/** One array of a file. */
export interface ArrayBlocks {
  readonly name: string | undefined;
  readonly rows: number;
  /** Of one row. */
  readonly shape: readonly number[];
  readonly rowBytes: number;
  readonly isSeekable: boolean;
  /** Rows `[first, first + count)`. @throws DataError */
  readonly read: (first: number, count: number) => Promise<RawField>;
}

/** @throws DataError */
export async function openNpy(bytes: ByteSource): Promise<BlockFile> {
  return blocksOfArrays([await openArray(bytes, undefined)], bytes.name);
}

/** Arrays of as many rows, side by side. */
export function blocksOfArrays(arrays: readonly ArrayBlocks[], source: string): BlockFile {
  const { rows } = at(arrays, 0);
  const rowBytes = arrays.reduce((sum, array) => sum + array.rowBytes, 0);
  const blocks = evenBlocks(rows, rowsPerBlock(rowBytes));
  return {
    source,
    rows,
    blocks,
    isSeekable: arrays.every(({ isSeekable }) => isSeekable),
    mayHaveTexts: false,
    read: async (number, { names } = {}) => {
      const { firstRow, rows: count } = at(blocks, number);
      const fields: RawField[] = [];
      for (const array of arrays) {
        if (names === undefined || array.name === undefined || names.includes(array.name))
          fields.push(await array.read(firstRow, count));
      }
      return { source, rows: count, fields };
    },
  };
}

/** The header of version 1 has at most 65,535 bytes, and what NumPy writes a few hundred. */
const MOST_HEADER = 2 ** 16 + 12;

/** @throws DataError where it is no array of numbers, is shorter than its header says, or has its first axis inside */
export async function openArray(bytes: ByteSource, name: string | undefined): Promise<ArrayBlocks> {
  const source = name === undefined ? bytes.name : `${bytes.name}, array ${name}`;
  const start = await bytes.read(0, MOST_HEADER);
  if (!isNpy(start)) throw damaged(source, 'an NPY file', 'it does not start with \\x93NUMPY');
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const fixed = view.getUint8(6) <= 1 ? 10 : 12;
  const length = fixed + (fixed === 10 ? view.getUint16(8, true) : view.getUint32(8, true));
  const header = new TextDecoder('latin1').decode(start.subarray(fixed, length));
  const shape = (/'shape'\s*:\s*\(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(Number);
  const [rows, ...row] = shape;
  const itemBytes = Number(/'descr'\s*:\s*'[<>|=]?[a-z](\d+)'/.exec(header)?.[1] ?? NaN);
  if (rows === undefined) throw new DataError({ source }, 'an array without axes has no rows', 'give one with rows');
  // Of structures and objects the decoder says what they are.
  if (!(itemBytes > 0)) await readArray(start, bytes.name, name);
  if (/'fortran_order'\s*:\s*True/.test(header) && row.length > 0) {
    const hint = 'save it with numpy.ascontiguousarray, or read it whole with stream=false';
    throw new DataError({ source }, "the array is in Fortran's order, so its rows cannot be read one by one", hint);
  }
  const rowBytes = row.reduce((product, own) => product * own, itemBytes);
  const expected = length + rows * rowBytes;
  if (bytes.size !== undefined && bytes.size < expected) {
    const problem = `the NPY file is truncated: ${shape.join(' × ')} asks for ${String(expected)} bytes, and there are ${String(bytes.size)}`;
    throw new DataError({ source }, problem, 'fetch or write the file again');
  }
  return {
    name,
    rows,
    shape: row,
    rowBytes,
    isSeekable: bytes.isSeekable,
    read: async (first, count) => {
      const from = length + first * rowBytes;
      const content = await readExactly(bytes, from, from + count * rowBytes, `row ${String(first + count - 1)}`);
      const head = new TextEncoder().encode(withRows(header, count));
      const part = new Uint8Array(12 + head.length + content.length);
      part.set([...start.subarray(0, 6), 2, 0]);
      new DataView(part.buffer).setUint32(8, head.length, true);
      part.set(head, 12);
      part.set(content, 12 + head.length);
      return (await readArray(part, bytes.name, name)).field;
    },
  };
}

/** The header with another number of rows, so long that values begin at a multiple of 64. */
function withRows(header: string, rows: number): string {
  const text = header.replace(/('shape'\s*:\s*\()\s*\d+/, `$1${String(rows)}`).trimEnd();
  return `${text.padEnd(Math.ceil((text.length + 13) / 64) * 64 - 13)}\n`;
}
