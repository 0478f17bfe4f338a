import { describe, expect, it } from 'vitest';
import { parse, type Module } from '../src/index.js';
import { outlineModule } from './support/outline.js';

function recover(text: string): Module {
  const { value, diagnostics } = parse({ name: 'a.sbn', text });
  expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
  if (value === undefined) throw new Error('no module');
  return value;
}

describe('what is left of a text with mistakes', () => {
  it('is everything but the statement that cannot be read, whose name is noted', () => {
    const module = recover('model {\n  a ~ normal(0, 1)\n  b ~ normal(, 1)\n  c ~ normal(b, 1)\n}\nmaximize elbo\n');
    expect(outlineModule(module)).toBe('(model)\n  (~ a (normal 0 1))\n  (~ c (normal b 1))\n(maximize elbo)\n');
    expect(module.unread).toEqual(['b']);
  });

  it.each([
    [
      'a missing bracket',
      'model { a ~ normal(f(0, 1)\n b ~ normal(0, 1) }',
      '(model)\n  (~ a (normal (f 0 1)))\n  (~ b (normal 0 1))\n',
    ],
    ['a missing brace', 'model { a ~ f(0)\nguide { a ~ f(1) }', '(model)\n  (~ a (f 0))\n(guide)\n  (~ a (f 1))\n'],
    ['a missing comma', 'const a = f(1 2)', '(const a (f 1 2))\n'],
    ['a semicolon', 'const a = 1; const b = 2;', '(const a 1)\n(const b 2)\n'],
    ['a look-alike', 'const a = 1 − 2 × 3', '(const a (- 1 (* 2 3)))\n'],
    ['a foreign operator', 'const a = 2 ** 3', '(const a (^ 2 3))\n'],
    ['other quotes', "import 'a.sbn'", '(import "a.sbn")\n'],
    ['a keyword as a name', 'const model = 1', '(const model 1)\n'],
    ['a misspelt keyword', 'modle { a ~ f(0) }', '(model)\n  (~ a (f 0))\n'],
    ['grouped digits', 'const a = 10_000', '(const a 10000)\n'],
    ['`==` for `=`', 'const a == 1', '(const a 1)\n'],
    ['`=` for `:`', 'data x = real[3]', '(data x (type real 3))\n'],
    ['`:` for `=`', 'const a = f(b: 1)', '(const a (f b=1))\n'],
    ['a missing `=`', 'model { let a 1 }', '(model)\n  (let a 1)\n'],
    ['a missing `:`', 'data x real[3]', '(data x (type real 3))\n'],
    [
      'a missing `in`',
      'model { for l 1..3 { a[l] ~ f(0) } }',
      '(model)\n  (for l (range 1 3))\n    (~ (at a l) (f 0))\n',
    ],
    ['a type on a `let`', 'model { let a: real = 1 }', '(model)\n  (let a 1)\n'],
    ['a declaration in a block', 'model { const a = 1 b ~ f(a) }', '(model)\n  (~ b (f a))\n(const a 1)\n'],
  ])('is all of it, as it was meant, where the mistake is %s', (_, text, expected) => {
    const module = recover(text);
    expect(outlineModule(module)).toBe(expected);
    expect(module.unread).toEqual([]);
  });

  it.each([
    ['const a =', ['a']],
    ['data a:', ['a']],
    ['param a: real = ', ['a']],
    ['fn a(x) { let b = 1 }', ['a', 'b']],
    ['model { let a = f(,) }', ['a']],
    ['model { a = f(1) }', ['a']],
    ['model { let a ~ f(1) }', ['a']],
    ['model { for l in 3 { a[l] ~ f(1) let b = 2 } }', ['a', 'b']],
    ['model { if c { a ~ f(1) } }', ['a']],
    ['let a = 1', ['a']],
    ['a ~ f(1)', ['a']],
    ['model { a ~ f(1) via }', ['a']],
  ])('misses the names of what could not be read: %s', (text, expected) => {
    expect(recover(text).unread).toEqual(expected);
  });

  it('keeps the comments of what it keeps, and says nothing of the others', () => {
    const text = 'const a = 1\n/// lost\ndata b:\n/// kept\nconst c = 2\n';
    const { value, diagnostics } = parse({ name: 'a.sbn', text });
    expect(diagnostics.map(({ code }) => code)).toEqual(['SBN1030']);
    expect(value === undefined ? '' : outlineModule(value)).toBe('(const a 1)\n/// kept\n(const c 2)\n');
  });
});

