/** Reads event files as their specifications have them, without any of the code that writes them. */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** CRC-32C bit by bit, from the polynomial x³² + x²⁸ + … as RFC 3720 has it. */
export function slowCrc32c(bytes: Uint8Array): number {
  const polynomial = 0x1edc6f41n;
  let remainder = 0xffffffffn;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit += 1) {
      const top = (remainder >> 31n) & 1n;
      remainder = (remainder << 1n) & 0xffffffffn;
      if (top !== BigInt((byte >> bit) & 1)) remainder ^= polynomial;
    }
  }
  let reflected = 0n;
  for (let bit = 0n; bit < 32n; bit += 1n) reflected |= ((remainder >> bit) & 1n) << (31n - bit);
  return Number(reflected ^ 0xffffffffn);
}

/** The data of each record. @throws where a checksum is wrong or bytes are left over. */
export function readRecords(bytes: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    expectChecksum(bytes.subarray(at, at + 8), view.getUint32(at + 8, true));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expectChecksum(data, view.getUint32(at + 12 + length, true));
    records.push(data);
    at += 16 + length;
  }
  return records;
}

/** `unmask(masked) = rotate left by 15 of (masked − 0xa282ead8)`. */
function expectChecksum(bytes: Uint8Array, masked: number): void {
  const rotated = (BigInt(masked) - 0xa282ead8n) & 0xffffffffn;
  const crc = ((rotated << 15n) | (rotated >> 17n)) & 0xffffffffn;
  if (Number(crc) !== slowCrc32c(bytes)) throw new Error('a checksum is wrong');
}

/** A message without its schema: the values of each field, in the order that they come. */
export type Fields = ReadonlyMap<number, readonly (bigint | number | Uint8Array)[]>;

export function readFields(bytes: Uint8Array): Fields {
  const reader = new BinaryReader(bytes);
  const fields = new Map<number, (bigint | number | Uint8Array)[]>();
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    fields.set(field, [...(fields.get(field) ?? []), readField(reader, type)]);
  }
  return fields;
}

function readField(reader: BinaryReader, type: WireType): bigint | number | Uint8Array {
  if (type === WireType.Varint) return BigInt(reader.uint64());
  if (type === WireType.Bit64) return reader.double();
  if (type === WireType.Bit32) return reader.float();
  if (type === WireType.LengthDelimited) return reader.bytes();
  throw new Error(`wire type ${type}`);
}

export function messageAt(fields: Fields, ...path: readonly number[]): Fields {
  let at = fields;
  for (const field of path) at = readFields(bytesAt(at, field));
  return at;
}

export function bytesAt(fields: Fields, field: number): Uint8Array {
  const value = fields.get(field)?.[0];
  if (!(value instanceof Uint8Array)) throw new Error(`field ${field} is no bytes`);
  return value;
}

export function textAt(fields: Fields, field: number): string {
  return new TextDecoder().decode(bytesAt(fields, field));
}

export interface ReadPoint {
  readonly step: number;
  readonly tag: string;
  readonly value: number;
}

/** Events of a file: its version, the step that it starts with, and scalars as floats. */
export interface ReadLog {
  readonly version: string;
  readonly start: number;
  readonly wallTimes: readonly number[];
  readonly points: readonly ReadPoint[];
}

export function readEventFile(bytes: Uint8Array): ReadLog {
  const events = readRecords(bytes).map(readFields);
  const [first] = events;
  if (first === undefined) throw new Error('the file is empty');
  return {
    version: textAt(first, 3),
    start: Number(events.find((event) => event.has(7))?.get(2)?.[0]),
    wallTimes: events.map((event) => Number(event.get(1)?.[0])),
    points: events.flatMap((event) => {
      const values = event.has(5) ? (readFields(bytesAt(event, 5)).get(1) ?? []) : [];
      return values.flatMap((bytes) => {
        const value = readFields(bytes as Uint8Array);
        const tensor = messageAt(value, 8);
        if (tensor.get(1)?.[0] !== 1n) return [];
        const floats = bytesAt(tensor, 5);
        const number = new DataView(floats.buffer, floats.byteOffset, 4).getFloat32(0, true);
        return [{ step: Number(event.get(2)?.[0]), tag: textAt(value, 1), value: number }];
      });
    }),
  };
}
