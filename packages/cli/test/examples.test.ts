/** Every example compiles, learns at a small size on built-in data, evaluates and samples; the embedding app runs. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeArtifact } from '@sbn/program';
import { createTfjsEngine, loadModel, type Evaluation } from '@sbn/runtime';
import { expect, test } from 'vitest';
import { compileExample, EXAMPLES, EXAMPLES_FOLDER, openExampleData, PAPER } from './example-table.js';

/** What is to be made small: the negative bound, or the cost. */
function lossOf(evaluation: Evaluation): number {
  return evaluation.kind === 'bound' ? -evaluation.bound.mean : evaluation.cost.mean;
}

test.each([...EXAMPLES, ...PAPER])('$file learns', async ({ file, constants, sources, steps, lr, gain }) => {
  const artifact = await compileExample(file, constants);
  const data = await openExampleData(artifact, sources);
  const model = await loadModel(artifact, { engine: await createTfjsEngine({ backend: 'wasm' }), seed: 1 });
  const before = lossOf(await model.evaluate(data, { samples: 4 }));
  for await (const { loss } of model.train({
    data,
    steps,
    lr,
    batch: data === undefined ? 50 : Math.min(50, data.rows),
  })) {
    expect(Number.isFinite(loss)).toBe(true);
  }
  const after = lossOf(await model.evaluate(data, { samples: 4 }));
  expect(before - after).toBeGreaterThan(gain);

  const { sites } = await model.sample({ rows: 3, given: data });
  for (const { id, role, element } of artifact.sites) {
    const draws = sites[id]?.sample ?? new Float32Array([NaN]);
    if (element.kind === 'binary') expect([...draws].every((value) => value === 0 || value === 1)).toBe(true);
    expect(draws.length, `${role} ${id}`).toBeGreaterThan(0);
  }
  model.dispose();
});

test('every example is among these', async () => {
  const files = (await readdir(EXAMPLES_FOLDER, { recursive: true })).filter(
    (name) => name.endsWith('.sbn') && !name.includes('node_modules'),
  );
  expect([...EXAMPLES, ...PAPER].map(({ file }) => file).toSorted()).toEqual(files.toSorted());
});

test.each(PAPER)('$file is proved unbiased', async ({ file }) => {
  const latents = (await compileExample(file, {})).sites.filter(({ verdict }) => verdict !== undefined);
  expect(latents.length).toBeGreaterThan(0);
  for (const { id, verdict } of latents) expect(verdict, id).toEqual({ kind: 'unbiased' });
});

test('the embedding app trains, samples and scores an artifact', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sbn-embed-'));
  try {
    const path = join(folder, 'bars.json');
    await writeFile(path, writeArtifact(await compileExample('bars.sbn', {})));
    const app = join(EXAMPLES_FOLDER, 'embed-node', 'index.js');
    const { stdout } = await promisify(execFile)(process.execPath, [app, path, '600']);
    const scores = /log p\(bars\) (-[\d.]+), log p\(chequerboard\) (-[\d.]+)/.exec(stdout);
    expect(Number(scores?.[1])).toBeGreaterThan(Number(scores?.[2]) + 2);
    expect(stdout).toMatch(/[█·]{8}\n[█·]{8}\n[█·]{8}\n[█·]{8}/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
