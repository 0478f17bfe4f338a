import { describe, expect, it } from 'vitest';
import { parse } from '../src/index.js';
import { outlineExpression } from './support/outline.js';

function outline(text: string): string {
  const { value, diagnostics } = parse({ name: 'a.sbn', text: `minimize ${text}` });
  expect(diagnostics).toEqual([]);
  const [objective] = value?.declarations ?? [];
  return objective?.kind === 'objective' ? outlineExpression(objective.value) : 'no objective';
}

describe('operators', () => {
  it.each([
    ['1 + 2 * 3', '(+ 1 (* 2 3))'],
    ['1 * 2 + 3', '(+ (* 1 2) 3)'],
    ['1 - 2 - 3', '(- (- 1 2) 3)'],
    ['1 - (2 - 3)', '(- 1 (- 2 3))'],
    ['8 / 4 / 2', '(/ (/ 8 4) 2)'],
    ['a * b @ c / d', '(/ (@ (* a b) c) d)'],
    ['2^3^2', '(^ 2 (^ 3 2))'],
    ['-x^2', '(- (^ x 2))'],
    ['(-x)^2', '(^ (- x) 2)'],
    ['2^-1', '(^ 2 (- 1))'],
    ['2^-x^2', '(^ 2 (- (^ x 2)))'],
    ['2^--1', '(^ 2 (- (- 1)))'],
    ['-a * b', '(* (- a) b)'],
    ['a * -b', '(* a (- b))'],
    ['a - -b', '(- a (- b))'],
    ['-a + b', '(+ (- a) b)'],
    ['- -a', '(- (- a))'],
    ['a^b * c^d', '(* (^ a b) (^ c d))'],
    ['a * b^c * d', '(* (* a (^ b c)) d)'],
    ['2^-1 * 3', '(* (^ 2 (- 1)) 3)'],
    ['a + 1 < b * 2', '(< (+ a 1) (* b 2))'],
    ['a == b + 1', '(== a (+ b 1))'],
    ['a <= -1', '(<= a (- 1))'],
    ['a >= b', '(>= a b)'],
    ['a != b', '(!= a b)'],
    ['a > b', '(> a b)'],
    ['x[1]^2', '(^ (at x 1) 2)'],
    ['-x[1]', '(- (at x 1))'],
    ['-f(x)^2', '(- (^ (f x) 2))'],
    ['if a then b else c + 1', '(if a b (+ c 1))'],
    ['1 + if a < b then c else d * 2', '(+ 1 (if (< a b) c (* d 2)))'],
    ['(if a then b else c) + 1', '(+ (if a b c) 1)'],
    ['if a then if b then c else d else e', '(if a (if b c d) e)'],
    ['((a))', 'a'],
  ])('%s', (text, expected) => {
    expect(outline(text)).toBe(expected);
  });

  it('span their operands, parentheses included, and know where they are', () => {
    const text = 'minimize (a + b) * -(c)';
    const [objective] = parse({ name: 'a.sbn', text }).value?.declarations ?? [];
    const product = objective?.kind === 'objective' ? objective.value : undefined;
    if (product?.kind !== 'binary' || product.right.kind !== 'unary') throw new Error('a product');
    const slice = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);
    expect(slice(product.span)).toBe('(a + b) * -(c)');
    expect(slice(product.operatorSpan)).toBe('*');
    expect(slice(product.left.span)).toBe('a + b');
    expect(slice(product.right.span)).toBe('-(c)');
    expect(slice(product.right.operand.span)).toBe('c');
  });
});

describe('numbers and ranges', () => {
  it.each([
    ['[i for i in 1..3]', '(each i i (range 1 3))'],
    ['[i for i in 1.5..3.5 by 0.5]', '(each i i (range 1.5 3.5 0.5))'],
    ['x[1..3]', '(at x (range 1 3))'],
    ['x[(a)..b + 1]', '(at x (range a (+ b 1)))'],
    ['x[.., 3]', '(at x .. 3)'],
    ['x[..][..]', '(at (at x ..) ..)'],
    ['1e3', '1000'],
    ['1E+2', '100'],
    ['2.5e-1', '0.25'],
    ['007', '7'],
  ])('%s', (text, expected) => {
    expect(outline(text)).toBe(expected);
  });
});
