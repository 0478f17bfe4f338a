/** What the functions of the language compute, and that their gradients are those of differences. */
import { at, type Artifact } from '@sbn/program';
import { describe, expect, it, test } from 'vitest';
import { compile } from '../src/compile.js';
import { run, valuesOf } from './evaluate.js';

/** Six numbers of either sign, and their magnitudes. */
const X = [0.5, -1.25, 2, 0.75, -0.3, 1.6];
const P = [0.5, 1.25, 2, 0.75, 0.3, 1.6];

/** The sum of the expression's elements, each times another factor. */
function compileExpression(expression: string, size: number): Artifact {
  const text = [
    'param x: real[2, 3]',
    'param p: real[2, 3]',
    'model { b ~ bernoulli(logits = 0) }',
    `minimize sum(flatten(${expression}) * cos(3 * cumsum(ones(${String(size)}))))`,
  ].join('\n');
  const { value, diagnostics } = compile({ name: 'function.sbn', text });
  if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return value;
}

/** The factors: cos 3, cos 6, … */
const weighted = (values: readonly number[]): number =>
  values.reduce((sum, value, place) => sum + value * Math.cos(3 * (place + 1)), 0);

function valueAt(artifact: Artifact, x: readonly number[], p: readonly number[]): number {
  return at(valuesOf(run(artifact.programs.evaluate, { x, p, b: [0.5] }, 1), 'total'), 0);
}

const LGAMMA_HALF = 0.5 * Math.log(Math.PI);
const EULER = 0.5772156649015329;

const row = (from: number): readonly number[] => X.slice(from, from + 3);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const product = (values: readonly number[]): number => values.reduce((total, value) => total * value, 1);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const variance = (values: readonly number[]): number => mean(values.map((value) => (value - mean(values)) ** 2));
/** A row times a matrix given by its rows. */
const productOf = (values: readonly number[], matrix: readonly (readonly number[])[]): readonly number[] =>
  (matrix[0] ?? []).map((_, column) => sum(values.map((value, k) => value * at(at(matrix, k), column))));
const columns = [0, 1, 2].map((k) => [at(X, k), at(X, k + 3)]);

const FUNCTIONS: readonly (readonly [expression: string, expected: readonly number[]])[] = [
  [
    'reshape(x, 3, 1, 2) @ p',
    [0, 1, 2].flatMap((k) => productOf(X.slice(2 * k, 2 * k + 2), [P.slice(0, 3), P.slice(3)])),
  ],
  ['reshape(x, 1, 2, 3) @ p[0]', [0, 3].map((from) => sum(row(from).map((value, k) => value * at(P, k))))],
  ['expm1(x)', X.map((x) => Math.exp(x) - 1)],
  ['sin(x)', X.map((x) => Math.cos(x - Math.PI / 2))],
  ['cos(x)', X.map((x) => Math.sin(x + Math.PI / 2))],
  ['log1p(p)', P.map((x) => Math.log(1 + x))],
  ['lgamma([0.5, 3, 4] + 0 * x[0])', [LGAMMA_HALF, Math.LN2, Math.log(6)]],
  ['digamma([1, 2, 0.5] + 0 * x[0])', [-EULER, 1 - EULER, -EULER - 2 * Math.LN2]],
  ['logaddexp(x, p)', X.map((x, place) => Math.log(Math.exp(x) + Math.exp(at(P, place))))],
  ['logaddexp(x, x)', X.map((x) => x + Math.LN2)],
  ['logaddexp(1000 * x[0], -1000)', [500, -1000 + Math.log1p(0), 2000]],
  ['clip(x, -1, 1)', [0.5, -1, 1, 0.75, -0.3, 1]],
  ['clip(x, x[0], 1)', [0.5, -1.25, 1, 0.75, -0.3, 1]],
  ['where(x > 0, x, 2 * p)', [0.5, 2.5, 2, 0.75, 0.6, 1.6]],
  ['if x > 0 then x else 2 * p', [0.5, 2.5, 2, 0.75, 0.6, 1.6]],
  ['where(x > 0, log(x), 0)', X.map((x) => (x > 0 ? Math.log(x) : 0))],
  ['where(x != 2, p, 7)', P.with(2, 7)],
  ['where([1, 0, 1], x, p)', [0.5, 1.25, 2, 0.75, 0.3, 1.6]],
  ['where(2 > 1, x, p)', X],
  ['reshape(prod(x), 1)', [product(X)]],
  ['prod(x, axis = 0)', columns.map(product)],
  ['prod(x, axis = 1)', [product(row(0)), product(row(3))]],
  ['prod(x * [1, 0, 1], axis = 1)', [0, 0]],
  ['reshape(var(x), 1)', [variance(X)]],
  ['var(x, axis = 1)', [variance(row(0)), variance(row(3))]],
  ['std(x, axis = 0)', columns.map((column) => Math.sqrt(variance(column)))],
  ['cumsum(x)', [0.5, -0.75, 1.25, 0.75, 0.45, 2.05]],
  ['cumsum(x, axis = 0)', [0.5, -1.25, 2, 1.25, -1.55, 3.6]],
  ['cumsum(flatten(x))', X.map((_, place) => sum(X.slice(0, place + 1)))],
  ['stack(x[0], p[1])', [...X.slice(0, 3), ...P.slice(3)]],
  ['stack(x[0], p[1], axis = 1)', [0.5, 0.75, -1.25, 0.3, 2, 1.6]],
  ['stack(x[0, 1], p[1, 1])', [-1.25, 0.3]],
  ['stack(1, 2, 3) * x[0]', [0.5, -2.5, 6]],
  ['x @ transpose(one_hot([0, 2], 3))', [0.5, 2, 0.75, 1.6]],
  ['x[one_hot(1, 2)]', row(3)],
  ['x[.., 0..2 by 2]', [0.5, 2, 0.75, 1.6]],
  ['x[1..0 by -1]', [...row(3), ...row(0)]],
  ['x[1..0 by -1, 2..0 by -2]', [1.6, 0.75, 2, 0.5]],
  ['flatten(x)[5..0 by -1]', X.toReversed()],
  ['flatten(x)[0..5 by 3]', [0.5, 0.75]],
  ['flatten(x)[4..0 by -3]', [-0.3, -1.25]],
  ['[1, 2, 3, 4][3..0 by -2] * x[0, 0]', [2, 1]],
  ['one_hot(1, 3) * x', [0, -1.25, 0, 0, -0.3, 0]],
  ['zeros(2, 3) + x', X],
  ['ones(3) * x', X],
  ['eye(2) @ x', X],
  ['tril(x)', [0.5, 0, 0, 0.75, -0.3, 0]],
  ['tril(ones(3, 3)) @ x[0]', [0.5, -0.75, 1.25]],
  ['min(x, axis = 1)', [-1.25, -0.3]],
];

