/** Every example compiles, learns at a small size on built-in data, evaluates and samples; the embedding app runs. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compile } from '@sbn/compiler';
import { renderDiagnostics } from '@sbn/dsl';
import { writeArtifact, type Artifact } from '@sbn/program';
import { createTfjsEngine, loadModel, parseSource, type Dataset, type Evaluation } from '@sbn/runtime';
import { openDataset } from '@sbn/runtime/node';
import { expect, test } from 'vitest';

const examples = fileURLToPath(new URL('../../../examples/', import.meta.url));

interface Example {
  readonly file: string;
  readonly constants: Readonly<Record<string, number>>;
  readonly sources: Readonly<Record<string, string>>;
  readonly steps: number;
  readonly lr: number;
  /** How much the bound (in nats), or the cost, must at least gain from what it is before the first step. */
  readonly gain: number;
}

const GLYPHS = 'glyphs,rows=400,binarize=threshold';

const EXAMPLES: readonly Example[] = [
  { file: 'bars.sbn', constants: { H: 8 }, sources: { x: 'bars,n=4' }, steps: 300, lr: 0.03, gain: 4 },
  { file: 'sbn1.sbn', constants: { H: 20 }, sources: { x: GLYPHS }, steps: 60, lr: 0.01, gain: 250 },
  { file: 'sbn2.sbn', constants: { H: 20 }, sources: { x: GLYPHS }, steps: 60, lr: 0.01, gain: 250 },
  { file: 'deep.sbn', constants: { H: 20, L: 3 }, sources: { x: GLYPHS }, steps: 60, lr: 0.01, gain: 250 },
  {
    file: 'completion.sbn',
    constants: { H: 20 },
    sources: { top: `${GLYPHS},slice=top`, bottom: `${GLYPHS},slice=bottom` },
    steps: 60,
    lr: 0.01,
    gain: 120,
  },
  { file: 'mixture.sbn', constants: { K: 6 }, sources: { x: GLYPHS }, steps: 60, lr: 0.05, gain: 90 },
  {
    file: 'categorical.sbn',
    constants: { N: 6, K: 5, H: 30 },
    sources: { x: GLYPHS },
    steps: 60,
    lr: 0.01,
    gain: 250,
  },
  {
    file: 'attention.sbn',
    constants: { H: 16, LOOKS: 2 },
    sources: { image: 'glyphs,rows=400,scale', label: 'glyphs,rows=400,labels' },
    steps: 150,
    lr: 0.02,
    gain: 0.5,
  },
  {
    file: 'topics.sbn',
    constants: { H: 20 },
    sources: { words: 'documents,rows=400' },
    steps: 100,
    lr: 0.02,
    gain: 20,
  },
  {
    file: 'semi-supervised.sbn',
    constants: { H: 10, W: 30 },
    sources: { x: GLYPHS, label: 'glyphs,rows=400,labels', known: 'glyphs,rows=400,known=0.2' },
    steps: 40,
    lr: 0.01,
    gain: 200,
  },
  { file: 'hmm.sbn', constants: { T: 5 }, sources: { x: 'sequences,rows=400,length=5' }, steps: 80, lr: 0.03, gain: 1 },
  {
    file: 'regression.sbn',
    constants: {},
    sources: { x: 'branches,rows=400', y: 'branches,rows=400,targets' },
    steps: 200,
    lr: 0.02,
    gain: 1,
  },
  { file: 'darn.sbn', constants: { H: 9 }, sources: { x: 'bars,n=4' }, steps: 200, lr: 0.03, gain: 3 },
  { file: 'plates.sbn', constants: { K: 6, H: 10 }, sources: { x: GLYPHS }, steps: 60, lr: 0.02, gain: 40 },
  { file: 'toy.sbn', constants: { t: 0.3 }, sources: {}, steps: 200, lr: 0.1, gain: 0.1 },
];

async function compileExample(file: string, constants: Readonly<Record<string, number>>): Promise<Artifact> {
  const source = { name: file, text: await readFile(join(examples, file), 'utf8') };
  const { value, diagnostics } = compile(source, { constants });
  expect(renderDiagnostics(source, diagnostics, { color: false })).toBe('');
  if (value === undefined) throw new Error(`${file} does not compile`);
  return value;
}

async function openExampleData(
  artifact: Artifact,
  sources: Readonly<Record<string, string>>,
): Promise<Dataset | undefined> {
  if (artifact.data.length === 0) return undefined;
  const specs = Object.fromEntries(Object.entries(sources).map(([name, text]) => [name, parseSource(text)]));
  return openDataset(artifact.data, specs);
}

/** What is to be made small: the negative bound, or the cost. */
function lossOf(evaluation: Evaluation): number {
  return evaluation.kind === 'bound' ? -evaluation.bound.mean : evaluation.cost.mean;
}

test.each(EXAMPLES)('$file learns', async ({ file, constants, sources, steps, lr, gain }) => {
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
  const files = (await readdir(examples)).filter((name) => name.endsWith('.sbn'));
  expect(EXAMPLES.map(({ file }) => file).toSorted()).toEqual(files.toSorted());
});

test('the embedding app trains, samples and scores an artifact', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sbn-embed-'));
  try {
    const path = join(folder, 'bars.json');
    await writeFile(path, writeArtifact(await compileExample('bars.sbn', {})));
    const app = join(examples, 'embed-node', 'index.js');
    const { stdout } = await promisify(execFile)(process.execPath, [app, path, '600']);
    const scores = /log p\(bars\) (-[\d.]+), log p\(chequerboard\) (-[\d.]+)/.exec(stdout);
    expect(Number(scores?.[1])).toBeGreaterThan(Number(scores?.[2]) + 2);
    expect(stdout).toMatch(/[█·]{8}\n[█·]{8}\n[█·]{8}\n[█·]{8}/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
