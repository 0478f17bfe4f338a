import type { DataPort } from '@sbn/program';
import { describe, expect, it } from 'vitest';
import { columnFromBytes, generateColumn } from '../../src/data/source.js';
import { parseSource } from '../../src/data/source-spec.js';
import type { MemoryColumn } from '../../src/dataset.js';
import { DataError } from '../../src/errors.js';
import { errorOf, gzip, idxBytes, indices, port } from '../fixtures.js';

function read(column: MemoryColumn, rows: Uint32Array, epoch = 0, seed = 0): number[] {
  const target = new Float32Array(rows.length * column.width);
  column.read({ indices: rows, epoch, seed }, target);
  return [...target];
}

/** Rows [0 100 128 255] and [255 127 0 1]. */
const GREY = idxBytes([2, 2, 2], [0, 100, 128, 255, 255, 127, 0, 1]);

async function open(text: string, to: DataPort, bytes = GREY): Promise<MemoryColumn> {
  return columnFromBytes(parseSource(text), to, bytes);
}

describe('a file for a port', () => {
  it('thresholds at more than 127 unless told otherwise', async () => {
    const column = await open('f,binarize=threshold', port('x', 'binary', [4]));
    expect([column.name, column.source, column.rows, column.width]).toEqual(['x', 'f', 2, 4]);
    expect(read(column, indices(0, 1))).toEqual([0, 0, 1, 1, 1, 0, 0, 0]);
    expect(read(column, indices(1, 0, 1))).toEqual([1, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0]);
    const lower = await open('f,binarize=threshold,threshold=99', port('x', 'binary', [2, 2]));
    expect(read(lower, indices(0, 1))).toEqual([0, 1, 1, 1, 1, 1, 0, 0]);
  });

  it('gives grey levels as they are, or scaled to 1', async () => {
    expect(read(await open('f', port('x', 'real', [4])), indices(0))).toEqual([0, 100, 128, 255]);
    expect(read(await open('f,scale', port('x', 'real', [4])), indices(0))).toEqual(
      [0, 100, 128, 255].map((v) => Math.fround(v / 255)),
    );
    expect(read(await open('f,scale=100', port('x', 'real', [4])), indices(0))).toEqual(
      [0, 1, 1.28, 2.55].map(Math.fround),
    );
    expect(read(await open('f', port('x', 'count', [4])), indices(1))).toEqual([255, 127, 0, 1]);
  });

  it('slices rows and columns', async () => {
    expect(read(await open('f,slice=top', port('x', 'real', [2])), indices(0, 1))).toEqual([0, 100, 255, 127]);
    expect(read(await open('f,slice=bottom', port('x', 'real', [2])), indices(0, 1))).toEqual([128, 255, 0, 1]);
    expect(read(await open('f,slice=1:4', port('x', 'real', [3])), indices(0))).toEqual([100, 128, 255]);
    const last = await open('f,rows=1:', port('x', 'real', [4]));
    expect(last.rows).toBe(1);
    expect(read(last, indices(0))).toEqual([255, 127, 0, 1]);
    expect((await open('f,rows=1', port('x', 'real', [4]))).rows).toBe(1);
  });

  it('takes bytes that are binary already, as 0/1 or as 0/255', async () => {
    const x = port('x', 'binary', [2]);
    expect(read(await open('f', x, idxBytes([2, 2], [0, 1, 1, 0])), indices(0, 1))).toEqual([0, 1, 1, 0]);
    expect(read(await open('f', x, gzip(idxBytes([2, 2], [0, 255, 255, 0]))), indices(0, 1))).toEqual([0, 1, 1, 0]);
    expect(read(await open('f', x, idxBytes([1, 2], [0, 0])), indices(0))).toEqual([0, 0]);
  });

  it('makes labels one-hot', async () => {
    const labels = idxBytes([3], [2, 0, 1]);
    expect(read(await open('f', port('y', 3, [3]), labels), indices(0, 1, 2))).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0]);
    const error = await errorOf(() => open('f', port('y', 2, [2]), labels));
    expect(error.message).toContain('data y, f, row 0, column 0: 2 is not a label from 0 to 1');
  });

  it.each<[string, string, DataPort, Uint8Array, string]>([
    [
      'grey levels for binary data',
      'f',
      port('x', 'binary', [4]),
      GREY,
      'data x, f, row 0, column 1: 100 is not binary, and data x is declared binary[4]; add binarize=threshold',
    ],
    [
      '0, 1 and 255 mixed',
      'f',
      port('x', 'binary', [2]),
      idxBytes([3, 2], [0, 1, 1, 0, 255, 0]),
      'row 2, column 0: 255 is not binary',
    ],
    [
      'rows too wide',
      'f',
      port('x', 'binary', [2]),
      GREY,
      'data x, f: rows of 4 values do not fit binary[2]; take half of each row with slice=top',
    ],
    [
      'rows too narrow, of which none can be chosen',
      'f',
      port('x', 'binary', [9]),
      GREY,
      'rows of 4 values do not fit binary[9]; declare data x with 4 values',
    ],
    [
      'labels in the place of images',
      'f',
      port('x', 'binary', [9]),
      idxBytes([2], [3, 4]),
      'rows of 1 value do not fit binary[9]; if these are labels, give the file that the labels are for',
    ],
    [
      'a slice of rows that fit whole',
      'f,slice=top',
      port('x', 'binary', [4]),
      GREY,
      'rows of 2 values after slicing do not fit binary[4]; leave slice out',
    ],
    ['a binarisation without its name', 'f,binarize', port('x', 'binary', [4]), GREY, 'option binarize has no value'],
    [
      'a scale beside a threshold',
      'f,binarize=threshold,scale',
      port('x', 'binary', [4]),
      GREY,
      'option scale does not belong here; a threshold is for values as they are',
    ],
    [
      'a slice of the wrong width',
      'f,slice=0:3',
      port('x', 'real', [2]),
      GREY,
      'rows of 3 values after slicing do not fit real[2]',
    ],
    [
      'a slice outside the row',
      'f,slice=2:9',
      port('x', 'real', [2]),
      GREY,
      'option slice cannot be "2:9"; the range must lie within 0:4',
    ],
    ['an empty slice', 'f,slice=2:2', port('x', 'real', [2]), GREY, 'not be empty'],
    [
      'no halves',
      'f,slice=top',
      port('x', 'real', [1]),
      idxBytes([1, 3], [1, 2, 3]),
      'a row of 3 values has no halves',
    ],
    [
      'too many rows',
      'f,rows=3',
      port('x', 'real', [4]),
      GREY,
      'option rows cannot be "3"; give an integer from 1 to 2',
    ],
    [
      'an unknown binarisation',
      'f,binarize=half',
      port('x', 'binary', [4]),
      GREY,
      'option binarize cannot be "half"; choose threshold or bernoulli',
    ],
    ['a threshold that does nothing', 'f,threshold=3', port('x', 'binary', [4]), GREY, 'it needs binarize=threshold'],
    [
      'grey levels above full',
      'f,binarize=bernoulli,scale=200',
      port('x', 'binary', [4]),
      GREY,
      'row 0, column 3: 255 is no grey level from 0 to 200',
    ],
    [
      'negative counts',
      'f',
      port('x', 'count', [1]),
      idxBytes([1], [0xff], 0x09),
      'row 0, column 0: -1 is not a count',
    ],
    [
      'counts that their distribution does not have',
      'f',
      { ...port('x', 'count', [1]), largest: 10 },
      idxBytes([2], [10, 11]),
      'row 1, column 0: 11 is more than 10, the largest value that the distribution of x has',
    ],
    [
      'NaN',
      'f',
      port('x', 'real', [1]),
      idxBytes([1], [0x7f, 0xc0, 0, 0], 0x0d),
      'row 0, column 0: NaN is not a finite number',
    ],
    [
      'rows that are not one-hot',
      'f',
      port('y', 2, [2]),
      idxBytes([2, 2], [0, 1, 1, 1]),
      'row 1, column 1: 1 is a second 1',
    ],
    [
      'rows without a 1',
      'f',
      port('y', 2, [2]),
      idxBytes([2, 2], [0, 1, 0, 0]),
      'row 1, column 0: 0 starts 2 values without a 1',
    ],
  ])('refuses %s', async (_, text, to, bytes, message) => {
    const error = await errorOf(() => open(text, to, bytes));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain(message);
  });

  it('numbers rows and columns as in the file, after slicing too', async () => {
    const error = await errorOf(() =>
      open('f,rows=1:,slice=bottom', port('x', 'binary', [2]), idxBytes([2, 4], [9, 9, 9, 9, 9, 9, 0, 7])),
    );
    expect(error.message).toContain('row 1, column 3: 7 is not binary');
  });
});

