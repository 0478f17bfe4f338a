/**
 * The safetensors format: a little-endian uint64 with the length of a JSON header, the header with
 * each tensor's type, shape and byte range, then the bytes. The checksums of the bytes and of the header are kept
 * in the metadata, which the format leaves to its users.
 */
import { crc32 } from './crc32.js';
import { CheckpointError } from './errors.js';
import type { TensorValues } from './model.js';
import type { Values } from './engine.js';

export interface SafetensorsFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Readonly<Record<string, TensorValues>>;
}

const CHECKSUM = 'crc32';
const HEADER_CHECKSUM = 'header crc32';
const LENGTH_BYTES = 8;
const WAY_OUT = 'use an earlier checkpoint, or write it again';

/** Tensors in the order of their names; the header is padded so that the data start at a multiple of 8. */
export function encodeSafetensors({ metadata, tensors }: SafetensorsFile): Uint8Array {
  const sorted = Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1));
  const header: Record<string, unknown> = {};
  let size = 0;
  const chunks = sorted.map(([name, { shape, values }]) => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    header[name] = {
      dtype: values instanceof Float64Array ? 'F64' : 'F32',
      shape,
      data_offsets: [size, size + bytes.length],
    };
    size += bytes.length;
    return bytes;
  });
  const data = concatBytes(chunks, size);
  const all = { ...metadata, [CHECKSUM]: crc32(data).toString(16) };
  const own = { ...all, [HEADER_CHECKSUM]: checksumOf({ __metadata__: all, ...header }) };
  const text = JSON.stringify({ __metadata__: own, ...header });
  const unpadded = new TextEncoder().encode(text).length;
  const padding = (LENGTH_BYTES - (unpadded % LENGTH_BYTES)) % LENGTH_BYTES;
  const headerBytes = new TextEncoder().encode(text + ' '.repeat(padding));
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setBigUint64(0, BigInt(headerBytes.length), true);
  return concatBytes([length, headerBytes, data], LENGTH_BYTES + headerBytes.length + data.length);
}

/** Of a header without this checksum. What is parsed and written again is the same text. */
function checksumOf(header: Readonly<Record<string, unknown>>): string {
  return crc32(new TextEncoder().encode(JSON.stringify(header))).toString(16);
}

function concatBytes(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/** @throws CheckpointError naming `source` when the bytes are damaged, truncated or of another format. */
export function decodeSafetensors(bytes: Uint8Array, source: string): SafetensorsFile {
  const refuse = (problem: string): CheckpointError => new CheckpointError(`${source}: ${problem}`, WAY_OUT);
  if (bytes.length < LENGTH_BYTES) throw refuse(`${String(bytes.length)} bytes are no safetensors file`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getBigUint64(0, true);
  if (headerLength > BigInt(bytes.length - LENGTH_BYTES)) {
    throw refuse(
      `truncated, or no safetensors file: its header asks for ${String(headerLength)} bytes of ${String(bytes.length)}`,
    );
  }
  const dataStart = LENGTH_BYTES + Number(headerLength);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, dataStart));
  if (header === undefined) throw refuse('its header is no JSON object');
  const data = bytes.subarray(dataStart);
  const { __metadata__: metadata, ...entries } = header;
  const tensors = Object.entries(entries).map(([name, entry]): [string, TensorValues] => {
    const found = readEntry(entry);
    if (found === undefined) throw refuse(`the entry of tensor ${name} is damaged`);
    if (found.end > data.length) {
      throw refuse(`truncated: tensor ${name} ends at byte ${String(found.end)} of ${String(data.length)}`);
    }
    return [name, { shape: found.shape, values: readValues(data.subarray(found.begin, found.end), found.dtype) }];
  });
  const texts = readTexts(metadata);
  const { [HEADER_CHECKSUM]: headerChecksum, ...others } = texts;
  if (headerChecksum !== undefined && headerChecksum !== checksumOf({ __metadata__: others, ...entries })) {
    throw refuse('damaged: the checksum of its header is another');
  }
  const { [CHECKSUM]: checksum, ...own } = others;
  if (checksum !== undefined && checksum !== crc32(data).toString(16)) {
    throw refuse('damaged or truncated: the checksum of its data is another');
  }
  return { metadata: own, tensors: Object.fromEntries(tensors) };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

interface Entry {
  readonly dtype: 'F32' | 'F64';
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readEntry(entry: unknown): Entry | undefined {
  if (!isRecord(entry)) return undefined;
  const { dtype, shape, data_offsets: offsets } = entry;
  if ((dtype !== 'F32' && dtype !== 'F64') || !isCounts(shape) || !isCounts(offsets)) return undefined;
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length !== 2) return undefined;
  const bytes = shape.reduce((product, n) => product * n, dtype === 'F32' ? 4 : 8);
  return end - begin === bytes ? { dtype, shape, begin, end } : undefined;
}

/** Typed arrays are little-endian wherever JavaScript runs today. */
function readValues(bytes: Uint8Array, dtype: 'F32' | 'F64'): Values {
  // A copy, which is aligned; `slice` would not copy a Buffer of Node.
  const { buffer } = new Uint8Array(bytes);
  return dtype === 'F32' ? new Float32Array(buffer) : new Float64Array(buffer);
}

function readTexts(metadata: unknown): Record<string, string> {
  if (!isRecord(metadata)) return {};
  const texts = Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && Number(n) >= 0);
}
