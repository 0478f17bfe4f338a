/**
 * Golden files for what only the whole compiler finds: what is wrong with the gradient of a model that is right otherwise.
 * `UPDATE=1 npx vitest run test/gradient-fixtures.test.ts` writes them anew; read every change.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { renderDiagnostics, summarize } from '@sbn/dsl';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/compile.js';
import { gradientDiagnostics } from '../src/gradient-catalogue.js';

const FOLDER = new URL('fixtures/bad/', import.meta.url);
const NAMES = readdirSync(FOLDER).flatMap((name) => (name.endsWith('.sbn') ? [name.slice(0, -'.sbn'.length)] : []));

describe('a model whose gradient is wrong', () => {
  const raised = new Set<string>();

  it.each(NAMES)('%s gets its diagnostics', (name) => {
    const text = readFileSync(new URL(`${name}.sbn`, FOLDER), 'utf8');
    const { value, sources, diagnostics } = compile({ name: `${name}.sbn`, text });
    for (const { code } of diagnostics) raised.add(code);
    expect(diagnostics).not.toHaveLength(0);
    expect(value === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
    const shown = `${renderDiagnostics(sources, diagnostics, { color: false })}\n\n${summarize(diagnostics)}\n`;
    const golden = new URL(`${name}.expected.txt`, FOLDER);
    if (process.env['UPDATE'] === '1') writeFileSync(golden, shown);
    expect(shown).toBe(readFileSync(golden, 'utf8'));
  });

  it('is there for every code of the catalogue', () => {
    expect([...raised].toSorted()).toEqual(gradientDiagnostics.codes);
  });
});
