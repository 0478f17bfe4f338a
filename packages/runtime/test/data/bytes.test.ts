import { describe, expect, it } from 'vitest';
import { areBits, compareBytes } from '../../src/data/bytes.js';

/** All bytes, from each of four places of memory on, so that words begin with and without them. */
const everyByte = (offset: number): Uint8Array => {
  const bytes = new Uint8Array(new ArrayBuffer(offset + 256), offset);
  bytes.forEach((_, place) => (bytes[place] = 255 - place));
  return bytes;
};

describe('bytes, four at a time', () => {
  it.each([0, 1, 2, 3])('are compared one by one, %i bytes into memory', (offset) => {
    const bytes = everyByte(offset);
    for (const above of [-Infinity, -1, -0.5, 0, 0.5, 1, 126.9, 127, 128, 254, 255, 300]) {
      for (const [start, length] of [
        [0, 256],
        [4, 248],
        [3, 13],
      ] as const) {
        const bits = new Uint8Array(length);
        compareBytes(bytes, start, above, bits);
        const expected = bytes.subarray(start, start + length).map((byte) => (byte > above ? 1 : 0));
        expect([...bits]).toEqual([...expected]);
      }
    }
  });

  it.each([0, 1, 2, 3])('are known as 0 and 1, or not, %i bytes into memory', (offset) => {
    for (let wrong = 0; wrong < 12; wrong += 1) {
      const own = new Uint8Array(new ArrayBuffer(offset + 12), offset);
      own.set(own.map((_, place) => place % 2));
      expect(areBits(own, 0, 12)).toBe(true);
      own[wrong] = 2;
      expect(areBits(own, 0, 12)).toBe(false);
      expect(areBits(own, 0, wrong)).toBe(true);
      expect(areBits(own, wrong + 1, 12)).toBe(true);
      own[wrong] = 128;
      expect(areBits(own, 0, 12)).toBe(false);
    }
  });
});
