/** Files that are read piece by piece: the same rows and the same errors as in memory, in an order that is its own. */
import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync, type Zippable } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { dump } from 'npyjs';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parseSource } from '../../src/data/source-spec.js';
import type { Column } from '../../src/dataset.js';
import { DataError } from '../../src/errors.js';
import { openSource } from '../../src/node/open-source.js';
import { errorOf, gzip, idxBytes, port } from '../fixtures.js';

/** So many that every file falls into several blocks. */
const ROWS = 1600;
const WIDTH = 200;

let directory = '';
const write = (name: string, content: string | Uint8Array): Promise<void> => writeFile(join(directory, name), content);

/** Digits that depend on row and column. */
const digit = (row: number, column: number): number => (row * 31 + column * 7 + ((row * column) % 11)) % 10;
const digits = (): number[] =>
  Array.from({ length: ROWS * WIDTH }, (_, place) => digit(Math.floor(place / WIDTH), place % WIDTH));
/** The last label comes late. */
const labelOf = (row: number): string => (row === ROWS - 3 ? 'zebra' : row % 3 === 0 ? 'ant' : 'bee');

function table(separator: string, change: (cells: string[], row: number) => string[] = (cells) => cells): string {
  const header = [...Array.from({ length: WIDTH }, (_, column) => `x${String(column)}`), 'kind'];
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const cells = [...Array.from({ length: WIDTH }, (_, column) => String(digit(row, column))), labelOf(row)];
    return change(cells, row).join(separator);
  });
  return [header.join(separator), ...lines, ''].join('\n');
}

function parquet(): Uint8Array {
  const columns = ['x0', 'x1', 'x2'].map((name, column) => {
    return { name, data: Array.from({ length: ROWS }, (_, row) => digit(row, column)), type: 'DOUBLE' as const };
  });
  const kind = { name: 'kind', data: Array.from({ length: ROWS }, (_, row) => labelOf(row)), type: 'STRING' as const };
  return new Uint8Array(parquetWriteBuffer({ columnData: [...columns, kind], rowGroupSize: 700 }));
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sbn-stream-'));
  const values = digits();
  const npy = (array: Float32Array | Uint8Array, shape: number[]): Uint8Array => new Uint8Array(dump(array, shape));
  const bytes = idxBytes([ROWS, WIDTH], []);
  const idx = new Uint8Array(bytes.length + values.length);
  idx.set(bytes);
  idx.set(values, bytes.length);
  await write('a.idx', idx);
  await write('a.idx.gz', gzip(idx));
  const floats = npy(Float32Array.from(values), [ROWS, WIDTH]);
  await write('a.npy', floats);
  await write('a.npy.gz', gzip(floats));
  const labels = npy(
    Uint8Array.from({ length: ROWS }, (_, row) => row % 3),
    [ROWS],
  );
  const arrays: Zippable = { 'y.npy': labels, 'x.npy': floats };
  await write('stored.npz', zipSync(arrays, { level: 0 }));
  await write('packed.npz', zipSync(arrays, { level: 6 }));
  await write('a.csv', table(','));
  await write('a.csv.gz', gzip(new TextEncoder().encode(table(','))));
  await write('a.tsv', table('\t'));
  // Quotes with line breaks, commas and quotes in them.
  await write(
    'quoted.csv',
    table(',', (cells, row) => (row % 5 === 0 ? [...cells.slice(0, -1), '"a ""b"",\n c"'] : cells)),
  );
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const x = Array.from({ length: WIDTH }, (_, column) => digit(row, column));
    return `${JSON.stringify({ x, kind: labelOf(row) })}${row % 100 === 7 ? '\r\n  \n' : '\n'}`;
  });
  await write('a.jsonl', lines.join(''));
  await write('a.parquet', parquet());
  const half = (ROWS / 2) * WIDTH;
  await write('part-1.npy', npy(Float32Array.from(values.slice(0, half)), [ROWS / 2, WIDTH]));
  await write('part-2.npy', npy(Float32Array.from(values.slice(half)), [ROWS / 2, WIDTH]));
});
afterAll(() => rm(directory, { recursive: true }));

const x = port('x', 'real', [WIDTH]);

const open = (source: string, to = x): Promise<Column> => openSource(parseSource(source), to, { directory });

