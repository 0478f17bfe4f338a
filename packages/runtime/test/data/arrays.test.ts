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

  it.each([
    ['positive', 0, [1, 0], '0 is not above 0, where the distribution of z has no density'],
    // 1e-60 is 0 in float32.
    ['positive', 0, [1, 1e-60], '1e-60 is not above 0'],
    ['non_negative', 0, [0, -1], '-1 is below 0'],
    ['open_unit', 0, [0.5, 1 - 1e-9], '0.999999999 is not between 0 and 1, both excluded'],
    ['open_unit', 0, [0.5, 0], '0 is not between 0 and 1'],
    [
      'total',
      3,
      [1, 2, 0, 2],
      'row 1, column 0: 0 starts 2 counts that add up to 2, and the distribution of z has 3 trials',
    ],
  ] as const)('refuses data of range %s that are outside', async (range, trials, values, message) => {
    const counts = { ...port('z', 'count', [2]), range, largest: trials };
    const dataPort = range === 'total' ? counts : { ...port('z', 'real', []), range };
    expect((await errorOf(() => datasetFromArrays([dataPort], { z: values }))).message).toContain(message);
  });

  it('takes data that are inside of their range', () => {
    const inside = [
      [{ ...port('z', 'real', []), range: 'positive' }, [1e-30, 3]],
      [{ ...port('z', 'real', []), range: 'non_negative' }, [0, 3]],
      [{ ...port('z', 'real', []), range: 'open_unit' }, [1e-30, 0.9999999]],
      [{ ...port('z', 'count', [2]), range: 'total', largest: 3 }, [0, 3, 1, 2]],
    ] as const;
    for (const [dataPort, values] of inside) expect(datasetFromArrays([dataPort], { z: values }).rows).toBe(2);
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
