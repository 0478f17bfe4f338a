/** The CRC-32 of zip and PNG (ISO 3309, reflected polynomial 0xEDB88320), four bytes at a time. */

/** `TABLES[256 k + byte]`: what a byte makes of the remainder with k bytes of 0 behind it. */
const TABLES = makeTables(4);

function makeTables(count: number): Int32Array {
  const tables = new Int32Array(256 * count);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    tables[byte] = value;
  }
  for (let place = 256; place < tables.length; place += 1) {
    const before = tables[place - 256] ?? 0;
    tables[place] = (before >>> 8) ^ (tables[before & 0xff] ?? 0);
  }
  return tables;
}

export function crc32(bytes: Uint8Array): number {
  const table = (place: number): number => TABLES[place] ?? 0;
  const byteAt = (place: number): number => bytes[place] ?? 0;
  const whole = bytes.length - (bytes.length % 4);
  let crc = -1;
  let place = 0;
  for (; place < whole; place += 4) {
    crc ^= byteAt(place) | (byteAt(place + 1) << 8) | (byteAt(place + 2) << 16) | (byteAt(place + 3) << 24);
    crc =
      table(768 + (crc & 0xff)) ^
      table(512 + ((crc >>> 8) & 0xff)) ^
      table(256 + ((crc >>> 16) & 0xff)) ^
      table(crc >>> 24);
  }
  for (; place < bytes.length; place += 1) crc = (crc >>> 8) ^ table((crc ^ byteAt(place)) & 0xff);
  return (crc ^ -1) >>> 0;
}
