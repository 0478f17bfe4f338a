/** The built-in generators of data, by name. */
import type { SourceSpec } from '@sbn/program';
import type { RawTable } from '../raw-table.js';
import { generateBars } from './bars.js';
import { generateGlyphs } from './glyphs.js';

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
    summary: 'stroke-drawn digits, 28 by 28, grey; options rows (default 1000), seed (default 0), labels',
    options: ['rows', 'seed', 'labels'],
    generate: generateGlyphs,
  },
};

export function findGenerator(name: string): Generator | undefined {
  return Object.hasOwn(GENERATORS, name) ? GENERATORS[name] : undefined;
}
