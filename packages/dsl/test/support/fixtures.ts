import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { SourceFile } from '../../src/index.js';

const root = new URL('../fixtures/', import.meta.url);

/** The programs of a folder, by name without extension. */
export function readFixtures(folder: 'good' | 'bad' | 'format'): readonly (readonly [string, SourceFile])[] {
  return readdirSync(new URL(`${folder}/`, root))
    .filter((file) => file.endsWith('.sbn'))
    .sort()
    .map((file) => {
      const text = readFileSync(new URL(`${folder}/${file}`, root), 'utf8');
      return [file.replace(/\.sbn$/, ''), { name: file, text }];
    });
}

/** What is expected of a fixture, from the file beside it. With UPDATE=1 in the environment that file is written first. */
export function expectedText(folder: 'good' | 'bad' | 'format', name: string, actual: string): string {
  const file = new URL(`${folder}/${name}.expected.txt`, root);
  if (process.env['UPDATE'] === '1') writeFileSync(file, actual);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
