/**
 * The IDX format of the MNIST files: two zero bytes, a type, the number of dimensions, their
 * lengths as big-endian uint32, then the values, row-major and big-endian.
 */
import { DataError } from '../errors.js';
import { gunzip } from './formats/gunzip.js';

export type IdxValues = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: IdxValues;
}

export interface IdxType {
  readonly name: string;
  readonly bytes: number;
  readonly read: (view: DataView, count: number) => IdxValues;
}

const TYPES: ReadonlyMap<number, IdxType> = new Map<number, IdxType>([
  [0x08, { name: 'uint8', bytes: 1, read: (view, count) => new Uint8Array(view.buffer, view.byteOffset, count) }],
  [0x09, { name: 'int8', bytes: 1, read: (view, count) => new Int8Array(view.buffer, view.byteOffset, count) }],
  [
    0x0b,
    {
      name: 'int16',
      bytes: 2,
      read: (view, count) => Int16Array.from({ length: count }, (_, i) => view.getInt16(2 * i)),
    },
  ],
  [
    0x0c,
    {
      name: 'int32',
      bytes: 4,
      read: (view, count) => Int32Array.from({ length: count }, (_, i) => view.getInt32(4 * i)),
    },
  ],
  [
    0x0d,
    {
      name: 'float32',
      bytes: 4,
      read: (view, count) => Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i)),
    },
  ],
  [
    0x0e,
    {
      name: 'float64',
      bytes: 8,
      read: (view, count) => Float64Array.from({ length: count }, (_, i) => view.getFloat64(8 * i)),
    },
  ],
]);

/**
 * Decodes an IDX file, plain or gzipped. `source` names it in messages.
 * @throws DataError when it is truncated, too long, no IDX file, or of a type that is not known.
 */
export async function decodeIdx(bytes: Uint8Array, source: string): Promise<IdxArray> {
  const plain = await gunzip(bytes, source);
  const { shape, type, length } = readIdxHeader(plain, source, plain.length);
  const count = shape.reduce((product, own) => product * own, 1);
  return { shape, values: type.read(new DataView(plain.buffer, plain.byteOffset + length), count) };
}

export interface IdxHeader {
  readonly shape: readonly number[];
  readonly type: IdxType;
  /** Bytes before the values. */
  readonly length: number;
}

/** Of the first bytes of a file that has `size` in all, if that is known. @throws DataError */
export function readIdxHeader(plain: Uint8Array, source: string, size: number | undefined): IdxHeader {
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
  if (plain.length < 4) throw sizeError(source, 4, plain.length);
  const typeCode = view.getUint8(2);
  const rank = view.getUint8(3);
  if (view.getUint16(0) !== 0) {
    const magic = Array.from(plain.subarray(0, 4), hexByte).join(' ');
    throw new DataError(
      { source },
      `not an IDX file: it starts with ${magic}, not with 00 00`,
      'give an IDX file, plain or gzipped',
    );
  }
  const type = TYPES.get(typeCode);
  if (type === undefined) {
    const known = [...TYPES].map(([code, { name }]) => `${hexByte(code)} ${name}`).join(', ');
    throw new DataError({ source }, `IDX type ${hexByte(typeCode)} is not known`, `known types: ${known}`);
  }
  if (rank === 0) throw new DataError({ source }, 'an IDX file without dimensions has no rows', 'give one with rows');
  const length = 4 + 4 * rank;
  if (plain.length < length) throw sizeError(source, length, plain.length);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = length + shape.reduce((product, own) => product * own, type.bytes);
  if (size !== undefined && size !== expected) throw sizeError(source, expected, size, shape, type.name);
  return { shape, type, length };
}

function sizeError(
  source: string,
  expected: number,
  actual: number,
  shape?: readonly number[],
  type?: string,
): DataError {
  const fault = actual < expected ? 'truncated' : 'too long';
  const claim = shape === undefined ? 'an IDX header' : `its header (${shape.join(' × ')} ${type ?? ''})`;
  return new DataError(
    { source },
    `the IDX file is ${fault}: ${claim} asks for ${String(expected)} bytes, and there are ${String(actual)}`,
    'fetch or write the file again',
  );
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0');
}