async function read(column: Column, rows: Uint32Array, epoch = 0, seed = 0): Promise<Float32Array> {
  const target = new Float32Array(rows.length * column.width);
  await column.read({ indices: rows, epoch, seed }, target);
  return target;
}

/** To the last bit; an element-wise comparison of so many takes long. */
function expectEqual(one: Float32Array, other: Float32Array): void {
  expect(Buffer.from(one.buffer).equals(Buffer.from(other.buffer))).toBe(true);
}

/** Rows far apart, one of them twice, and all rows one after the other. */
async function expectSame(streamed: Column, whole: Column): Promise<void> {
  expect([streamed.rows, streamed.width, whole.pieces]).toEqual([whole.rows, whole.width, undefined]);
  expect(streamed.pieces?.rows).toBeLessThan(ROWS);
  const { rows } = whole;
  const apart = Uint32Array.of(rows - 1, 0, Math.floor(rows / 2), 17, rows - 1, 1234 % rows);
  expectEqual(await read(streamed, apart, 3, 8), await read(whole, apart, 3, 8));
  for (let start = 0; start < rows; start += 640) {
    const some = Uint32Array.from({ length: Math.min(640, rows - start) }, (_, index) => start + index);
    expectEqual(await read(streamed, some), await read(whole, some));
  }
}

describe('rows of a streamed file are those of the file in memory', () => {
  test.each([
    'a.idx',
    'a.idx.gz',
    'a.npy',
    'a.npy.gz',
    'stored.npz',
    'packed.npz',
    'a.csv',
    'a.csv.gz',
    'a.tsv',
    'quoted.csv',
    'a.jsonl,from=x',
    'part-*.npy',
    'a.idx,rows=500:1500,part=0.2:0.9,split=4',
    'a.npy,binarize=threshold,threshold=4',
    'a.idx,scale=9',
    'a.idx,binarize=bernoulli,scale=9',
  ])('%s', async (source) => {
    await expectSame(await open(`${source},stream`), await open(source));
  });

  test.each(['a.csv,from=kind', 'quoted.csv,from=kind', 'a.jsonl,from=kind', 'a.parquet,from=kind'])(
    'texts of all blocks are labels: %s',
    async (source) => {
      const y = port('y', 4, [4]);
      await expectSame(await open(`${source},stream`, y), await open(source, y));
    },
  );

  it('reads columns of row groups, a slice of rows, and labels that are numbers', async () => {
    const few = port('x', 'real', [3]);
    await expectSame(await open('a.parquet,from=x0..x2,stream', few), await open('a.parquet,from=x0..x2', few));
    const slice = port('x', 'real', [50]);
    await expectSame(await open('a.npy,slice=20:70,stream', slice), await open('a.npy,slice=20:70', slice));
    const y = port('y', 10, [10]);
    await expectSame(await open('a.csv,from=x3,stream', y), await open('a.csv,from=x3', y));
  });

  it('streams what is large of itself, and what is not only when it is asked to', async () => {
    const above = (streamAbove: number): Promise<Column> =>
      openSource(parseSource('a.idx'), x, { directory, streamAbove });
    expect((await above(ROWS * WIDTH - 1)).pieces).toBeDefined();
    expect((await above(ROWS * WIDTH + 100)).pieces).toBeUndefined();
    expect((await open('a.idx,buffer=100')).pieces?.buffer).toBe(100);
    const forced = await openSource(parseSource('a.idx,stream=false'), x, { directory, streamAbove: 1 });
    expect(forced.pieces).toBeUndefined();
  });
});

