/** The built-in generators of data, by name. */
import type { SourceSpec } from '@sbn/program';
import type { RawTable } from '../raw-table.js';
import { generateBars } from './bars.js';
import { generateBranches } from './branches.js';
import { generateDocuments } from './documents.js';
import { generateGlyphs } from './glyphs.js';
import { generateSequences } from './sequences.js';

export interface Generator {
  /** What it makes, for `--help`. */
  readonly summary: string;
  /** Its own options, beside those of every source. */
  readonly options: readonly string[];
  /** @throws DataError for an option out of range. */
  readonly generate: (spec: SourceSpec) => RawTable;
}

export const GENERATORS: Readonly<Record<string, Generator>> = {
  bars: {
    summary: 'bars and stripes: all 2^(n+1) - 2 patterns of n by n pixels; option n (default 4)',
    options: ['n'],
    generate: generateBars,
  },
  glyphs: {
    summary:
      'stroke-drawn digits, 28 by 28, grey; options rows (default 1000), seed (default 0), labels for the digits, ' +
      'known=SHARE for 1 in that share of the rows and 0 in the others',
    options: ['rows', 'seed', 'labels', 'known'],
    generate: generateGlyphs,
  },
  documents: {
    summary: 'how often each of 25 words is in a document; options rows (default 1000), words (default 40), seed',
    options: ['rows', 'words', 'seed'],
    generate: generateDocuments,
  },
  sequences: {
    summary: 'symbols 0 to 3 of a hidden Markov chain; options rows (default 1000), length (default 12), seed',
    options: ['rows', 'length', 'seed'],
    generate: generateSequences,
  },
  branches: {
    summary:
      'real numbers from -1 to 1, or with targets the answers to them; options rows (default 1000), seed, targets',
    options: ['rows', 'seed', 'targets'],
    generate: generateBranches,
  },
};

export function findGenerator(name: string): Generator | undefined {
  return Object.hasOwn(GENERATORS, name) ? GENERATORS[name] : undefined;
}
