/** Every code of the gradient's catalogue, as a user sees it. */
import { renderDiagnostics } from '@sbn/dsl';
import { expect, test } from 'vitest';
import { compile } from '../src/compile.js';
import { gradientDiagnostics } from '../src/gradient-catalogue.js';

const model = (site: string, objective: string): string =>
  `param eta: real[3]\nmodel {\n  ${site}\n}\nminimize ${objective}\n`;

const CASES: readonly (readonly [code: string, text: string, seen: readonly string[]])[] = [
  [
    'SBN4001',
    model('b ~ bernoulli(logits = eta) via mupropp', 'sum(b)'),
    ['there is no estimator `mupropp`', 'm.sbn:3:35', 'did you mean `muprop`?'],
  ],
  [
    'SBN4002',
    model('b ~ bernoulli(logits = eta) via muprop(costz = local)', 'sum(b)'),
    ['`muprop` has no option `costz`', 'did you mean `costs`?'],
  ],
  [
    'SBN4003',
    model('b ~ bernoulli(logits = eta) via muprop(order = 3)', 'sum(b)'),
    ['`order` cannot be `3`', 'it is one of 1, 2'],
  ],
  [
    'SBN4004',
    model('b ~ bernoulli(logits = eta)', 'sum(b > 0.5)'),
    ['`b` reaches its cost through `less`', 'm.sbn:3:3', 'via likelihood_ratio'],
  ],
  [
    'SBN4005',
    model('b ~ categorical(logits = eta) via disarm', 'sum(b * eta)'),
    ['`disarm` cannot serve `b`: it is for bernoulli sites, and this one is categorical', 'm.sbn:3:37'],
  ],
  [
    'SBN4006',
    model(
      'b ~ bernoulli(logits = eta) via enumerate\n  c ~ bernoulli(logits = b)\n  d ~ bernoulli(logits = c + b)',
      'sum(c + d)',
    ),
    [
      '`c` and `d` are downstream of `b` and drawn, which would have to be done anew for each of the 8 values of `b`',
      'm.sbn:4:3',
      '`b` is summed out',
      'give `c` and `d` `via enumerate` too',
    ],
  ],
  [
    'SBN4007',
    model('b ~ categorical(logits = bias(200, 10) + sum(eta)) via enumerate', 'sum(b)'),
    ['`b` takes 10^200 values: too many to sum out, as the most are 512', 'm.sbn:3:3', 'let it be drawn'],
  ],
  [
    'SBN4008',
    model('n ~ poisson(rate = exp(eta)) via enumerate', 'sum(n)'),
    ['`n` cannot be summed out: `poisson` has infinitely many values', 'm.sbn:3:3', 'let it be drawn'],
  ],
  [
    'SBN4009',
    'data y: real\nmodel {\n  plate i in 9 { z[i] ~ bernoulli(logits = bias(1)) via enumerate }\n  y ~ normal(sum(z), 1)\n}\nmaximize likelihood\n',
    ['-log p(y) depends on several elements of `z`', 'm.sbn:3:18', 'leave the `via enumerate` out'],
  ],
  [
    'SBN4010',
    model('b ~ bernoulli(logits = eta) via muprop(2)', 'sum(b)'),
    ['`muprop` takes no option without a name here', 'm.sbn:3:42', 'write `name = value`'],
  ],
  [
    'SBN4011',
    'data x: real[5]\nmodel {\n  a ~ bernoulli(logits = bias(1)) via enumerate\n  plate i in 5 {\n    z[i] ~ bernoulli(logits = dense(a, 1)) via enumerate\n    x[i] ~ normal(sum(z[i]), 1)\n  }\n}\nmaximize likelihood\n',
    ['`z` and `a` are in different plates', 'm.sbn:5:5', '`a` is summed out', 'sum out one of the two'],
  ],
  [
    'SBN4012',
    'data x: real\nmodel {\n  z ~ bernoulli(logits = 0) via enumerate\n  x ~ normal(z, 1)\n}\nmaximize iwae(5)\n',
    ['`z` cannot be summed out under `iwae`', 'm.sbn:3:3', 'write `maximize elbo`'],
  ],
  [
    'SBN4013',
    model('b: binary[3] ~ bernoulli(logits = masked_dense(b, 3, diagonal = 1) + eta)', 'sum(b)'),
    ['element 0 of `b` depends on itself', 'm.sbn:3:18', 'masked_dense'],
  ],
  [
    'SBN4014',
    model('b: binary ~ bernoulli(logits = 2 * b + sum(eta))', 'b'),
    ['`b` reads its own value, and is no row of elements', 'm.sbn:3:15', 'one axis'],
  ],
  [
    'SBN5101',
    model('b ~ bernoulli(logits = eta)\n  c ~ bernoulli(logits = eta)', 'sum(b)'),
    ['no cost depends on `c`', 'm.sbn:4:3'],
  ],
  [
    'SBN5102',
    model('b ~ bernoulli(logits = detach(dense(eta, 3)) + eta)', 'sum(b)'),
    ['nothing trains `model.b.dense.weight` and `model.b.dense.bias`', 'm.sbn:3:33', 'by them'],
  ],
];

test('every code has a case', () => {
  expect(CASES.map(([code]) => code).toSorted()).toEqual(gradientDiagnostics.codes);
});

test.each(CASES)('%s', (code, text, seen) => {
  const source = { name: 'm.sbn', text };
  const { value, diagnostics } = compile(source);
  expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
  expect(value === undefined).toBe(code.startsWith('SBN4'));
  const shown = renderDiagnostics(source, diagnostics, { color: false });
  for (const part of seen) expect(shown).toContain(part);
});

test.each(gradientDiagnostics.codes)('the examples of %s are what they are said to be', (code) => {
  const page = gradientDiagnostics.explain(code);
  const codesOf = (text = ''): readonly string[] =>
    compile({ name: 'm.sbn', text }).diagnostics.map((diagnostic) => diagnostic.code);
  expect(codesOf(page?.bad)).toEqual([code]);
  expect(codesOf(page?.good)).toEqual([]);
});

test('a comparison is no obstacle to the likelihood ratio', () => {
  const { value, diagnostics } = compile({
    name: 'm.sbn',
    text: model('b ~ bernoulli(logits = eta) via likelihood_ratio', 'sum(b > 0.5)'),
  });
  expect(diagnostics).toEqual([]);
  expect(value?.sites[0]?.verdict).toEqual({ kind: 'unbiased' });
});
