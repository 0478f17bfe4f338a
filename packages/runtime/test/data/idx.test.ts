import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeIdx } from '../../src/data/idx.js';
import { DataError } from '../../src/errors.js';
import { errorOf, gzip, idxBytes } from '../fixtures.js';

describe('decodeIdx', () => {
  it('reads bytes, plain and gzipped', async () => {
    const file = idxBytes([2, 3], [1, 2, 3, 4, 5, 255]);
    for (const bytes of [file, gzip(file)]) {
      const { shape, values } = await decodeIdx(bytes, 'a.idx');
      expect(shape).toEqual([2, 3]);
      expect(values).toBeInstanceOf(Uint8Array);
      expect([...values]).toEqual([1, 2, 3, 4, 5, 255]);
    }
  });

  it('reads every type, big-endian', async () => {
    const cases: [number, number[], number][] = [
      [0x09, [0xff], -1],
      [0x0b, [0xff, 0xfe], -2],
      [0x0c, [0x00, 0x01, 0x00, 0x00], 65536],
      [0x0d, [0x3f, 0xc0, 0x00, 0x00], 1.5],
      [0x0e, [0xbf, 0xe0, 0, 0, 0, 0, 0, 0], -0.5],
    ];
    for (const [type, bytes, value] of cases) {
      const { values } = await decodeIdx(idxBytes([1], bytes, type), 'a.idx');
      expect([...values]).toEqual([value]);
    }
  });

  it('reads a view into a larger buffer', async () => {
    const file = idxBytes([3], [7, 8, 9]);
    const larger = new Uint8Array(file.length + 5);
    larger.set(file, 5);
    expect([...(await decodeIdx(larger.subarray(5), 'a.idx')).values]).toEqual([7, 8, 9]);
  });

  it.each([
    [
      'truncated',
      idxBytes([2, 3], [1, 2, 3]),
      'a.idx: the IDX file is truncated: its header (2 × 3 uint8) asks for 18 bytes, and there are 15',
    ],
    ['too long', idxBytes([2], [1, 2, 3]), 'too long: its header (2 uint8) asks for 10 bytes, and there are 11'],
    ['without a whole header', idxBytes([2, 2], []).subarray(0, 9), 'asks for 12 bytes, and there are 9'],
    ['empty', new Uint8Array(), 'asks for 4 bytes, and there are 0'],
    [
      'of another format',
      Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d]),
      'not an IDX file: it starts with 89 50 4e 47',
    ],
    ['of an unknown type', idxBytes([1], [0], 0x0a), 'IDX type 0a is not known; known types: 08 uint8'],
    ['with a huge claim', idxBytes([0xffffffff, 0xffffffff], [1]), 'truncated'],
  ])('names what is wrong with a file that is %s', async (_, bytes, message) => {
    const error = await errorOf(() => decodeIdx(bytes, 'a.idx'));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain(message);
  });

  it('names a damaged or truncated gzip file', async () => {
    const file = gzip(
      idxBytes(
        [1000],
        Array.from({ length: 1000 }, (_, i) => (i * 31) % 251),
      ),
    );
    for (const bytes of [
      file.subarray(0, file.length - 20),
      file.subarray(0, 12),
      Uint8Array.from(file, (b, i) => (i === 40 ? b ^ 255 : b)),
    ]) {
      const error = await errorOf(() => decodeIdx(bytes, 'images.gz'));
      expect(error).toBeInstanceOf(DataError);
      expect(error.message).toMatch(/^images\.gz: .*(truncated|damaged)/);
    }
  });

  it('gives values or a DataError for any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), async (bytes) => {
        const result = await decodeIdx(bytes, 'x').catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toBeInstanceOf(DataError);
      }),
      { numRuns: 300 },
    );
  });
});
