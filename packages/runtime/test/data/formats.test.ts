/** Every format of files, and what is wrong with them, as a user meets it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { encode } from 'fast-png';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { dump } from 'npyjs';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parseSource } from '../../src/data/source-spec.js';
import { DataError } from '../../src/errors.js';
import { openDataset, openSource } from '../../src/node/open-source.js';
import { errorOf, gzip, idxBytes, indices, port } from '../fixtures.js';

let directory = '';
const write = async (name: string, content: string | Uint8Array): Promise<void> => {
  await mkdir(dirname(join(directory, name)), { recursive: true });
  await writeFile(join(directory, name), content);
};

/** All rows of a source, flattened. */
async function rowsOf(
  source: string,
  element: Parameters<typeof port>[1],
  shape: readonly number[],
): Promise<number[]> {
  const column = await openSource(parseSource(source), port('x', element, shape), { directory });
  const target = new Float32Array(column.rows * column.width);
  await column.read(
    { indices: indices(...Array.from({ length: column.rows }, (_, row) => row)), epoch: 0, seed: 0 },
    target,
  );
  return [...target];
}

async function messageOf(
  source: string,
  element: Parameters<typeof port>[1],
  shape: readonly number[],
): Promise<string> {
  const error = await errorOf(() => openSource(parseSource(source), port('x', element, shape), { directory }));
  expect(error).toBeInstanceOf(DataError);
  return error.message;
}

const bytes = (buffer: ArrayBuffer): Uint8Array => new Uint8Array(buffer);
const npy = (values: Float32Array | Int32Array | Uint8Array, shape: number[]): Uint8Array => bytes(dump(values, shape));

