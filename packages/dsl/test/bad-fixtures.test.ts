import { describe, expect, it } from 'vitest';
import { parse, renderDiagnostics, summarize, syntaxCatalogue } from '../src/index.js';
import { expectedText, readFixtures } from './support/fixtures.js';

const fixtures = readFixtures('bad');

describe('a text with mistakes', () => {
  it.each(fixtures)('%s', (name, source) => {
    const { diagnostics } = parse(source);
    const rendered = `${renderDiagnostics(source, diagnostics, { color: false })}\n\n${summarize(diagnostics)}\n`;
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(rendered).toBe(expectedText('bad', name, rendered));
  });

  it('is there for every code of the catalogue', () => {
    const raised = new Set(fixtures.flatMap(([, source]) => parse(source).diagnostics.map(({ code }) => code)));
    expect([...raised].sort()).toEqual(syntaxCatalogue.codes);
  });
});

describe('an entry of the catalogue', () => {
  const codes = syntaxCatalogue.codes.map((code) => [code, syntaxCatalogue.explain(code)] as const);

  it.each(codes)('%s has a bad example that raises it alone, and a good one that is right', (code, page) => {
    expect(parse({ name: 'bad.sbn', text: page?.bad ?? '' }).diagnostics.map((each) => each.code)).toEqual([code]);
    expect(parse({ name: 'good.sbn', text: page?.good ?? 'const' }).diagnostics).toEqual([]);
  });

  it.each(codes)('%s has a title and an explanation in sentences', (_, page) => {
    expect(page?.title).toMatch(/^[`a-z].*[^.]$/);
    expect(page?.explanation).toMatch(/^[A-Z`].*\.$/s);
  });
});
