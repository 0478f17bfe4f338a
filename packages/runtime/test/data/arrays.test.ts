import { describe, expect, it } from 'vitest';
import { datasetFromArrays, datasetFromColumns, oneHot } from '../../src/data/arrays.js';
import { DataError } from '../../src/errors.js';
import { errorOf, indices, port } from '../fixtures.js';

const PORTS = [port('x', 'binary', [3]), port('y', 'onehot', [2]), port('z', 'real', [])];

describe('datasetFromArrays', () => {
  it('reads rows in any order, from typed and plain arrays', async () => {
    const dataset = datasetFromArrays(PORTS, {
      x: Uint8Array.of(1, 0, 1, 0, 0, 1),
      y: [1, 0, 0, 1],
      z: Float32Array.of(0.5, -1),
    });
    expect(dataset.rows).toBe(2);
    expect(dataset.widths).toEqual({ x: 3, y: 2, z: 1 });
    const rows = await dataset.read({ indices: indices(1, 0, 1), epoch: 0, seed: 0 });
    expect(rows).toEqual({
      x: Float32Array.of(0, 0, 1, 1, 0, 1, 0, 0, 1),
      y: Float32Array.of(0, 1, 1, 0, 0, 1),
      z: Float32Array.of(-1, 0.5, -1),
    });
  });

  it.each([
    [
      'a value that is not binary',
      { x: [0, 1, 0, 1, 2, 0] },
      'data x, array, row 1, column 1: 2 is neither 0 nor 1, as binary[3] asks',
    ],
    [
      'a broken row',
      { x: [0, 1, 0, 1] },
      'data x: 4 values are not whole rows of binary[3]; give a multiple of 3 values',
    ],
    ['an unknown name', { w: [1] }, 'data w: the model declares no data of this name; data of the model: x, y, z'],
    ['numbers of rows that differ', { x: [0, 1, 0], z: [1, 2] }, 'data z, array: 2 rows, but data x (array) has 1'],
    ['infinity', { z: [1, Infinity] }, 'data z, array, row 1, column 0: Infinity is not a finite number'],
    ['nothing', {}, 'a data set needs at least one data name'],
  ])('refuses %s', async (_, arrays, message) => {
    const error = await errorOf(() => datasetFromArrays(PORTS, arrays));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain(message);
  });

  it('refuses a name given twice', async () => {
    const column = { name: 'x', source: 'a', rows: 1, width: 3, read: () => undefined };
    expect((await errorOf(() => datasetFromColumns([column, column]))).message).toContain('data x: is given twice');
  });
});

describe('oneHot', () => {
  it('makes rows with a single 1', () => {
    expect([...oneHot([1, 0], 3)]).toEqual([0, 1, 0, 1, 0, 0]);
  });
  it('refuses what is no label', () => {
    for (const label of [3, -1, 0.5, NaN])
      expect(() => oneHot([0, label], 3)).toThrow(`row 1: ${String(label)} is not a label`);
  });
});
