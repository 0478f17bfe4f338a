import { describe, expect, it } from 'vitest';
import { meaningOf } from '../src/foreign-spellings.js';
import { parse } from '../src/index.js';
import { lex } from '../src/lexer.js';
import { ForeignSymbol, KEYWORDS, Unknown } from '../src/tokens.js';

function types(text: string): readonly string[] {
  return lex(text).tokens.map(({ tokenType, image }) => `${tokenType.name} ${image}`);
}

describe('the lexer', () => {
  it.each([
    ['1..3', ['NumberLiteral 1', 'DotDot ..', 'NumberLiteral 3']],
    ['1.5..2.5', ['NumberLiteral 1.5', 'DotDot ..', 'NumberLiteral 2.5']],
    ['a..b', ['Identifier a', 'DotDot ..', 'Identifier b']],
    ['1e-3', ['NumberLiteral 1e-3']],
    ['1-3', ['NumberLiteral 1', 'Minus -', 'NumberLiteral 3']],
    ['a->b', ['Identifier a', 'Arrow ->', 'Identifier b']],
    ['a<-b', ['Identifier a', 'Less <', 'Minus -', 'Identifier b']],
    ['a==b', ['Identifier a', 'EqualsEquals ==', 'Identifier b']],
    ['a!=b', ['Identifier a', 'BangEquals !=', 'Identifier b']],
    ['a=-1', ['Identifier a', 'Equals =', 'Minus -', 'NumberLiteral 1']],
    ['model models Model', ['Model model', 'Identifier models', 'Identifier Model']],
    ['a//b\nc', ['Identifier a', 'Identifier c']],
    ['a///b\nc', ['Identifier a', 'Identifier c']],
    ['"a//b" c', ['StringLiteral "a//b"', 'Identifier c']],
    ['"a\\"b"', ['StringLiteral "a\\"b"']],
    ['"a\\\\"b', ['StringLiteral "a\\\\"', 'Identifier b']],
    ['_ _1 x1 é', ['Identifier _', 'Identifier _1', 'Identifier x1', 'Identifier é']],
    ['a\u00a0\u3000\tb', ['Identifier a', 'Identifier b']],
  ])('%s', (text, expected) => {
    expect(types(text)).toEqual(expected);
  });

  it('knows the keywords of the language', () => {
    expect(KEYWORDS.map(({ PATTERN }) => PATTERN).sort()).toEqual(
      (
        'by const data else estimator fn for guide if import in let maximize minimize model param plate return then ' +
        'train via'
      ).split(' '),
    );
  });

  it('knows a meaning for every foreign symbol', () => {
    const { PATTERN } = ForeignSymbol;
    if (!(PATTERN instanceof RegExp)) throw new Error('a pattern');
    const symbols = PATTERN.source.match(/[−–—×·⋅÷≤≥≠≈∼～…→←（）［］｛｝，：＝＋]/gu) ?? [];
    expect(symbols.length).toBe(26);
    const operators = [
      '**',
      '===',
      '!==',
      '&&',
      '||',
      ':=',
      '<>',
      '=>',
      '-=',
      '+=',
      '*=',
      '/=',
      '!',
      '.',
      '&',
      '|',
      '%',
      '?',
    ];
    for (const symbol of [...symbols, ...operators]) {
      expect(lex(`a ${symbol} b`).diagnostics.map(({ code }) => code)).toEqual(['SBN1002']);
      expect(meaningOf(symbol).hint).not.toBe('leave it out');
    }
    expect(meaningOf('§').standsFor).toBe(Unknown);
  });
});

describe('names', () => {
  it('composed and decomposed are the same', () => {
    const { value } = parse({ name: 'a.sbn', text: 'const e\u0301 = 1\nconst b = \u00e9' });
    const [first, second] = value?.declarations ?? [];
    expect(first).toMatchObject({ name: { name: '\u00e9', span: { start: 6, end: 8 } } });
    expect(second).toMatchObject({ value: { name: '\u00e9' } });
  });
});

describe('strings', () => {
  it.each([
    ['"plain"', 'plain'],
    ['""', ''],
    ['"\\"\\\\\\n\\t"', '"\\\n\t'],
    ['"größe 🙂"', 'größe 🙂'],
  ])('%s', (literal, expected) => {
    const { value, diagnostics } = parse({ name: 'a.sbn', text: `import ${literal}` });
    expect(diagnostics).toEqual([]);
    expect(value?.declarations[0]).toMatchObject({ path: expected, pathSpan: { start: 7, end: 7 + literal.length } });
  });
});

describe('a keyword used as a name', () => {
  it.each([
    ['const data = 1', 'data'],
    ['param model: real', 'model'],
    ['fn in(x: real) -> real { return x }', 'in'],
    ['model { let fn = 1 }', 'fn'],
    ['model { train ~ f() }', 'train'],
    ['model { guide[1] ~ f() plate ~ f() }', 'plate'],
    ['const a = f(data, 1)', 'data'],
    ['const a = model + 1', 'model'],
    ['const a = param[1] * 2', 'param'],
    ['const a = f(param = 1)', 'param'],
    ['model { for by in 1..3 { } }', 'by'],
    ['const data = 1 const b = f(data)', 'data'],
  ])('%s', (text, keyword) => {
    const found = parse({ name: 'a.sbn', text }).diagnostics.filter(({ code }) => code === 'SBN1011');
    expect(found.map(({ message }) => message)).toEqual([`\`${keyword}\` is a keyword and cannot be a name`]);
  });
});