describe('Bernoulli binarisation', () => {
  const bytes = idxBytes([400, 3], Array.from({ length: 400 }, () => [0, 64, 255]).flat());

  it('draws by row, epoch and seed, whatever rows it is asked for together', async () => {
    const column = await open('f,binarize=bernoulli', port('x', 'binary', [3]), bytes);
    const all = Uint32Array.from({ length: 400 }, (_, row) => row);
    const first = read(column, all);
    expect(read(column, all)).toEqual(first);
    expect(read(column, indices(17, 3))).toEqual([...first.slice(51, 54), ...first.slice(9, 12)]);
    expect(read(column, all, 1)).not.toEqual(first);
    expect(read(column, all, 0, 1)).not.toEqual(first);
  });

  it('keeps black and white, and draws grey in proportion', async () => {
    const column = await open('f,binarize=bernoulli', port('x', 'binary', [3]), bytes);
    const all = Uint32Array.from({ length: 400 }, (_, row) => row);
    let ones = 0;
    const epochs = 50;
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      const values = read(column, all, epoch);
      for (let row = 0; row < 400; row += 1) {
        expect(values[3 * row]).toBe(0);
        ones += values[3 * row + 1] ?? NaN;
        expect(values[3 * row + 2]).toBe(1);
      }
    }
    const n = 400 * epochs;
    const p = 64 / 255;
    expect(Math.abs(ones / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
  });
});

describe('generators', () => {
  it.each([1, 2, 3, 4])('bars of side %i are all the distinct bars and stripes', (n) => {
    const column = generateColumn(parseSource(`bars,n=${String(n)}`), port('x', 'binary', [n * n]));
    expect(column.rows).toBe(2 ** (n + 1) - 2);
    const patterns = Array.from({ length: column.rows }, (_, row) => read(column, indices(row)));
    expect(new Set(patterns.map((pattern) => pattern.join(''))).size).toBe(column.rows);
    for (const pattern of patterns) {
      const rows = Array.from({ length: n }, (_, y) => pattern.slice(y * n, (y + 1) * n));
      const columns = Array.from({ length: n }, (_, x) => rows.map((row) => row[x]));
      const uniform = (line: readonly unknown[]): boolean => line.every((value) => value === line[0]);
      expect(rows.every(uniform) || columns.every(uniform)).toBe(true);
    }
  });

  it('glyphs are grey images, the same for a seed, and more rows continue fewer', () => {
    const x = port('x', 'real', [28, 28]);
    const few = generateColumn(parseSource('glyphs,rows=3'), x);
    const more = generateColumn(parseSource('glyphs,rows=5'), x);
    const other = generateColumn(parseSource('glyphs,rows=3,seed=1'), x);
    expect(read(more, indices(0, 1, 2))).toEqual(read(few, indices(0, 1, 2)));
    expect(read(other, indices(0))).not.toEqual(read(few, indices(0)));
    const values = read(few, indices(0));
    expect(Math.max(...values)).toBe(255);
    expect(Math.min(...values)).toBe(0);
    expect(new Set(values).size).toBeGreaterThan(20);
    // The frame stays black: the digit is inside.
    expect(values.slice(0, 28)).toEqual(new Array<number>(28).fill(0));
  });

  it('glyph images can be told apart by their labels', () => {
    // Nearest class mean on fresh glyphs: a tenth would be chance, and noise would stay there.
    const train = 1500;
    const test = 500;
    const images = (seed: number, rows: number): MemoryColumn =>
      generateColumn(parseSource(`glyphs,rows=${String(rows)},seed=${String(seed)},scale`), port('x', 'real', [784]));
    const labels = (seed: number, rows: number): number[] => {
      const column = generateColumn(
        parseSource(`glyphs,rows=${String(rows)},seed=${String(seed)},labels`),
        port('y', 'count', [1]),
      );
      return read(
        column,
        Uint32Array.from({ length: rows }, (_, row) => row),
      );
    };
    const means = Array.from({ length: 10 }, () => new Float64Array(784));
    const counts = new Array<number>(10).fill(0);
    const trainImages = images(0, train);
    labels(0, train).forEach((label, row) => {
      read(trainImages, indices(row)).forEach((value, pixel) => {
        const mean = means[label];
        if (mean !== undefined) mean[pixel] = (mean[pixel] ?? 0) + value;
      });
      counts[label] = (counts[label] ?? 0) + 1;
    });
    expect(Math.min(...counts)).toBeGreaterThan(100);
    const testImages = images(1, test);
    let right = 0;
    labels(1, test).forEach((label, row) => {
      const image = read(testImages, indices(row));
      const distances = means.map((mean, digit) =>
        image.reduce((sum, value, pixel) => sum + (value - (mean[pixel] ?? 0) / (counts[digit] ?? 1)) ** 2, 0),
      );
      if (distances.indexOf(Math.min(...distances)) === label) right += 1;
    });
    expect(right / test).toBeGreaterThan(0.6);
  });

  it('refuse options out of range, and names that do not exist', async () => {
    const x = port('x', 'binary', [16]);
    expect((await errorOf(() => generateColumn(parseSource('bars,n=0'), x))).message).toContain(
      'give an integer from 1 to 12',
    );
    expect((await errorOf(() => generateColumn(parseSource('bars,n=3'), x))).message).toContain(
      'rows of 9 values do not fit binary[16]',
    );
    expect((await errorOf(() => generateColumn({ name: 'bar', options: {} }, x))).message).toContain(
      'did you mean bars?',
    );
    expect((await errorOf(() => generateColumn(parseSource('glyphs,labels=maybe'), x))).message).toContain(
      'write labels alone',
    );
  });
});
