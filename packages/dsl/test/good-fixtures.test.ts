import { describe, expect, it } from 'vitest';
import { parse, type Expression, type Module, type SourceFile } from '../src/index.js';
import { expectedText, readFixtures } from './support/fixtures.js';
import { outlineExpression, outlineModule } from './support/outline.js';
import { visitNodes, type Visited } from './support/visit.js';

const fixtures = readFixtures('good');

function parseGood(source: SourceFile): Module {
  const { value, diagnostics } = parse(source);
  expect(diagnostics).toEqual([]);
  expect(value).toBeDefined();
  return value ?? { kind: 'module', declarations: [], doc: undefined, unread: [], span: { start: 0, end: 0 } };
}

const EXPRESSIONS: ReadonlySet<string | undefined> = new Set<Expression['kind']>([
  ...(['number', 'string', 'name', 'unary', 'binary', 'call', 'index', 'if', 'array', 'comprehension'] as const),
]);

function isExpression(node: Visited['node']): node is Expression {
  return EXPRESSIONS.has(node.kind);
}

describe.each(fixtures)('%s', (name, source) => {
  it('has no mistakes and the expected tree', () => {
    const outline = outlineModule(parseGood(source));
    expect(outline).toBe(expectedText('good', name, outline));
  });

  it('has spans that lie in one another', () => {
    for (const { node, parent } of visitNodes(parseGood(source))) {
      const around = parent?.span ?? { start: 0, end: source.text.length };
      expect(node.span.start).toBeGreaterThanOrEqual(around.start);
      expect(node.span.end).toBeLessThanOrEqual(around.end);
    }
  });

  it('has expressions whose spans hold exactly their text', () => {
    for (const { node } of visitNodes(parseGood(source))) {
      if (!isExpression(node)) continue;
      const slice = source.text.slice(node.span.start, node.span.end);
      expect(slice).toBe(slice.trim());
      const again = parseGood({ name: 'slice.sbn', text: `minimize ${slice}` }).declarations[0];
      expect(again?.kind === 'objective' ? outlineExpression(again.value) : again).toBe(outlineExpression(node));
    }
  });

  it('has names, keywords and targets whose spans hold exactly their text', () => {
    for (const { node } of visitNodes(parseGood(source))) {
      const text = source.text.slice(node.span.start, node.span.end);
      if (node.kind === 'identifier' || node.kind === 'name')
        expect(node).toMatchObject({ name: text.normalize('NFC') });
      if (node.kind === 'block') expect(text).toMatch(/^(?:model|guide)\s*\{[^]*\}$/);
      if (node.kind === 'sample') expect(text).toMatch(/^[\p{L}_][^~]*~[^]*[)\w]$/u);
      if (node.kind === 'type') expect(text).toMatch(/^\w+(?:\s*\[[^]*\])?$/);
      if (node.kind === 'fn') expect(text).toMatch(/^fn\s[^]*\}$/);
      if (node.kind === 'import') expect(text).toMatch(/^import\s+"[^"]*"$/);
    }
  });

  it('is the same with other line ends, tabs and a byte order mark', () => {
    const expected = outlineModule(parseGood(source));
    for (const lineEnd of ['\r\n', '\r']) {
      const text = `\ufeff${source.text.replace(/^(?: {2})+/gm, '\t').replaceAll('\n', lineEnd)}`;
      expect(outlineModule(parseGood({ ...source, text }))).toBe(expected);
    }
  });

  it('survives JSON', () => {
    const module = parseGood(source);
    const json = JSON.stringify(module);
    // What JSON cannot hold, such as infinity, it writes as null.
    expect(json).not.toContain('null');
    const copy: unknown = JSON.parse(json);
    expect(visitNodes(copy).length).toBe(visitNodes(module).length);
  });
});

it('block spans name the keyword, and sample spans the target', () => {
  const text = 'model { h[1] ~ normal(0, 1) via nvil } guide {}';
  const [model, guide] = parseGood({ name: 'a.sbn', text }).declarations;
  const slice = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);
  if (model?.kind !== 'block' || guide?.kind !== 'block') throw new Error('two blocks');
  expect([slice(model.keyword), slice(guide.keyword)]).toEqual(['model', 'guide']);
  const [site] = model.body;
  if (site?.kind !== 'sample' || site.via === undefined) throw new Error('a site');
  expect(slice(site.targetSpan)).toBe('h[1]');
  expect(slice(site.distribution.span)).toBe('normal(0, 1)');
  expect(slice(site.via.span)).toBe('nvil');
});
