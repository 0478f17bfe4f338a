/** A file of 392 MB is read to its end, each row once, in less memory than it takes. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataPort } from '@sbn/program';
import { parseSource } from '@sbn/runtime';
import { openDataset } from '@sbn/runtime/node';
import { expect, test } from 'vitest';

const ROWS = 500_000;
const WIDTH = 784;
const BATCH = 500;

/** The first three bytes of a row are its number. */
function writeRows(path: string): void {
  const file = openSync(path, 'w');
  const header = Buffer.alloc(12);
  header.writeUInt32BE(0x00000802, 0);
  header.writeUInt32BE(ROWS, 4);
  header.writeUInt32BE(WIDTH, 8);
  writeSync(file, header);
  const rows = Buffer.alloc(1000 * WIDTH, 1);
  for (let row = 0; row < ROWS; row += 1) {
    rows.writeUIntBE(row, (row % 1000) * WIDTH, 3);
    if (row % 1000 === 999) writeSync(file, rows);
  }
  closeSync(file);
}

test.each([',buffer=20000', ',stream=false'])('x.idx%s', async (option) => {
  const directory = mkdtempSync(join(tmpdir(), 'sbn-large-'));
  try {
    writeRows(join(directory, 'x.idx'));
    const port: DataPort = {
      ...{ name: 'x', element: { kind: 'count' }, largest: undefined, range: 'any', shape: [WIDTH], doc: undefined },
      position: { line: 1, column: 1, file: undefined },
    };
    const before = process.memoryUsage().rss;
    const source = parseSource(`x.idx${option}`);
    const data = await openDataset([port], { x: source }, { directory });
    const order =
      data.order?.(0, 1) ?? ((start, end) => Uint32Array.from({ length: end - start }, (_, i) => start + i));
    const seen = new Uint8Array(ROWS);
    let most = 0;
    for (let start = 0; start < ROWS; start += BATCH) {
      const { x } = await data.read({ indices: order(start, start + BATCH), epoch: 0, seed: 1 });
      for (let at = 0; at < BATCH * WIDTH; at += WIDTH) {
        const row = 65536 * (x?.[at] ?? NaN) + 256 * (x?.[at + 1] ?? NaN) + (x?.[at + 2] ?? NaN);
        seen[row] = (seen[row] ?? 0) + 1;
      }
      most = Math.max(most, process.memoryUsage().rss);
    }
    await data.close?.();
    expect(seen.every((count) => count === 1)).toBe(true);
    const taken = most - before;
    // Read whole, it takes as much as it has.
    if (option !== ',stream=false') expect(taken).toBeLessThan(0.6 * ROWS * WIDTH);
    else expect(taken).toBeGreaterThan(0.8 * ROWS * WIDTH);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
