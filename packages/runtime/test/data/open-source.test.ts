import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSource } from '../../src/data/source-spec.js';
import { openDataset, openSource } from '../../src/node/open-source.js';
import { DataError } from '../../src/errors.js';
import { errorOf, gzip, idxBytes, indices, port } from '../fixtures.js';

describe('sources in files', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sbn-data-'));
    await writeFile(join(directory, 'images.gz'), gzip(idxBytes([3, 4], [0, 0, 9, 200, 1, 1, 1, 1, 255, 255, 0, 0])));
    await writeFile(join(directory, 'short.idx'), idxBytes([3, 4], [0, 0]));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('joins files and generators to one data set', async () => {
    const ports = [port('top', 'binary', [2]), port('bottom', 'binary', [2])];
    const dataset = await openDataset(
      ports,
      {
        top: parseSource('images.gz,binarize=threshold,slice=top'),
        bottom: parseSource('images.gz,binarize=threshold,slice=bottom'),
      },
      { directory },
    );
    expect(dataset.rows).toBe(3);
    expect(await dataset.read({ indices: indices(0, 2), epoch: 0, seed: 0 })).toEqual({
      top: Float32Array.of(0, 0, 1, 1),
      bottom: Float32Array.of(0, 1, 0, 0),
    });
    expect((await openSource(parseSource('bars,n=2'), port('x', 'binary', [4]))).rows).toBe(6);
  });

  it('names the path and the data of a file that is missing, and what was perhaps meant', async () => {
    const missing = await errorOf(() => openSource(parseSource('none.gz'), port('x', 'binary', [4]), { directory }));
    expect(missing).toBeInstanceOf(DataError);
    expect(missing.message).toContain(`data x, none.gz: there is no file ${join(directory, 'none.gz')}`);
    const glyfs = await errorOf(() => openSource(parseSource('glyfs'), port('x', 'binary', [4]), { directory }));
    expect(glyfs.message).toContain('did you mean glyphs?');
    const folder = await errorOf(() => openSource(parseSource('.'), port('x', 'binary', [4]), { directory }));
    expect(folder).toBeInstanceOf(DataError);
    expect(folder.message).toContain('there is no PNG picture in this folder');
  });

  it('names a file that is damaged, data that are unknown, and rows that differ', async () => {
    const ports = [port('x', 'binary', [4]), port('y', 'binary', [4])];
    const short = await errorOf(() => openDataset(ports, { x: parseSource('short.idx') }, { directory }));
    expect(short.message).toContain('short.idx: the IDX file is truncated');
    const unknown = await errorOf(() => openDataset(ports, { z: parseSource('bars,n=2') }));
    expect(unknown.message).toContain('data z: the model declares no data of this name');
    const differ = await errorOf(() =>
      openDataset(ports, { x: parseSource('images.gz,binarize=threshold'), y: parseSource('bars,n=2') }, { directory }),
    );
    expect(differ.message).toContain('data y, bars: 6 rows, but data x (images.gz) has 3');
  });
});
