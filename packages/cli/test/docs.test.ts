/**
 * The documentation is true: its models compile and train, its fragments parse, its mistakes are the mistakes that it says, its
 * commands and their options exist, and where a command only looks at a model, it prints what the page shows.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compileStages, resolveImport, type CompiledStages, type ReadImport } from '@sbn/compiler';
import { parse, renderDiagnostics } from '@sbn/dsl';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSbn, main as sbn } from '../src/sbn.js';
import { createSbnc, main as sbnc } from '../src/sbnc.js';
import { filesBefore, PAGES, readBlocks, readSbnBlock, root, type Block, type SbnBlock } from './docs/read-blocks.js';
import { isCheap, readCalls, type Call } from './docs/read-commands.js';
import { isTrainable, trainBriefly } from './docs/train-briefly.js';
import { FakeHost } from './fake-host.js';

const STEPS = 20;

const pages = new Map(PAGES.map((page) => [page, readBlocks(page)]));
const blocks = [...pages.values()].flat();
const models = blocks.flatMap((block) => (block.language === 'sbn' ? [readSbnBlock(block)] : []));

const ofKind = (kind: SbnBlock['kind']): readonly SbnBlock[] => models.filter((block) => block.kind === kind);

function onPage({ page }: Block): readonly Block[] {
  return pages.get(page) ?? [];
}

function compileBlock(block: SbnBlock): CompiledStages {
  const original = onPage(block).find(({ place }) => place === block.place);
  const files = original === undefined ? new Map<string, string>() : filesBefore(onPage(block), original);
  const readImport: ReadImport = (path, from) => {
    const name = resolveImport(path, from.name);
    const text = files.get(name);
    return text === undefined ? { problem: 'no block before this one is this file' } : { name, text };
  };
  return compileStages({ name: block.file, text: block.text }, { readImport });
}

test('there are blocks of all kinds', () => {
  expect(ofKind('whole').length).toBeGreaterThan(20);
  expect(ofKind('fragment').length).toBeGreaterThan(2);
  expect(ofKind('error').length).toBeGreaterThan(4);
});

/** A file with functions and constants alone, for others to import. */
function isLibrary(block: SbnBlock): boolean {
  return !/^(model|maximize|minimize)\b/m.test(block.text);
}

describe('models', () => {
  test.each(ofKind('whole'))('$place compiles', (block) => {
    if (isLibrary(block)) {
      const importing = models.filter(({ page, text }) => page === block.page && text.includes(`"${block.file}"`));
      expect(importing, 'a file without a model is there to be imported').not.toEqual([]);
      return;
    }
    const { sources, diagnostics, artifact } = compileBlock(block);
    expect(renderDiagnostics(sources, diagnostics, { color: false })).toBe('');
    expect(artifact).toBeDefined();
  });

  const trainable = ofKind('whole').flatMap((block) => {
    const { artifact } = compileBlock(block);
    return artifact !== undefined && isTrainable(artifact) ? [{ place: block.place, artifact }] : [];
  });

  test('most models that say how they are trained can be', () => {
    expect(trainable.length).toBeGreaterThan(12);
  });

  test.each(trainable)('$place trains', async ({ artifact }) => {
    const { before, after, losses } = await trainBriefly(artifact, STEPS);
    expect(losses.length).toBe(STEPS);
    expect(losses.filter((loss) => !Number.isFinite(loss))).toEqual([]);
    expect(after).toBeLessThan(before);
  });
});

describe('fragments', () => {
  test.each(ofKind('fragment'))('$place parses', ({ place, text }) => {
    const source = { name: place, text };
    expect(renderDiagnostics(source, parse(source).diagnostics, { color: false })).toBe('');
  });
});

describe('mistakes', () => {
  test.each(ofKind('error'))('$place is $code', (block) => {
    const { sources, diagnostics } = compileBlock(block);
    expect(diagnostics.map(({ code }) => code)).toEqual([block.code]);
    // The message is shown right after, or after the command that gives it.
    const rest = onPage(block).slice(onPage(block).findIndex(({ place }) => place === block.place) + 1);
    const shown = rest.find(({ language }) => language !== 'sh');
    expect(shown?.language).toBe('text');
    expect(`${renderDiagnostics(sources, diagnostics, { color: false })}\n`).toBe(shown?.text);
  });
});

const calls = blocks
  .filter(({ language }) => language === 'sh')
  .flatMap((block) => readCalls(block).map((call) => ({ block, call, line: call.join(' '), place: block.place })));

/** What commander says against a command line; nothing is run. */
async function refusal([name, command, ...rest]: Call): Promise<string> {
  const host = new FakeHost(root);
  const program = name === 'sbn' ? createSbn(host) : createSbnc(host);
  for (const each of program.commands) each.action(() => undefined);
  try {
    await program.parseAsync(['node', name ?? '', command ?? '', ...rest]);
    return host.stderr.text;
  } catch (error) {
    return host.stderr.text + String(error);
  }
}

describe('commands', () => {
  test('a command that there is not is refused', async () => {
    expect(await refusal(['sbn', 'walk', 'x.sbn'])).toContain('unknown command');
    expect(await refusal(['sbnc', 'check', 'x.sbn', '--sett', 'H=2'])).toContain('unknown option');
    expect(await refusal(['sbn', 'run', 'x.sbn', '--steps', 'many'])).toContain('--steps');
  });

  test.each(calls.filter(({ call: [program] }) => program === 'sbn' || program === 'sbnc'))(
    '$place: $line',
    async ({ call }) => {
      expect(await refusal(call)).toBe('');
      for (const word of call.filter((each) => /^examples\/[^*]*\.sbn$/.test(each))) {
        expect(existsSync(join(root, word)), word).toBe(true);
      }
    },
  );

  test('scripts of npm exist', () => {
    const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const run = calls.flatMap(({ call }) => (call[0] === 'npm' && call[1] === 'run' ? [call[2] ?? ''] : []));
    expect(run.length).toBeGreaterThan(0);
    for (const script of run) expect(manifest).toHaveProperty(['scripts', script]);
  });
});

describe('what commands print', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sbn-docs-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const shown = blocks.flatMap((block) => {
    if (block.language !== 'sh') return [];
    const next = onPage(block)[onPage(block).indexOf(block) + 1];
    const isOutput = next !== undefined && ['text', 'mermaid'].includes(next.language);
    return isOutput && readCalls(block).every(isCheap) ? [{ place: next.place, block, output: next.text }] : [];
  });

  test('some of it is shown', () => {
    expect(shown.length).toBeGreaterThan(4);
  });

  test.each(shown)('$place', async ({ block, output }) => {
    for (const [name, text] of filesBefore(onPage(block), block)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    let printed = '';
    for (const [program = '', ...rest] of readCalls(block)) {
      const host = new FakeHost(folder);
      await (program === 'sbn' ? sbn : sbnc)(['node', program, ...rest], host);
      printed += host.stdout.text + host.stderr.text;
    }
    expect(printed).toMatch(shortened(output));
  });
});

/** What is shown, with anything in the place of a line that is `…`. */
function shortened(output: string): RegExp {
  const lines = output.split('\n').slice(0, -1);
  const patterns = lines.map((line) => (line === '…' ? String.raw`(?:.*\n)+` : `${escape(line)}\n`));
  return new RegExp(`^${patterns.join('')}$`);
}

/** Literally, but for rounding errors: 9.3e-15 is any number below 1e-9. */
function escape(line: string): string {
  const literal = line.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return literal.replace(/\d\\\.\de-1\d/g, String.raw`\d\.\de-1\d`);
}
