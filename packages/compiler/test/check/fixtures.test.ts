/**
 * Golden files: a program beside its typed model, or beside the diagnostics that a user sees.
 * `UPDATE=1 npx vitest run test/check` writes them anew; read every change.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { renderDiagnostics } from '@sbn/dsl';
import { describe, expect, it } from 'vitest';
import { CHECK_CATALOGUE } from '../../src/check/index.js';
import { printModel } from '../../src/check/print-model.js';
import { checkText, codesOf } from './check-text.js';
import { expectConsistent } from './expect-consistent.js';

const FOLDER = new URL('fixtures/', import.meta.url);

function programs(folder: 'good' | 'bad'): string[] {
  const found = readdirSync(new URL(`${folder}/`, FOLDER)).filter((name) => name.endsWith('.sbn'));
  return found.map((name) => name.slice(0, -'.sbn'.length)).sort();
}

function read(path: string): string {
  return readFileSync(new URL(path, FOLDER), 'utf8');
}

function expectGolden(path: string, actual: string): void {
  if (process.env['UPDATE'] === '1') writeFileSync(new URL(path, FOLDER), actual);
  expect(actual).toBe(read(path));
}

describe('good programs', () => {
  it.each(programs('good'))('%s checks to its typed model', (name) => {
    const { value, diagnostics, sources } = checkText(read(`good/${name}.sbn`), `${name}.sbn`);
    expect(renderDiagnostics(sources, diagnostics, { color: false })).toBe('');
    if (value === undefined) throw new Error('no model and no diagnostic');
    expectConsistent(value);
    expectGolden(`good/${name}.expected.txt`, printModel(value));
  });
});

describe('bad programs', () => {
  const raised = new Set<string>();

  it.each(programs('bad'))('%s gets its diagnostics', (name) => {
    const checked = checkText(read(`bad/${name}.sbn`), `${name}.sbn`);
    for (const code of codesOf(checked)) raised.add(code);
    expect(checked.diagnostics).not.toHaveLength(0);
    const isRefused = checked.diagnostics.some(({ severity }) => severity === 'error');
    expect(checked.value === undefined).toBe(isRefused);
    expectGolden(
      `bad/${name}.expected.txt`,
      `${renderDiagnostics(checked.sources, checked.diagnostics, { color: false })}\n`,
    );
  });

  it('raise every code of the catalogue', () => {
    expect(CHECK_CATALOGUE.codes.filter((code) => !raised.has(code))).toEqual([]);
  });
});
