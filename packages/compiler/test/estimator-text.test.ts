/** The estimator of a call, in the place of the file's: what it changes, and where its mistakes are shown. */
import { renderDiagnostics } from '@sbn/dsl';
import { describe, expect, it } from 'vitest';
import { compile, compileStages } from '../src/index.js';

const TEXT = `const K = 2
param u: real[3] = zeros
model {
  a ~ bernoulli(logits = u)
  b ~ bernoulli(logits = K * sum(a) * u) via likelihood_ratio
}
minimize sum(b) + sum(a)
`;

const source = (text = TEXT) => ({ name: 'model.sbn', text });

function estimatorsOf(text: string, estimator: string | undefined): (string | undefined)[] {
  return (compile(source(text), { estimator }).value?.sites ?? []).map((site) => site.estimator?.split(' ')[0]);
}

/** What a user would see of it. */
function shown(estimator: string, text = TEXT): string {
  const { sources, diagnostics } = compile(source(text), { estimator });
  return renderDiagnostics(sources, diagnostics, { color: false });
}

describe('an estimator given with the call', () => {
  it('is that of the sites without one of their own', () => {
    expect(estimatorsOf(TEXT, undefined)).toEqual(['muprop', 'likelihood_ratio']);
    expect(estimatorsOf(TEXT, 'straight_through')).toEqual(['straight_through', 'likelihood_ratio']);
  });

  it('takes the place of that of the file', () => {
    const text = `${TEXT}estimator half\n`;
    expect(estimatorsOf(text, undefined)).toEqual(['half', 'likelihood_ratio']);
    expect(estimatorsOf(text, 'muprop')).toEqual(['muprop', 'likelihood_ratio']);
  });

  it('may use the constants of the file in its options', () => {
    const { plan } = compileStages(source(), { estimator: 'muprop(order = K)' });
    expect(plan?.terms[0]?.form['order']).toBe('2');
  });
});

describe('a mistake in it is shown in its own text', () => {
  it('for a name that is none, once for all sites', () => {
    expect(shown('mupropp', TEXT.replace(' via likelihood_ratio', ''))).toBe(
      [
        'error[SBN4001]: there is no estimator `mupropp`',
        '  ┌─ --estimator:1:1',
        '1 │ mupropp',
        '  │ ^^^^^^^',
        '  = hint: did you mean `muprop`?',
      ].join('\n'),
    );
  });

  it.each([
    ['muprop(ordr = 2)', '--estimator:1:8', 'did you mean `order`?'],
    ['muprop(order = 7)', '--estimator:1:8', '`order` cannot be `7`'],
    ['muprop(order = 1, order = 2)', '--estimator:1:19', 'first given here'],
    ['muprop(', '--estimator:1:8', 'missing `)`'],
    ['', '--estimator:1:1', 'expected an estimator'],
    ['muprop half', '--estimator:1:8', 'unexpected `half`'],
    ['muprop estimator half', '--estimator:1:8', 'unexpected `estimator`'],
    ['const K = 3', '--estimator:1:1', 'expected an estimator'],
  ])('%s', (estimator, place, said) => {
    const { value } = compile(source(), { estimator });
    expect(value).toBeUndefined();
    expect(shown(estimator)).toContain(`┌─ ${place}\n`);
    expect(shown(estimator)).toContain(said);
    expect(shown(estimator)).not.toContain('model.sbn');
  });
});

describe('what is wrong with the file', () => {
  it('is shown in the file, before what is wrong with the estimator', () => {
    const text = shown('mupropp(', TEXT.replace('sum(a)', 'sum(c)'));
    expect(text.indexOf('model.sbn:5:')).toBeGreaterThan(0);
    expect(text.indexOf('--estimator:1:')).toBeGreaterThan(text.indexOf('model.sbn:5:'));
  });

  it('is shown in the file where the estimator cannot serve a site', () => {
    const text = shown('muprop', TEXT.replace('minimize sum(b) + sum(a)', 'minimize sum(b) + sum(a > 0.5)'));
    expect(text).toContain('error[SBN4004]');
    expect(text).toContain('┌─ model.sbn:4:3');
  });
});