describe('one mistake', () => {
  it.each([
    ['SBN1021', 'const a = )\nconst b = 1'],
    ['SBN1020', 'param a: real[\n  3 = zeros\nmodel {}'],
    ['SBN1020', 'const a = f(1,'],
    ['SBN1020', 'const a = f(\nconst b = 1'],
    ['SBN1020', 'const a = [1, 2\nconst b = 1'],
    ['SBN1032', 'model { a ~ f(1 } ) }'],
    ['SBN1033', 'const a = f(b = 1 c)'],
    ['SBN1034', 'model { a = }'],
    ['SBN1035', 'const a ~'],
    ['SBN1001', 'const a = §'],
    ['SBN1001', 'const a = § 1 + 2'],
    ['SBN1001', 'const a = f(1, §)'],
    ['SBN1003', 'train { data x = f("a) }'],
    ['SBN1002', 'const a = b ? 1 : 2'],
    ['SBN1038', 'const a = (1 = 2)'],
    ['SBN1042', 'model { for l in 1 3 { a ~ f(1) } }'],
    ['SBN1030', 'model { x y z }'],
    ['SBN1030', 'fn f x: real -> real { return 1 }'],
    ['SBN1008', '# data x: binary[3]\nconst a = 1'],
    ['SBN1012', 'cosnt H = 200\nconst K = H'],
    ['SBN1032', 'model { if a > 3 { x ~ f(1) } else { x ~ f(2) } }'],
  ])('%s is one diagnostic: %j', (code, text) => {
    expect(parse({ name: 'a.sbn', text }).diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
  });
});

describe('limits', () => {
  const nested = (depth: number): string => `const a = ${'('.repeat(depth)}1${')'.repeat(depth)}`;
  const codes = (text: string): readonly string[] =>
    parse({ name: 'a.sbn', text }).diagnostics.map(({ code, message }) => `${code} ${message}`);
  const tooDeep = ['SBN1023 nested more than 100 levels deep'];
  const tooLong = ['SBN1023 nested more than 500 levels deep'];

  it.each([
    ['parentheses', nested(100), nested(101)],
    ['ten thousand parentheses', nested(1), nested(10_000)],
    ['arrays', `const a = ${'['.repeat(100)}${']'.repeat(100)}`, `const a = ${'['.repeat(101)}${']'.repeat(101)}`],
    ['calls', `const a = ${'f('.repeat(100)}${')'.repeat(100)}`, `const a = ${'f('.repeat(5000)}${')'.repeat(5000)}`],
    ['conditions', `const a = ${'if 1 then 2 else '.repeat(100)}3`, `const a = ${'if 1 then 2 else '.repeat(101)}3`],
    [
      'blocks',
      `model { ${'plate i in 1 { '.repeat(99)}${'}'.repeat(99)} }`,
      `model { ${'plate i in 1 { '.repeat(100)}${'}'.repeat(100)} }`,
    ],
  ])('%s may nest, but not without end', (_, fine, deep) => {
    expect(codes(fine)).toEqual([]);
    expect(codes(deep)).toEqual(tooDeep);
    expect(parse({ name: 'a.sbn', text: deep }).value).toBeUndefined();
  });

  it.each([
    ['sums', `const a = 1${' + 1'.repeat(500)}`, `const a = 1${' + 1'.repeat(501)}`],
    ['powers', `const a = 1${'^1'.repeat(500)}`, `const a = 1${'^1'.repeat(50_000)}`],
    ['signs', `const a = ${'-'.repeat(500)}1`, `const a = ${'-'.repeat(501)}1`],
    ['indices', `const a = x${'[1]'.repeat(499)}`, `const a = x${'[1]'.repeat(50_000)}`],
  ])('%s may be chained, but not without end', (_, fine, long) => {
    expect(codes(fine)).toEqual([]);
    expect(codes(long)).toEqual(tooLong);
  });

  it('count anew in every argument, item, statement and declaration', () => {
    const sum = `1${' + 1'.repeat(400)}`;
    expect(codes(`const a = f(${sum}, ${sum}) const b = [${sum}, ${sum}]`)).toEqual([]);
    expect(codes(`model { a ~ f(${sum}) b ~ f(${sum}) let c = ${sum} let d = ${sum} }`)).toEqual([]);
    expect(codes(`const a = if 1 then 2 else 3\n`.repeat(200))).toEqual([]);
  });

  it('leave the other mistakes of the text reported', () => {
    expect(codes(`const b = 2;\n${nested(200)}`)).toEqual(['SBN1009 there are no semicolons', ...tooDeep]);
  });

  it('let a tree be that JSON can write', () => {
    for (const text of [nested(100), `const a = 1${' + 1'.repeat(500)}`]) {
      expect(() => JSON.stringify(parse({ name: 'a.sbn', text }).value)).not.toThrow();
    }
  });

  it('do not keep a megabyte from being read', () => {
    const program =
      'const H = 200\ndata x: binary[784]\nmodel {\n  h ~ bernoulli(logits = bias(H))\n}\nmaximize elbo\n';
    const copies = Math.ceil(1_000_000 / program.length);
    const { value, diagnostics } = parse({ name: 'a.sbn', text: program.repeat(copies) });
    expect(diagnostics).toEqual([]);
    expect(value?.declarations.length).toBe(4 * copies);
  });
});
