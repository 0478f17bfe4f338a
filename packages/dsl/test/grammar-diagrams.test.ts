/** The pictures in `docs/grammar` are those of the grammar: `npm run docs:grammar` writes them. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { drawGrammar } from './support/draw-grammar.js';
import { readGrammar } from './support/read-grammar.js';

const DOCS = new URL('../../../docs/', import.meta.url);
const FOLDER = new URL('grammar/', DOCS);
const page = readFileSync(new URL('language.md', DOCS), 'utf8');
const grammar = readGrammar(/^```ebnf\n([^]*?)^```/m.exec(page)?.[1] ?? '');
const files = drawGrammar(grammar);

if (process.env['UPDATE'] === '1') {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  for (const [name, text] of files) writeFileSync(new URL(name, FOLDER), text);
}

it('docs/grammar is what `npm run docs:grammar` writes', () => {
  expect(readdirSync(FOLDER).sort()).toEqual([...files.keys()].sort());
  for (const [name, text] of files) expect(readFileSync(new URL(name, FOLDER), 'utf8'), name).toBe(text);
});

it('every word of the grammar stands in the pictures, and none is wider than a page', () => {
  const words = [...grammar.values()].flatMap((part) =>
    [...JSON.stringify(part).matchAll(/"text":"([^"]*)"/g)].map(([, word]) => word),
  );
  const shown = [...files.values()].flatMap((text) =>
    [...text.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, word = '']) =>
      word.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))),
    ),
  );
  expect(words.filter((word) => word === undefined || !shown.includes(word))).toEqual([]);
  for (const [name, text] of files) {
    if (name.endsWith('.svg')) expect(Number(/ width="([\d.]+)"/.exec(text)?.[1]), name).toBeLessThanOrEqual(900);
  }
});
