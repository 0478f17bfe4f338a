/** Every example at a small size, on built-in data. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '@sbn/compiler';
import { renderDiagnostics } from '@sbn/dsl';
import type { Artifact } from '@sbn/program';
import { parseSource, type Dataset } from '@sbn/runtime';
import { openDataset } from '@sbn/runtime/node';
import { expect } from 'vitest';

export const EXAMPLES_FOLDER = fileURLToPath(new URL('../../../examples/', import.meta.url));

export interface Example {
  readonly file: string;
  readonly constants: Readonly<Record<string, number>>;
  readonly sources: Readonly<Record<string, string>>;
  readonly steps: number;
  readonly lr: number;
  /** How much the bound (in nats), or the cost, must at least gain from what it is before the first step. */
  readonly gain: number;
}

const GLYPHS = 'glyphs,rows=400,binarize=threshold';
const HALVES = { top: `${GLYPHS},slice=top`, bottom: `${GLYPHS},slice=bottom` };

export const EXAMPLES: readonly Example[] = [
  { file: 'bars.sbn', constants: { H: 8 }, sources: { x: 'bars,n=4' }, steps: 300, lr: 0.03, gain: 4 },
  { file: 'sbn1.sbn', constants: { H: 20 }, sources: { x: GLYPHS }, steps: 60, lr: 0.01, gain: 250 },
  { file: 'sbn2.sbn', constants: { H: 20 }, sources: { x: GLYPHS }, steps: 60, lr: 0.01, gain: 250 },
  { file: 'deep.sbn', constants: { H: 20, L: 3 }, sources: { x: GLYPHS }, steps: 60, lr: 0.01, gain: 250 },
  {
    file: 'completion.sbn',
    constants: { H: 20 },
    sources: HALVES,
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

const SMALL = { steps: 60, lr: 0.01 };

/** The models of the MuProp paper (`docs/paper.md`). */
export const PAPER: readonly Example[] = [
  { file: 'paper/sbn1.sbn', constants: { H: 20 }, sources: { x: GLYPHS }, ...SMALL, gain: 250 },
  { file: 'paper/sbn2.sbn', constants: { H: 20 }, sources: { x: GLYPHS }, ...SMALL, gain: 250 },
  { file: 'paper/sbn3.sbn', constants: { H: 20 }, sources: { x: GLYPHS }, ...SMALL, gain: 250 },
  { file: 'paper/fdarn.sbn', constants: { H: 12 }, sources: { x: GLYPHS }, ...SMALL, gain: 250 },
  { file: 'paper/categorical.sbn', constants: { N: 8, K: 5 }, sources: { x: GLYPHS }, ...SMALL, gain: 250 },
  { file: 'paper/completion2.sbn', constants: { H: 20 }, sources: HALVES, ...SMALL, gain: 120 },
  { file: 'paper/completion3.sbn', constants: { H: 20 }, sources: HALVES, ...SMALL, gain: 120 },
];

export async function compileExample(file: string, constants: Readonly<Record<string, number>>): Promise<Artifact> {
  const source = { name: file, text: await readFile(join(EXAMPLES_FOLDER, file), 'utf8') };
  const { value, diagnostics } = compile(source, { constants });
  expect(renderDiagnostics(source, diagnostics, { color: false })).toBe('');
  if (value === undefined) throw new Error(`${file} does not compile`);
  return value;
}

export async function openExampleData(
  artifact: Artifact,
  sources: Readonly<Record<string, string>>,
): Promise<Dataset | undefined> {
  if (artifact.data.length === 0) return undefined;
  const specs = Object.fromEntries(Object.entries(sources).map(([name, text]) => [name, parseSource(text)]));
  return openDataset(artifact.data, specs);
}
