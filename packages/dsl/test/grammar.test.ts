/** The grammar in the documentation is that of the parser: its rules, its words, and what it takes. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parse, renderDiagnostics } from '../src/index.js';
import { lex } from '../src/lexer.js';
import { SbnParser } from '../src/parser.js';
import * as token from '../src/tokens.js';
import { derives, namesIn, readGrammar, type Part } from './support/read-grammar.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = readFileSync(`${root}docs/language.md`, 'utf8');
const grammar = readGrammar(/^```ebnf\n([^]*?)^```/m.exec(page)?.[1] ?? '');

const KEYWORDS = token.KEYWORDS.map(({ PATTERN }) => (typeof PATTERN === 'string' ? PATTERN : 'a pattern'));
const KINDS = ['NAME', 'NUMBER', 'TEXT'];
/** Rules by which the parser reads what is wrong, in order to say what. */
const OF_MISTAKES = [
  'annotation',
  'equality',
  'group',
  'strayInBlock',
  'strayInTrain',
  'strayInModule',
  'strayInBrackets',
];
/** The parser's trees of operators are flat; precedence is the builder's. */
const OF_PRECEDENCE = ['sum', 'product', 'power'];
/** What the parser takes in one rule, and its builder tells apart: indices and sizes from ranges, named arguments from values, the head of a site from its draw, and what a function may hold from what a block may. */
const OF_THE_BUILDER = ['index', 'value', 'sizes', 'target', 'functionBody'];

describe('the grammar in the documentation', () => {
  it('has the rules of the parser', () => {
    const parser = Object.keys(new SbnParser().getGAstProductions());
    const documented = [...grammar.keys()].filter((name) => ![...OF_PRECEDENCE, ...OF_THE_BUILDER].includes(name));
    expect([...documented].sort()).toEqual(parser.filter((name) => !OF_MISTAKES.includes(name)).sort());
  });

  it('defines what it uses, and uses what it defines', () => {
    const used = new Set(['module', ...[...grammar.values()].flatMap(namesIn)]);
    expect([...used].filter((name) => !KINDS.includes(name)).sort()).toEqual([...grammar.keys()].sort());
  });

  it('comes with all reserved words', () => {
    const listed = /\*Reserved\* are `([^`]*)`/.exec(page)?.[1]?.split(' ') ?? [];
    expect([...listed].sort()).toEqual([...KEYWORDS].sort());
  });
});

function isToken(kind: string, text: string): boolean {
  switch (kind) {
    case 'NAME':
      return /^[\p{L}_]/u.test(text) && !KEYWORDS.includes(text);
    case 'NUMBER':
      return /^\d/.test(text);
    case 'TEXT':
      return text.startsWith('"');
    default:
      throw new Error(`there is no rule ${kind}`);
  }
}

const tokensOf = (text: string): readonly string[] => lex(text).tokens.map(({ image }) => image);

describe('every example follows from it', () => {
  const examples = readdirSync(`${root}examples`).filter((name) => name.endsWith('.sbn'));

  test.each(examples)('%s', (name) => {
    const tokens = tokensOf(readFileSync(`${root}examples/${name}`, 'utf8'));
    expect(derives(grammar, 'module', tokens, isToken)).toBe(true);
  });

  test.each([
    'model { h bernoulli(1) }',
    'let a = 1',
    'minimize a < b < c',
    'data x',
    'minimize [1, 2',
    'for i in 1 { }',
  ])('but not %s', (text) => {
    expect(derives(grammar, 'module', tokensOf(text), isToken)).toBe(false);
  });
});

const EXAMPLE_TOKENS: Readonly<Record<string, string>> = { NAME: 'a', NUMBER: '2', TEXT: '"t"' };

/** How many rules deep the shortest text of each rule is. */
const heights = new Map<string, number>();
for (let before = -1; before !== heights.size;) {
  before = heights.size;
  for (const [name, part] of grammar) {
    const height = 1 + heightOf(part);
    if (!heights.has(name) && Number.isFinite(height)) heights.set(name, height);
  }
}

function heightOf(part: Part): number {
  switch (part.kind) {
    case 'word':
    case 'optional':
    case 'repeated':
      return 0;
    case 'rule':
      return KINDS.includes(part.name) ? 0 : (heights.get(part.name) ?? Infinity);
    case 'sequence':
      return Math.max(0, ...part.parts.map(heightOf));
    case 'choice':
      return Math.min(...part.parts.map(heightOf));
  }
}

/** A text of the part, by decisions from 0 to less than 1; at depth 0 the shortest way is taken. */
function textOf(part: Part, depth: number, decide: () => number): string {
  const text = (each: Part): string => textOf(each, depth, decide);
  switch (part.kind) {
    case 'word':
      return part.text;
    case 'rule': {
      const rule = grammar.get(part.name);
      if (rule === undefined) return EXAMPLE_TOKENS[part.name] ?? '';
      const inside = textOf(rule, depth - 1, decide);
      // What stands after `else` belongs to it, which no rule says.
      return part.name === 'conditional' ? `(${inside})` : inside;
    }
    case 'sequence':
      return part.parts.map(text).join(' ');
    case 'choice': {
      const least = Math.min(...part.parts.map(heightOf));
      const parts = depth > 0 ? part.parts : part.parts.filter((each) => heightOf(each) === least);
      return parts
        .slice(Math.floor(decide() * parts.length))
        .slice(0, 1)
        .map(text)
        .join('');
    }
    case 'optional':
      return depth > 0 && decide() < 0.5 ? text(part.part) : '';
    case 'repeated': {
      const count = depth > 0 ? Math.floor(decide() * 3) : 0;
      return Array.from({ length: count }, () => text(part.part)).join('\n');
    }
  }
}

describe('what follows from it is read without complaint', () => {
  const start: Part = { kind: 'rule', name: 'module' };
  const texts = fc.infiniteStream(fc.nat(999)).map((decisions) => {
    const text = textOf({ kind: 'repeated', part: { kind: 'rule', name: 'declaration' } }, 14, () => {
      const next = decisions.next();
      return next.done === true ? 0 : next.value / 1000;
    });
    return text;
  });

  it('at any depth', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const source = { name: 'random.sbn', text };
        expect(renderDiagnostics(source, parse(source).diagnostics, { color: false })).toBe('');
        expect(derives(grammar, 'module', tokensOf(text), isToken)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('and has all the rules in it', () => {
    const long = fc.sample(texts, { numRuns: 300, seed: 1 }).join('\n');
    for (const word of KEYWORDS) expect(long, word).toMatch(new RegExp(`\\b${word}\\b`));
    expect(textOf(start, 0, () => 0)).toBe('');
  });
});
