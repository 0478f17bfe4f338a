/** Generators of data with a hidden cause: what they make has the structure that the examples are to find. */
import { describe, expect, it } from 'vitest';
import type { MemoryColumn } from '../../src/dataset.js';
import { DataError } from '../../src/errors.js';
import { generateColumn, parseSource } from '../../src/index.js';
import { port } from '../fixtures.js';

function readAll(column: MemoryColumn): readonly (readonly number[])[] {
  const request = { indices: Uint32Array.from({ length: column.rows }, (_, row) => row), seed: 0, epoch: 0 };
  const target = new Float32Array(column.rows * column.width);
  column.read(request, target);
  return Array.from({ length: column.rows }, (_, row) => [
    ...target.slice(row * column.width, (row + 1) * column.width),
  ]);
}

const generate = (
  text: string,
  name: string,
  kind: 'real' | 'count' | 'binary',
  shape: readonly number[],
): MemoryColumn => generateColumn(parseSource(text), port(name, kind, shape));

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('documents', () => {
  const rows = readAll(generate('documents,rows=400,words=30', 'w', 'count', [25]));

  it('have the number of words that was asked for', () => {
    for (const row of rows) expect(row.reduce((sum, count) => sum + count, 0)).toBe(30);
  });

  it('are about rows and columns of a board: words of one line come together', () => {
    const together = (a: number, b: number): number => {
      const [x, y] = [rows.map((row) => row[a] ?? NaN), rows.map((row) => row[b] ?? NaN)];
      return mean(x.map((value, index) => (value - mean(x)) * ((y[index] ?? NaN) - mean(y))));
    };
    const inLine = [together(0, 4), together(2, 22), together(10, 14)];
    const apart = [together(0, 6), together(2, 13), together(7, 24)];
    expect(Math.min(...inLine)).toBeGreaterThan(Math.max(...apart) + 0.1);
  });

  it('continue one another, and differ by seed', () => {
    expect(readAll(generate('documents,rows=5,words=30', 'w', 'count', [25]))).toEqual(rows.slice(0, 5));
    expect(readAll(generate('documents,rows=5,words=30,seed=1', 'w', 'count', [25]))).not.toEqual(rows.slice(0, 5));
  });
});

describe('sequences', () => {
  const rows = readAll(generate('sequences,rows=2000,length=10', 's', 'count', [10]));

  it('are symbols from 0 to 3, with those before and after telling what comes', () => {
    expect(new Set(rows.flat())).toEqual(new Set([0, 1, 2, 3]));
    // State 2 shows symbol 3 and is mostly two steps before itself in a round of three.
    const share = (lag: number): number =>
      mean(
        rows.flatMap((row) =>
          row.slice(0, -lag).flatMap((symbol, place) => (symbol === 3 ? [row[place + lag] === 3 ? 1 : 0] : [])),
        ),
      );
    expect(share(3)).toBeGreaterThan(0.5);
    expect(share(1)).toBeLessThan(0.25);
  });

  it('have the length that was asked for', () => {
    expect(readAll(generate('sequences,rows=2,length=3', 's', 'count', [3])).map((row) => row.length)).toEqual([3, 3]);
  });
});

describe('branches', () => {
  const x = readAll(generate('branches,rows=2000', 'x', 'real', [])).flat();
  const y = readAll(generate('branches,rows=2000,targets', 'y', 'real', [])).flat();

  it('answer every input on one of two branches', () => {
    const distances = x.map((value, row) => {
      const answer = y[row] ?? NaN;
      return Math.min(Math.abs(answer - (1 - value ** 2)), Math.abs(answer - (-value / 2 - 0.6)));
    });
    // Five standard deviations of the noise.
    expect(Math.max(...distances)).toBeLessThan(0.5);
    expect(Math.sqrt(mean(distances.map((distance) => distance ** 2)))).toBeCloseTo(0.1, 1);
  });

  it('take the upper one the more often the greater the input', () => {
    const upper = (from: number, to: number): number =>
      mean(x.flatMap((value, row) => (value >= from && value < to ? [(y[row] ?? NaN) > 0 ? 1 : 0] : [])));
    expect(upper(-0.6, -0.4)).toBeLessThan(0.4);
    expect(upper(0.4, 0.6)).toBeGreaterThan(0.6);
  });
});

describe('glyphs', () => {
  it('are known in about the share that was asked for', () => {
    const known = readAll(generate('glyphs,rows=2000,known=0.1', 'known', 'binary', [])).flat();
    // Four standard deviations.
    expect(Math.abs(mean(known) - 0.1)).toBeLessThan(4 * Math.sqrt((0.1 * 0.9) / 2000));
  });

  it('are images, labels or whether they are known, and not two of these', () => {
    expect(() => generate('glyphs,known=0.5,labels', 'known', 'binary', [])).toThrow(DataError);
  });
});