/** By mpmath's `loggamma`. */
const LOG_GAMMA_OF_P = [
  0.5723649429247001, -0.09827183642181316, 0, 0.20328095143129538, 1.0957979948180756, -0.11259176569675579,
];

describe.each([...FUNCTIONS, ['lgamma(p)', LOG_GAMMA_OF_P] as const])('%s', (expression, expected) => {
  const artifact = compileExpression(expression, expected.length);

  test('value', () => {
    expect(valueAt(artifact, X, P)).toBeCloseTo(weighted(expected), 12);
  });

  test('gradient', () => {
    const { gradient } = artifact.programs;
    const state = Object.fromEntries(artifact.state.map(({ name, initial }) => [name, [initial]]));
    const outputs = run(gradient, { ...state, x: X, p: P, b: [0.5] }, 1);
    const names = gradient.outputs.filter(({ role }) => role === 'gradient').map(({ name }) => name);
    for (const name of names) {
      const values = name === 'x' ? X : P;
      valuesOf(outputs, name).forEach((slope, place) => {
        const total = (step: number): number => {
          const moved = values.with(place, at(values, place) + step);
          return name === 'x' ? valueAt(artifact, moved, P) : valueAt(artifact, X, moved);
        };
        const h = 1e-3;
        const numeric = (total(-2 * h) - 8 * total(-h) + 8 * total(h) - total(2 * h)) / (12 * h);
        expect(Math.abs(slope - numeric)).toBeLessThan(1e-7 * Math.max(1, Math.abs(numeric)));
      });
    }
  });
});

describe('numbers known at compile time', () => {
  const folded = (expression: string): number => {
    const text = `const c = ${expression}\nparam x: real\nmodel { b ~ bernoulli(logits = 0) }\nminimize x * c`;
    const { value, diagnostics } = compile({ name: 'constant.sbn', text });
    if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
    return value.constants['c'] ?? NaN;
  };

  it.each([
    ['expm1(1e-12)', Math.expm1(1e-12)],
    ['sin(2)', Math.sin(2)],
    ['cos(2)', Math.cos(2)],
    ['lgamma(4)', Math.log(6)],
    ['digamma(1)', -EULER],
    ['logaddexp(0, 0)', Math.LN2],
    ['clip(7, 0, 5)', 5],
    ['where(1 < 2, 3, 4)', 3],
    ['prod(5)', 5],
  ])('%s', (expression, expected) => {
    expect(folded(expression)).toBeCloseTo(expected, 14);
  });
});
