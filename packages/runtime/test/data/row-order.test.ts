/** The order of an epoch of rows that are read piece by piece. */
import { describe, expect, it } from 'vitest';
import { createOrder, type OrderLayout } from '../../src/data/stream/row-order.js';
import type { RowRange } from '../../src/dataset.js';
import { noiseKey, shuffledOrder } from '../../src/noise/noise.js';

const LAYOUT: OrderLayout = { rows: 1003, pieceRows: 20, buffer: 150, isSeekable: true };
const SEQUENTIAL: OrderLayout = { ...LAYOUT, isSeekable: false };

/** In batches of seven, as training asks for them. */
function whole(layout: OrderLayout, epoch: number, seed: number): number[] {
  const order = createOrder(layout, epoch, seed, () => undefined);
  const rows: number[] = [];
  for (let start = 0; start < layout.rows; start += 7) rows.push(...order(start, Math.min(layout.rows, start + 7)));
  return rows;
}

const ALL = Array.from({ length: LAYOUT.rows }, (_, row) => row);

describe.each([
  ['pieces in any order', LAYOUT],
  ['pieces one after the other', SEQUENTIAL],
  ['pieces larger than the buffer', { ...LAYOUT, pieceRows: 400 }],
  ['a buffer for all', { ...LAYOUT, buffer: 5000 }],
  ['a buffer of one row', { ...SEQUENTIAL, buffer: 1 }],
])('an order of %s', (_, layout) => {
  it('has each row once in every epoch', () => {
    for (const epoch of [0, 1, 2]) expect(whole(layout, epoch, 3).sort((a, b) => a - b)).toEqual(ALL);
  });

  it('follows from epoch and seed, wherever one begins', () => {
    const rows = whole(layout, 1, 3);
    expect(whole(layout, 1, 3)).toEqual(rows);
    const later = createOrder(layout, 1, 3, () => undefined);
    expect([...later(500, 533)]).toEqual(rows.slice(500, 533));
    expect([...later(10, 12)]).toEqual(rows.slice(10, 12));
  });
});

it('is another in every epoch and for every seed', () => {
  for (const layout of [LAYOUT, SEQUENTIAL]) {
    expect(whole(layout, 1, 3)).not.toEqual(whole(layout, 0, 3));
    expect(whole(layout, 0, 4)).not.toEqual(whole(layout, 0, 3));
  }
});

it('is that of data in memory where the buffer holds all rows', () => {
  expect(whole({ ...LAYOUT, buffer: 1003 }, 2, 9)).toEqual([...shuffledOrder(1003, noiseKey(9, 'shuffle'), 2)]);
});

it('mixes pieces from all over the file, or keeps to the buffer where it cannot', () => {
  const first = whole(LAYOUT, 0, 1).slice(0, 150);
  expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(500);
  const rows = whole(SEQUENTIAL, 0, 1);
  // A row is at most two buffers from its place.
  expect(Math.max(...rows.map((row, place) => Math.abs(row - place)))).toBeLessThan(300);
  // And not where it was.
  expect(rows.filter((row, place) => row === place).length).toBeLessThan(50);
});

it('says which rows come before they are asked for', () => {
  const expected: (readonly RowRange[])[] = [];
  const order = createOrder(LAYOUT, 0, 1, (ranges) => expected.push(ranges));
  const holds = (row: number): boolean => (expected.at(-1) ?? []).some(([from, to]) => from <= row && row < to);
  for (let start = 0; start + 40 <= LAYOUT.rows; start += 40) {
    expect([...order(start, start + 40)].every(holds)).toBe(true);
    const next = createOrder(LAYOUT, 0, 1, () => undefined)(Math.min(963, start + 40), Math.min(1003, start + 80));
    expect([...next].every(holds)).toBe(true);
  }
  // Two buffers are in memory at most, three where a batch begins in one and ends in the next.
  for (const ranges of expected)
    expect(ranges.reduce((sum, [from, to]) => sum + to - from, 0)).toBeLessThanOrEqual(450);
});