/** Two rows of three numbers, the first axis fastest, as NumPy writes an array in Fortran's order. */
function fortranNpy(): Uint8Array {
  const header = "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }".padEnd(117, ' ') + '\n';
  const prefix = [0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, header.length & 255, header.length >> 8];
  const values = new Uint8Array(Float64Array.of(1, 4, 2, 5, 3, 6).buffer);
  return Uint8Array.from([...prefix, ...new TextEncoder().encode(header), ...values]);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sbn-formats-'));
  const matrix = Float32Array.of(1, 2, 3, 4, 5, 6);
  await write('a.npy', npy(matrix, [2, 3]));
  await write('a.npy.gz', gzip(npy(matrix, [2, 3])));
  await write('fortran.npy', fortranNpy());
  await write('a.npz', zipSync({ 'x.npy': npy(matrix, [2, 3]), 'y.npy': npy(Int32Array.of(0, 2), [2]) }));
  await write('uneven.npz', zipSync({ 'x.npy': npy(matrix, [2, 3]), 'y.npy': npy(Int32Array.of(0, 2, 1), [3]) }));
  await write('broken.npy', npy(matrix, [2, 3]).slice(0, -8));
  await write('t.csv', 'x0,x1,x2,label\n1,2,3,cat\n4,5,6,dog\n');
  await write('semicolons.csv', 'x0;x1;x2\n1;2;3\n4;5;6\n');
  await write('bare.csv', '1,2,3\n4,5,6\n');
  await write('t.tsv', 'x\tother\n1\t2\n0\t3\n');
  await write('quoted.csv', '"a, b","x"\n"1","0"\n"2",1\n');
  await write('ragged.csv', 'a,b\n1,2\n3\n');
  await write('missing.csv', 'x,y\n1,2\n,3\n');
  await write('words.csv', 'x,y\n1,2\n0,3\nmaybe,4\n');
  await write('latin.csv', Uint8Array.of(0x78, 0x0a, 0xe9, 0x0a));
  await write('t.jsonl', '{"x": [1, 2, 3], "y": "a"}\n\n{"y": "b", "x": [4, 5, 6]}\n');
  await write('rows.jsonl', '[1, 2, 3]\n[4, 5, 6]\n');
  await write('broken.jsonl', '{"x": 1}\n{"x": \n');
  await write('uneven.jsonl', '{"x": [1, 2]}\n{"x": [1]}\n');
  const table = parquetWriteBuffer({
    columnData: [
      { name: 'x', data: [1, 0, 1], type: 'DOUBLE' },
      { name: 'n', data: [3n, 4n, 5n], type: 'INT64' },
      { name: 'kind', data: ['b', 'a', 'b'], type: 'STRING' },
    ],
  });
  await write('t.parquet', bytes(table));
  await write('part-1.csv', 'x\n1\n');
  await write('part-2.csv', 'x\n0\n1\n');
  await write('part-10.csv', 'x\n7\n');
  for (const [name, level] of [
    ['one/a.png', 0],
    ['one/b.png', 200],
    ['two/a.png', 90],
  ] as const) {
    await write(`pictures/${name}`, encode({ width: 2, height: 1, data: Uint8Array.of(level, 255), channels: 1 }));
  }
  await write('colour.png', encode({ width: 2, height: 1, data: Uint8Array.of(255, 0, 0, 0, 255, 0), channels: 3 }));
  await write('mixed/a.png', encode({ width: 1, height: 1, data: Uint8Array.of(0), channels: 1 }));
  await write('mixed/b.png', encode({ width: 2, height: 1, data: Uint8Array.of(0, 0), channels: 1 }));
  await write('not.png', 'no picture');
  await write('rows.idx', idxBytes([10, 1], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
});
afterAll(() => rm(directory, { recursive: true }));

describe('rows of a file', () => {
  const all = [1, 2, 3, 4, 5, 6];
  test.each([
    ['an NPY file', 'a.npy', all],
    ['a gzipped one', 'a.npy.gz', all],
    ['one in the order of Fortran', 'fortran.npy', all],
    ['the array of an NPZ file that is called as the data', 'a.npz', all],
    ['numbered columns of a CSV file', 't.csv', all],
    ['a range of columns', 't.csv,from=x0..x2', all],
    ['columns in an order of their own', 't.csv,from=x2|x0|x1', [3, 1, 2, 6, 4, 5]],
    ['separated by semicolons', 'semicolons.csv', all],
    ['a CSV file without a header', 'bare.csv', all],
    ['JSON lines', 't.jsonl', all],
    ['JSON lines that are arrays', 'rows.jsonl', all],
  ])('%s', async (_, source, expected) => {
    expect(await rowsOf(source, 'real', [3])).toEqual(expected);
  });

  test.each([
    ['a column called as the data', 't.tsv', [1, 0]],
    ['a header in quotes', 'quoted.csv', [0, 1]],
    ['a column of a Parquet file', 't.parquet', [1, 0, 1]],
    ['files by a pattern, in the order of their numbers', 'part-[12].csv', [1, 0, 1]],
  ])('%s', async (_, source, expected) => {
    expect(await rowsOf(source, 'binary', [])).toEqual(expected);
  });

  it('64-bit integers are numbers', async () => {
    expect(await rowsOf('t.parquet,from=n', 'count', [])).toEqual([3, 4, 5]);
  });

  it('texts are labels, in the order of the alphabet', async () => {
    expect(await rowsOf('t.parquet,from=kind', 2, [2])).toEqual([0, 1, 1, 0, 0, 1]);
    expect(await rowsOf('t.csv,from=label', 2, [2])).toEqual([1, 0, 0, 1]);
    expect(await rowsOf('a.npz,from=y', 3, [3])).toEqual([1, 0, 0, 0, 0, 1]);
  });

  it('pictures in a folder, with the names of their folders as labels', async () => {
    expect(await rowsOf('pictures,from=image,binarize=threshold', 'binary', [2])).toEqual([0, 1, 1, 1, 0, 1]);
    expect(await rowsOf('pictures,from=label', 2, [2])).toEqual([1, 0, 1, 0, 0, 1]);
    // The luminance of red and of green.
    expect(await rowsOf('colour.png', 'real', [1, 2])).toEqual([76, 150]);
  });

  it('shares have no row in common, and are all rows together', async () => {
    const of = (part: string): Promise<number[]> => rowsOf(`rows.idx,part=${part},split=3`, 'count', []);
    const [train, rest] = [await of('0:0.7'), await of('0.7:')];
    expect(train).toHaveLength(7);
    expect([...train, ...rest].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(train).toEqual([...train].sort((a, b) => a - b));
    expect(await rowsOf('rows.idx,part=0:0.7,split=4', 'count', [])).not.toEqual(train);
  });
});

describe('what is wrong with a file is said with its place', () => {
  test.each([
    ['ragged.csv', 'binary', [2], ['ragged.csv: line 3 has 1 columns, and the first line 2']],
    ['missing.csv', 'real', [], ['data x, missing.csv, line 3, column x', 'NaN is not a finite number']],
    ['words.csv', 'real', [], ['x has texts ("0", "1", "maybe")', 'declared real', 'onehot[3]', 'row 2']],
    ['words.csv,from=z', 'real', [], ['there is no column "z"', 'x, y']],
    ['words.csv,from=y..x', 'real', [], ['the first column of a range comes before the last']],
    ['t.csv,from=x0|x1', 'real', [3], ['rows of 2 values do not fit real[3]']],
    ['t.csv,from=x1..x2', 'binary', [2], ['line 2, column x1', '2 is not binary']],
    ['part-*.csv', 'binary', [], ['part-10.csv, line 2, column x', '7 is not binary']],
    ['latin.csv', 'real', [], ['latin.csv: the file is not UTF-8 text']],
    ['broken.jsonl', 'real', [], ['broken.jsonl: line 2 is no JSON']],
    ['uneven.jsonl', 'real', [2], ['line 2: x has the shape [1], and [2] before']],
    ['broken.npy', 'real', [3], ['data x, broken.npy: ', 'NPY file']],
    ['uneven.npz', 'real', [3], ['different numbers of rows: x 2, y 3']],
    ['not.png', 'real', [1], ['not a PNG picture']],
    ['mixed', 'real', [1], ['the picture is 2 × 1 pixels, and others 1 × 1']],
    ['none-*.csv', 'real', [], ['there is no file']],
    ['rows.idx,part=0.7:0.2', 'count', [], ['option part cannot be "0.7:0.2"']],
    ['rows.idx,part=0:0.01', 'count', [], ['of 10 rows this is none']],
    ['rows.idx,split=2', 'count', [], ['option split does not belong here; it needs part=from:to']],
  ] as const)('%s', async (source, element, shape, seen) => {
    const message = await messageOf(source, element, shape);
    for (const part of seen) expect(message).toContain(part);
  });

  it('columns that cannot be told apart', async () => {
    const error = await errorOf(() => openSource(parseSource('t.csv'), port('z', 'real', [2]), { directory }));
    expect(error.message).toContain(
      'data z, t.csv: there is no column z, and all 4 together are 4 values, not real[2]',
    );
    expect(error.message).toContain('from=NAME, from=A|B or from=FIRST..LAST; columns: x0, x1, x2, label');
  });
});

it('data of one file by several names', async () => {
  const ports = [port('x', 'real', [3]), port('label', 2, [2])];
  const dataset = await openDataset(ports, { x: parseSource('t.csv'), label: parseSource('t.csv') }, { directory });
  expect(await dataset.read({ indices: indices(1), epoch: 0, seed: 0 })).toEqual({
    x: Float32Array.of(4, 5, 6),
    label: Float32Array.of(0, 1),
  });
});
