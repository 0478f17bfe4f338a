import { afterEach, describe, expect, it, vi } from 'vitest';
import { compareRow, spreadBytes } from '../../src/data/byte-rows.js';
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

describe('rows of bytes as numbers', () => {
  /** Bytes without a pattern, some of them 0 or 1. */
  const bytes = Uint8Array.from({ length: 40_000 }, (_, place) => (Math.imul(place, 2654435761) >>> 13) & 255);
  const rows = [
    [0, 1],
    [5, 3],
    [1, 16],
    [3, 17],
    [31, 784],
    [7, 16_384],
    [9, 16_385],
  ] as const;

  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  function holds(own: { spreadBytes: typeof spreadBytes; compareRow: typeof compareRow }): void {
    for (const [start, width] of rows) {
      const row = [...bytes.subarray(start, start + width)];
      const target = new Float32Array(width + 4).fill(-1);
      // What is around the row stays.
      const around = (values: readonly number[]): number[] => [-1, -1, ...values, -1, -1];
      own.spreadBytes(bytes, start, width, target, 2);
      expect([...target]).toEqual(around(row));
      for (const above of [-Infinity, -0.5, 0, 0.5, 126.9, 127, 128, 254, 255, 300]) {
        own.compareRow(bytes, start, width, above, target, 2);
        expect([...target]).toEqual(around(row.map((byte) => (byte > above ? 1 : 0))));
      }
    }
    for (const width of [1, 15, 16, 17, 100]) {
      const bits = Uint8Array.from({ length: width }, (_, place) => place % 2);
      const target = new Float32Array(width);
      expect(own.spreadBytes(bits, 0, width, target, 0)).toBe(true);
      for (const [place, value] of [
        [0, 2],
        [width - 1, 255],
      ] as const) {
        const other = bits.slice();
        other[place] = value;
        expect(own.spreadBytes(other, 0, width, target, 0)).toBe(false);
        // The next row is judged by itself.
        expect(own.spreadBytes(bits, 0, width, target, 0)).toBe(true);
      }
    }
  }

  it('are spread and compared, of any width', () => {
    holds({ spreadBytes, compareRow });
  });

  it('are the same where there is no WebAssembly', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    vi.resetModules();
    holds(await import('../../src/data/byte-rows.js'));
  });
});