describe('what is wrong with a streamed file is said as it is in memory', () => {
  const late = ROWS - 10;
  const change = (place: number, text: string) => (cells: string[], row: number) =>
    row === late ? [...cells.slice(0, place), text, ...cells.slice(place + 1)] : cells;

  /** The message in memory, and the one from the stream, when all rows are read. */
  async function expectSameError(source: string, to = x): Promise<string> {
    const whole = await errorOf(() => open(source, to));
    const streamed = await errorOf(async () => {
      const column = await open(`${source},stream`, to);
      for (let start = 0; start < column.rows; start += 500)
        await read(
          column,
          Uint32Array.from({ length: Math.min(500, column.rows - start) }, (_, index) => start + index),
        );
    });
    expect(streamed).toBeInstanceOf(DataError);
    expect(streamed.message).toBe(whole.message);
    return streamed.message;
  }

  it('a NaN, with its line and column', async () => {
    await write('nan.csv', table(',', change(3, 'nan')));
    expect(await expectSameError('nan.csv')).toBe(
      `data x, nan.csv, line ${String(late + 2)}, column x3: NaN is not a finite number; remove or replace it`,
    );
    const values = Float32Array.from(digits());
    values[late * WIDTH + 3] = NaN;
    await write('nan.npy', new Uint8Array(dump(values, [ROWS, WIDTH])));
    expect(await expectSameError('nan.npy')).toContain(`data x, nan.npy, row ${String(late)}, column 3: NaN is not`);
    expect(await expectSameError('nan.npy,binarize=threshold')).toContain('cannot be compared with a threshold');
  });

  it('a value that is not binary, where what stands for 1 has been found before', async () => {
    const idx = new Uint8Array(16 + ROWS * WIDTH);
    idx.set(idxBytes([ROWS, WIDTH], []));
    for (let place = 0; place < ROWS; place += 1) idx[12 + place * WIDTH] = 255;
    await write('grey.idx', idx.subarray(0, 12 + ROWS * WIDTH));
    const binary = port('x', 'binary', [WIDTH]);
    await expectSame(await open('grey.idx,stream', binary), await open('grey.idx', binary));
    idx[12 + late * WIDTH + 5] = 7;
    await write('grey.idx', idx.subarray(0, 12 + ROWS * WIDTH));
    expect(await expectSameError('grey.idx', binary)).toContain(`row ${String(late)}, column 5: 7 is not binary`);
  });

  it('a line with too few columns, or one that is no JSON', async () => {
    await write(
      'short.csv',
      table(',', (cells, row) => (row === late ? cells.slice(0, 9) : cells)),
    );
    expect(await expectSameError('short.csv')).toContain(`line ${String(late + 2)} has 9 columns`);
    await write('cut.jsonl', `${Array.from({ length: ROWS }, () => `[${'1,'.repeat(WIDTH - 1)}1]`).join('\n')}\n[1,2`);
    expect(await expectSameError('cut.jsonl')).toContain(`line ${String(ROWS + 1)}`);
  });

  it('a label that is none, and labels that are too many', async () => {
    expect(await expectSameError('a.csv,from=x3', port('y', 5, [5]))).toContain('is not a label from 0 to 4');
    expect(await expectSameError('a.csv,from=kind', port('y', 2, [2]))).toContain('has 3 different texts');
  });

  it('a file that is cut off', async () => {
    for (const name of ['a.idx', 'a.npy']) {
      const column = await open(name);
      expect(column.rows).toBe(ROWS);
    }
    const idx = idxBytes(
      [ROWS, WIDTH],
      Array.from({ length: 100 }, () => 0),
    );
    await write('cut.idx', idx);
    expect(await expectSameError('cut.idx')).toContain('the IDX file is truncated');
    const packed = gzip(Uint8Array.from({ length: 3_000_000 }, (_, place) => (place * place) % 251));
    await write('cut.idx.gz', packed.subarray(0, packed.length - 1000));
    expect((await errorOf(() => open('cut.idx.gz,stream'))).message).toContain('data x, cut.idx.gz: ');
  });
});

describe('a file that changes while it is read', () => {
  it.each([
    ['grows', (path: string) => appendFile(path, Uint8Array.of(0)), 'bytes, and has'],
    ['is cut off', (path: string) => truncate(path, 200_000), 'and has 200000'],
  ])('is an error where it %s', async (_, change, words) => {
    const whole = new Uint8Array(12 + ROWS * WIDTH);
    whole.set(idxBytes([ROWS, WIDTH], []));
    await write('moving.idx', whole);
    const column = await open('moving.idx,stream');
    // Rows that are not one after the other, so that nothing is read ahead.
    await read(column, Uint32Array.of(1, 0));
    await change(join(directory, 'moving.idx'));
    const error = await errorOf(() => read(column, Uint32Array.of(ROWS - 1)));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain('moving.idx: the file has changed while it was being read: it had 320012 bytes');
    expect(error.message).toContain(words);
  });
});
