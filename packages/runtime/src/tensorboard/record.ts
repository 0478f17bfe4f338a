/** TFRecord: the framing of event files. */
import { maskedCrc32c } from './crc32c.js';

/**
 * `length` (8 bytes), the masked CRC-32C of these (4 bytes), `data`, and its masked CRC-32C (4 bytes); all numbers little-endian, as in
 * TensorFlow's `record_writer.h`. A file is one record after the other.
 */
export function encodeRecord(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + 4 + data.length + 4);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return bytes;
}
