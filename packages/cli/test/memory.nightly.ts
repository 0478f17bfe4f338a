/** Ten thousand steps take no more memory than the first five hundred. */
import { createTfjsEngine, loadModel, type Engine } from '@sbn/runtime';
import { createNativeEngine } from '@sbn/runtime/node';
import { expect, test } from 'vitest';
import { compileExample, openExampleData } from './example-table.js';
import { isNativeInstalled, orSkipped } from './native.js';

/** Bytes by which a collector of garbage makes resident memory go up and down. One tensor of the first layer for each step would be 600 MB. */
const NOISE = 48e6;

const ENGINES: readonly { readonly name: string; readonly open: () => Promise<Engine>; readonly isThere: boolean }[] = [
  { name: `native${orSkipped}`, open: () => createNativeEngine(), isThere: isNativeInstalled },
  { name: 'wasm', open: () => createTfjsEngine({ backend: 'wasm' }), isThere: true },
];

for (const { name, open, isThere } of ENGINES)
  test.skipIf(!isThere)(name, async () => {
    const artifact = await compileExample('sbn2.sbn', { H: 20 });
    const data = await openExampleData(artifact, { x: 'glyphs,rows=400,binarize=threshold' });
    const model = await loadModel(artifact, { engine: await open(), seed: 1 });
    const resident: number[] = [];
    for await (const { step } of model.train({ data, steps: 10_000, batch: 24 }))
      if (step >= 500 && step % 500 === 0) resident.push(process.memoryUsage().rss);
    model.dispose();
    const [first = NaN] = resident;
    expect(resident.length).toBe(20);
    expect(Math.max(...resident) - first).toBeLessThan(NOISE);
  });
