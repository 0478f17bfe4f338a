import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceBrackets } from '../src/brackets.js';
import { parse, renderDiagnostics, syntaxCatalogue, type Span } from '../src/index.js';
import { renameKeywords } from '../src/keyword-names.js';
import { markLeadingNames } from '../src/leading-names.js';
import { lex } from '../src/lexer.js';
import { SbnParser } from '../src/parser.js';
import { indexLines } from '../src/positions.js';
import { readFixtures } from './support/fixtures.js';
import { visitNodes } from './support/visit.js';

const words = [
  ...['import', 'const', 'data', 'param', 'fn', 'model', 'guide', 'let', 'for', 'in', 'by', 'plate', 'if', 'then'],
  ...['else', 'return', 'via', 'estimator', 'maximize', 'minimize', 'train', 'h', 'x', 'dense', 'maximise', 'modle'],
  ...['(', ')', '[', ']', '{', '}', ',', '..', '->', '~', ':', '=', '==', '!=', '<=', '>=', '<', '>', '+', '-', '*'],
  ...['/', '^', '@', ';', '1', '0.5', '1e999', '3x', '"a"', '"\\q', "'b'", '#', '/*', '//', '///', '§', '&&', '−'],
];
const soups = fc
  .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(' ', '\n', '', ' ', '\n  ')), { maxLength: 60 })
  .map((parts) => parts.flat().join(''));
const strings = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom(...Array.from('(){}[]~=:,."\\/\n\r\t ax1')), maxLength: 200 }),
);
const good = readFixtures('good').map(([, { text }]) => text);
/** A right text with a few pieces cut out, doubled, or put elsewhere. */
const damaged = fc
  .tuple(
    fc.constantFrom(...good),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 12 }), fc.nat(), fc.boolean()), { minLength: 1, maxLength: 4 }),
  )
  .map(([text, edits]) =>
    edits.reduce((current, [from, length, to, keep]) => {
      const start = from % (current.length + 1);
      const piece = current.slice(start, start + length);
      const rest = keep ? current : current.slice(0, start) + current.slice(start + length);
      const place = to % (rest.length + 1);
      return rest.slice(0, place) + piece + rest.slice(place);
    }, text),
  );

const texts = fc.oneof(soups, strings, damaged);
const runs = { numRuns: 1500 };

describe('any text', () => {
  it('is read without an exception, with spans inside of it that nest', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { value, diagnostics } = parse({ name: 'a.sbn', text });
        const whole = { start: 0, end: text.length };
        for (const { node, parent } of visitNodes(value)) expectWithin(node.span, parent?.span ?? whole);
        for (const { span, related } of diagnostics) {
          for (const place of [span, ...related.map((label) => label.span)]) expectWithin(place, whole);
        }
        const errors = diagnostics.filter(({ severity }) => severity === 'error');
        if (value === undefined) expect(errors.map(({ code }) => code)).toContain('SBN1023');
        else if (errors.length === 0) expect(value.unread).toEqual([]);
      }),
      runs,
    );
  });

  it('has diagnostics of the catalogue, each once, in the order of the text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { diagnostics } = parse({ name: 'a.sbn', text });
        const starts = diagnostics.map(({ span }) => span.start);
        expect(starts).toEqual(starts.toSorted((a, b) => a - b));
        const keys = diagnostics.map(({ code, span }) => `${code} ${span.start}`);
        expect(new Set(keys).size).toBe(keys.length);
        for (const { code } of diagnostics) expect(syntaxCatalogue.explain(code)).toBeDefined();
      }),
      runs,
    );
  });

  it('is rendered, in lines that a terminal can show', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const source = { name: 'a.sbn', text };
        const rendered = renderDiagnostics(source, parse(source).diagnostics, { color: false });
        expect(rendered.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
        const plain = renderDiagnostics(source, parse(source).diagnostics, { color: true });
        // eslint-disable-next-line no-control-regex -- the escape sequences are what is looked for
        expect(plain.replace(/\u001b\[[\d;]*m/g, '')).toBe(rendered);
      }),
      { numRuns: 500 },
    );
  });

  it('is taken by the grammar as a whole, so that nothing is lost in recovery', () => {
    const parser = new SbnParser();
    fc.assert(
      fc.property(texts, (text) => {
        const lines = indexLines(text);
        const balanced = balanceBrackets(renameKeywords(lex(text).tokens).tokens, lines);
        fc.pre(balanced.tooDeep === undefined);
        parser.input = [...markLeadingNames(balanced.tokens, lines)];
        parser.module();
        expect(parser.errors).toEqual([]);
      }),
      runs,
    );
  });
});

describe('one mistake', () => {
  // All texts with one word or symbol taken out: nearly all of them have one thing wrong.
  const counts = good.flatMap((text) =>
    lex(text).tokens.map(({ startOffset, image }) => {
      const without = `${text.slice(0, startOffset)} ${text.slice(startOffset + image.length)}`;
      return parse({ name: 'a.sbn', text: without }).diagnostics.filter(({ severity }) => severity === 'error').length;
    }),
  );

  it('is nearly always one diagnostic, and never more than three', () => {
    expect(counts.length).toBeGreaterThan(1000);
    expect(Math.max(...counts)).toBeLessThanOrEqual(3);
    expect(counts.filter((count) => count > 1).length).toBeLessThan(counts.length / 100);
  });
});

function expectWithin(inner: Span, outer: Span): void {
  expect(inner.start).toBeLessThanOrEqual(inner.end);
  expect(inner.start).toBeGreaterThanOrEqual(outer.start);
  expect(inner.end).toBeLessThanOrEqual(outer.end);
}
