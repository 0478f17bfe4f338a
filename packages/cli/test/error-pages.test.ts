/** The page of each code: in the documentation, on the terminal, and in what `sbnc check --json` refers to. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeCode, listCodes } from '@sbn/compiler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeErrorPages } from '../src/error-pages.js';
import { main as sbnc } from '../src/sbnc.js';
import { FakeHost, Recorder } from './fake-host.js';

const DOCS = new URL('../../../docs/', import.meta.url);

describe('docs/errors', () => {
  it('is what `npm run docs:errors` writes', () => {
    const pages = writeErrorPages();
    expect(readdirSync(new URL('errors/', DOCS)).toSorted()).toEqual([...pages.keys()].toSorted());
    for (const [name, text] of pages) expect(readFileSync(new URL(`errors/${name}`, DOCS), 'utf8')).toBe(text);
  });

  it.each(listCodes())('shows what the example of %s gets', (code) => {
    expect(describeCode(code)?.shown).toContain(`[${code}]: `);
  });
});

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbn-errors-'));
  writeFileSync(join(folder, 'layers.sbn'), 'const K = 2\nfn twice(x: real[n]) -> real[n] { return 2 * x }\n');
  writeFileSync(
    join(folder, 'good.sbn'),
    'param eta: real[3]\nmodel { b ~ bernoulli(logits = eta) }\nminimize sum(b)\n',
  );
  writeFileSync(
    join(folder, 'bad.sbn'),
    'import "layers.sbn"\nconst 𝒦 = 1\nconst K = 𝒦\nparam eta: real[3]\nmodel { b ~ bernoulli(logits = twice(etta)) }\nminimize sum(b)\n',
  );
  writeFileSync(
    join(folder, 'biased.sbn'),
    'param eta: real[3]\nmodel { b ~ bernoulli(logits = eta) via half }\nminimize sum(b^2)\n',
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const host = new FakeHost(folder, new Recorder({ columns: 60 }));
  const code = await sbnc(['node', 'sbnc', ...args], host);
  return { code, out: host.stdout.text, err: host.stderr.text };
}

describe('sbnc explain', () => {
  it('prints the page of a code, in lines that fit', async () => {
    const { code, out } = await run('explain', 'sbn2009');
    expect(code).toBe(0);
    expect(out).toBe(`SBN2009: constant used before its declaration

A constant may be computed from those declared before it.

wrong
  const K = 2 * H
  const H = 200

  error[SBN2009]: the constant \`H\` has no value yet
    ┌─ model.sbn:1:15
  1 │ const K = 2 * H
    │               ^
  2 │ const H = 200
    │       ^ \`H\` gets its value here
    = hint: move its declaration before this one

right
  const H = 200
  const K = 2 * H
`);
    const paragraph = (await run('explain', 'SBN5003')).out.split('\n\n')[1] ?? '';
    expect(paragraph.split('\n').length).toBeGreaterThan(3);
    expect(Math.max(...paragraph.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it('prints the page as JSON', async () => {
    const page: unknown = JSON.parse((await run('explain', 'SBN5005', '--json')).out);
    expect(page).toEqual(describeCode('SBN5005'));
  });

  it('lists the codes that begin as asked', async () => {
    const { out } = await run('explain', 'SBN101');
    expect(out).toBe('SBN1010  documentation of nothing\nSBN1011  keyword used as a name\nSBN1012  misspelt keyword\n');
  });

  it.each([
    ['SBN1019', 'SBN101'],
    ['SBN9', 'SBN'],
    ['SBN20311', 'SBN2031'],
  ])('says of %s that it is none, and where to look', async (asked, list) => {
    const { code, err } = await run('explain', asked);
    expect(code).toBe(2);
    expect(err).toBe(`error: there is no code ${asked}\n  = hint: \`sbnc explain ${list}\` lists those there are\n`);
  });

  it('takes no options for models with a code', async () => {
    const { code, err } = await run('explain', 'SBN2031', '--site', 'h');
    expect(code).toBe(2);
    expect(err).toContain('--site is for model files');
  });
});

describe('sbnc check --json', () => {
  it('gives every diagnostic with its places, those in other files too', async () => {
    const { code, out, err } = await run('check', 'good.sbn', 'bad.sbn', '--json');
    expect([code, err]).toEqual([1, '']);
    const [good, bad] = JSON.parse(out) as readonly Readonly<Record<string, unknown>>[];
    expect(good).toEqual({ file: 'good.sbn', ok: true, diagnostics: [], biased: [] });
    expect(bad).toEqual({
      file: 'bad.sbn',
      ok: false,
      biased: [],
      diagnostics: [
        {
          code: 'SBN2007',
          severity: 'error',
          message: '`K` is declared twice',
          file: 'bad.sbn',
          start: { line: 3, column: 7 },
          end: { line: 3, column: 8 },
          label: '',
          related: [
            {
              file: 'layers.sbn',
              start: { line: 1, column: 7 },
              end: { line: 1, column: 8 },
              text: '`K` is a constant here',
            },
          ],
          notes: [],
          hint: 'give one of them another name',
          page: 'errors/SBN2007.md',
        },
        expect.objectContaining({
          code: 'SBN2001',
          start: { line: 5, column: 38 },
          end: { line: 5, column: 42 },
          hint: 'did you mean `eta`?',
        }),
      ],
    });
    expect(existsSync(new URL('errors/SBN2007.md', DOCS))).toBe(true);
  });

  it('names the sites that are biased, and refuses them where it is to', async () => {
    const lenient = await run('check', 'biased.sbn', '--json');
    expect(lenient.code).toBe(0);
    const strict = await run('check', 'biased.sbn', '--json', '--require-unbiased');
    expect(strict.code).toBe(1);
    const [entry] = JSON.parse(strict.out) as readonly {
      readonly biased: readonly Readonly<Record<string, unknown>>[];
    }[];
    expect(entry?.biased).toEqual([expect.objectContaining({ site: 'b', line: 2, column: 9 })]);
  });
});
