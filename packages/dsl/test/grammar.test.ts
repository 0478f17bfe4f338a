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
/** Said beside the grammar: what follows an `if` is part of its last branch, and positional arguments stand first. */
const BEYOND_THE_RULES: readonly string[] = ['SBN1039', 'SBN1041'];
/** What may stand between brackets is one rule of the parser, and its builder tells ranges from indices. */
const OF_INDICES = ['index'];

const wordsOf = (tokens: readonly { readonly PATTERN?: unknown }[]): readonly string[] =>
  tokens.flatMap(({ PATTERN }) => (typeof PATTERN === 'string' ? [PATTERN] : []));

describe('the grammar in the documentation', () => {
  it('has the rules of the parser', () => {
    const parser = Object.keys(new SbnParser().getGAstProductions());
    const documented = [...grammar.keys()].filter((name) => ![...OF_PRECEDENCE, ...OF_INDICES].includes(name));
    expect([...documented].sort()).toEqual(parser.filter((name) => !OF_MISTAKES.includes(name)).sort());
  });

  it('defines what it uses, and uses what it defines', () => {
    const used = new Set(['module', ...[...grammar.values()].flatMap(namesIn)]);
    expect([...used].filter((name) => !KINDS.includes(name)).sort()).toEqual([...grammar.keys()].sort());
  });

  it('comes with all reserved words', () => {
    const listed = /\*Reserved\* are `([^`]*)`/.exec(page)?.[1]?.split(' ') ?? [];
    expect([...listed].sort()).toEqual(wordsOf(token.KEYWORDS).toSorted());
  });
});

const keywords = new Set(wordsOf(token.KEYWORDS));

function isToken(kind: string, text: string): boolean {
  switch (kind) {
    case 'NAME':
      return /^[\p{L}_]/u.test(text) && !keywords.has(text);
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

const HEIGHTS = new Map<string, number>();
// Each round finds the rules that are one higher.
for (let round = 0; round < grammar.size; round += 1) {
  for (const [name, rule] of grammar) {
    const height = 1 + heightOf(rule);
    if (height < (HEIGHTS.get(name) ?? Infinity)) HEIGHTS.set(name, height);
  }
}

/** A random text of a part; at depth 0 whatever can be left out is. */
function textOf(part: Part, depth: number): fc.Arbitrary<string> {
  switch (part.kind) {
    case 'word':
      return fc.constant(part.text);
    case 'rule': {
      const rule = grammar.get(part.name);
      return rule === undefined ? fc.constant(EXAMPLE_TOKENS[part.name] ?? '') : lazily(rule, depth - 1);
    }
    case 'sequence':
      return fc.tuple(...part.parts.map((each) => textOf(each, depth))).map((texts) => texts.join(' '));
    case 'choice':
      return depth > 0
        ? fc.oneof(...part.parts.map((each) => textOf(each, depth)))
        : textOf(shortest(part.parts), depth);
    case 'optional':
      return depth > 0 ? fc.oneof(fc.constant(''), textOf(part.part, depth)) : fc.constant('');
    case 'repeated':
      return depth > 0
        ? fc.array(textOf(part.part, depth), { maxLength: 2 }).map((texts) => texts.join('\n'))
        : fc.constant('');
  }
}

const lazily = (part: Part, depth: number): fc.Arbitrary<string> =>
  fc.constant(depth).chain((left) => textOf(part, left));

/** The alternative that leads to an end soonest. */
function shortest(parts: readonly Part[]): Part {
  const [first] = [...parts].sort((a, b) => heightOf(a) - heightOf(b));
  if (first === undefined) throw new Error('a choice of nothing');
  return first;
}

/** How many rules are within one another, at least, in what follows from a part. */
function heightOf(part: Part): number {
  switch (part.kind) {
    case 'word':
    case 'optional':
    case 'repeated':
      return 0;
    case 'rule':
      return HEIGHTS.get(part.name) ?? (KINDS.includes(part.name) ? 0 : Infinity);
    case 'sequence':
      return Math.max(0, ...part.parts.map(heightOf));
    case 'choice':
      return Math.min(...part.parts.map(heightOf));
  }
}

it('every text that follows from it can be read', () => {
  const module = grammar.get('module');
  if (module === undefined) throw new Error('there is no rule module');
  let statements = 0;
  fc.assert(
    fc.property(textOf(module, 14), (text) => {
      const { diagnostics } = parse({ name: 'derived.sbn', text });
      const refused = diagnostics.filter(({ severity }) => severity === 'error');
      const isRest = ({ code }: { readonly code: string }): boolean => BEYOND_THE_RULES.includes(code);
      expect(
        renderDiagnostics(
          { name: 'derived.sbn', text },
          refused.filter((each) => !isRest(each)),
          { color: false },
        ),
      ).toBe('');
      statements += text.split('~').length - 1;
    }),
    { numRuns: 1000, seed: 1 },
  );
  expect(statements).toBeGreaterThan(50);
});
