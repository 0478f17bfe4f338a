/** Texts that are no programs: bounded diagnostics, and work that grows with the text and no faster. */
import { describe, expect, it } from 'vitest';
import { MOST_DIAGNOSTICS, parse, renderDiagnostics, type Diagnostic } from '../src/index.js';

const read = (text: string): readonly Diagnostic[] => parse({ name: 'a.sbn', text }).diagnostics;

describe('a text with very many mistakes', () => {
  it('has the first of them reported, and the others counted', () => {
    const diagnostics = read(')\n'.repeat(5000));
    expect(diagnostics).toHaveLength(MOST_DIAGNOSTICS);
    expect(diagnostics.at(-1)?.notes).toEqual(['4000 more of what is wrong is not shown']);
    expect(diagnostics.slice(0, -1).flatMap(({ notes }) => notes)).toEqual([]);
  });

  it('is given up where there are ten thousand', () => {
    for (const text of ['const a = \n', '§ 1\n', ')\n', 'fn\n'].map((line) => line.repeat(12_000))) {
      const { value, diagnostics } = parse({ name: 'a.sbn', text });
      expect(value).toBeUndefined();
      expect(diagnostics).toHaveLength(MOST_DIAGNOSTICS);
      expect(diagnostics.at(-1)?.notes).toEqual(['at least 9000 more of what is wrong is not shown']);
    }
  });

  it('has its errors reported before its warnings', () => {
    const diagnostics = read('const a = 1 /// a\n'.repeat(2000) + 'const b = \n');
    expect(diagnostics).toHaveLength(MOST_DIAGNOSTICS);
    expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(['SBN1031']);
  });

  it('is shown in a text of bounded length, however long its line is', () => {
    const text = ') '.repeat(100_000);
    const shown = renderDiagnostics({ name: 'a.sbn', text }, read(text), { color: false });
    expect(shown.length).toBeLessThan(500 * MOST_DIAGNOSTICS);
  });

  it.each(['1.', '1_', 'a'])('does not repeat a word of a hundred thousand characters: %s', (part) => {
    const text = `const a = ${part.repeat(50_000)} ~`;
    expect(renderDiagnostics({ name: 'a.sbn', text }, read(text), { color: false }).length).toBeLessThan(1000);
  });
});

describe('a file of ten thousand lines', () => {
  // Tabs, line ends of every kind, letters of several units and marks that combine, before each mistake.
  const lines = Array.from({ length: 10_000 }, (_, index) => {
    if (index % 1000 !== 999) return `\tconst e\u0301${index} = 1 // 👩‍🔬 数`;
    return `\tconst ξ${index} = /* 𝒙 */ 1`;
  });

  it.each(['\n', '\r\n', '\r'])('keeps the places of its mistakes, with line ends %j', (end) => {
    const text = lines.join(end);
    const shown = renderDiagnostics({ name: 'a.sbn', text }, read(text), { color: false });
    const places = [...shown.matchAll(/┌─ a\.sbn:(\d+):(\d+)/g)].map(([, line, column]) => `${line}:${column}`);
    const expected = Array.from({ length: 10 }, (_, index) => {
      const line = 1000 * (index + 1);
      return `${line}:${String(line - 1).length + '\tconst ξ = '.length + 1}`;
    });
    expect(places).toEqual(expected);
  });
});
