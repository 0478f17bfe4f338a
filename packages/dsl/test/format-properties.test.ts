import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { format, parse } from '../src/index.js';
import { expectFormatted } from './support/expect-formatted.js';
import { readFixtures } from './support/fixtures.js';
import { moduleTexts } from './support/generate-module.js';

/** Every model file of the repository that has no syntax errors. */
function readModels(): readonly (readonly [name: string, text: string])[] {
  const root = new URL('../../../', import.meta.url);
  return ['examples', 'packages'].flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.sbn') && !file.includes('node_modules'))
      .sort()
      .map((file): readonly [string, string] => [file, readFileSync(new URL(`${folder}/${file}`, root), 'utf8')])
      .filter(([file, text]) => parse({ name: file, text }).diagnostics.every(({ severity }) => severity !== 'error')),
  );
}

describe('a formatted text means the same, has the same comments, and is its own form', () => {
  const models = readModels();
  it('of the files of this repository', () => {
    expect(models.length).toBeGreaterThanOrEqual(100);
    for (const [, text] of models) expectFormatted(text);
  });

  it('of random modules with comments between any two words', () => {
    fc.assert(
      fc.property(moduleTexts, (text) => {
        const { diagnostics } = parse({ name: 'a.sbn', text });
        const errors = diagnostics.filter(({ severity }) => severity === 'error');
        expect(errors.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
        expectFormatted(text);
      }),
      { numRuns: 200 },
    );
  });

  it('of the same files with other layouts of the same words', () => {
    fc.assert(
      fc.property(fc.constantFrom(...models), fc.constantFrom('\n', '\r\n'), fc.nat(), ([, text], lineEnd, place) => {
        const gaps = [...text.matchAll(/"[^"\n]*"|\/\/.*|(?<=\S) (?=\S)/g)].filter(([match]) => match === ' ');
        const at = gaps[place % Math.max(1, gaps.length)]?.index ?? text.length;
        const changed = `${text.slice(0, at)} // here\n\t\n${text.slice(at)}`;
        expectFormatted(changed.replaceAll('\n', lineEnd));
      }),
      { numRuns: 200 },
    );
  });
});

it('layout does not matter: a text on lines of one word each has the form of the text', () => {
  for (const [, { text }] of readFixtures('good')) {
    if (text.includes('//')) continue;
    const canonical = expectFormatted(text);
    // Braces keep what stands on their line, which is part of the form.
    const scattered = canonical.replaceAll(/(?<=[^\s{]) (?=[^\s}])/g, '\n\t ');
    expect(format({ name: 'a.sbn', text: scattered }).value).toBe(canonical);
  }
});
