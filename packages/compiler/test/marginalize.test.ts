/** `via enumerate`: which sites it takes, what it says of them, and what it refuses. */
import { renderDiagnostics } from '@sbn/dsl';
import type { Artifact } from '@sbn/program';
import { describe, expect, it } from 'vitest';
import { compile, compileStages } from '../src/compile.js';
import { marginalize } from '../src/marginalize/index.js';

const source = (text: string) => ({ name: 'm.sbn', text });

function compiled(text: string, estimator?: string): Artifact {
  const { value, sources, diagnostics } = compile(source(text), { estimator });
  if (value === undefined) throw new Error(renderDiagnostics(sources, diagnostics, { color: false }));
  return value;
}

/** What a user sees of the mistakes. */
function shown(text: string, estimator?: string): string {
  const { diagnostics, sources } = compileStages(source(text), { estimator });
  return renderDiagnostics(sources, diagnostics, { color: false });
}

const CHAIN = `param u: real[2]
param w: real[2, 3]
model {
  a ~ bernoulli(logits = u)
  b ~ categorical(logits = a @ w)
}
minimize sum(b) + sum(a)
`;

const noiseOf = (artifact: Artifact): readonly string[] =>
  artifact.programs.gradient.inputs.filter(({ role }) => role === 'noise').map(({ name }) => name);

describe('what is summed out', () => {
  it('is the site with `via enumerate`, or every site without a `via`', () => {
    const one = CHAIN.replace('a @ w)', 'a @ w) via enumerate');
    expect(noiseOf(compiled(CHAIN))).toEqual(['a', 'b']);
    expect(noiseOf(compiled(one))).toEqual(['a']);
    expect(noiseOf(compiled(`${CHAIN}estimator enumerate`))).toEqual([]);
    expect(noiseOf(compiled(CHAIN, 'enumerate'))).toEqual([]);
    expect(noiseOf(compiled(CHAIN.replace('= u)', '= u) via muprop'), 'enumerate'))).toEqual(['a']);
  });

  it('is told with its values, its passes, its costs and the verdict', () => {
    const { sites } = compiled(CHAIN, 'enumerate');
    expect(sites).toMatchObject([
      {
        id: 'a',
        role: 'latent',
        estimator: 'enumerate (4 values; 12 passes through what depends on it)',
        costs: ['cost 1', 'cost 2'],
        verdict: { kind: 'exact' },
      },
      {
        id: 'b',
        parents: ['a'],
        estimator: 'enumerate (3 values; 12 passes through what depends on it)',
        costs: ['cost 1'],
        verdict: { kind: 'exact' },
      },
    ]);
  });

  it('may reach its cost through a comparison', () => {
    const { sites } = compiled(CHAIN.replace('sum(b)', 'sum(b > 0.5)').replace('sum(a)', 'sum(a > 0.5)'), 'enumerate');
    expect(sites.map(({ verdict }) => verdict)).toEqual([{ kind: 'exact' }, { kind: 'exact' }]);
  });

  it('is still drawn where a model is sampled', () => {
    const { programs } = compiled(CHAIN, 'enumerate');
    for (const { outputs } of [programs.sample, programs.posterior]) {
      expect(outputs.map(({ role, name }) => `${role} ${name}`).toSorted()).toEqual([
        'mean a',
        'mean b',
        'sample a',
        'sample b',
      ]);
    }
  });

  it('leaves the drawn part of a graph alone where nothing is summed out', () => {
    const { graph, marginalization } = compileStages(source(CHAIN));
    expect(marginalization?.graph).toBe(graph);
  });

  it('is no site that no cost depends on', () => {
    const text = 'param u: real[20]\nmodel { a ~ bernoulli(logits = u)  b ~ bernoulli(logits = u[0]) }\nminimize b\n';
    expect(shown(text, 'enumerate')).toContain('warning[SBN5101]: no cost depends on `a`');
    expect(compiled(text, 'enumerate').sites.map(({ verdict }) => verdict?.kind)).toEqual([undefined, 'exact']);
  });
});

describe('what is refused', () => {
  it('a site below that no cost depends on, with what to do about it', () => {
    const text = 'param u: real\nmodel { a ~ bernoulli(logits = u)  b ~ bernoulli(logits = u * a) }\nminimize a\n';
    expect(shown(text, 'enumerate')).toContain('hint: leave out `b`, on which no cost depends');
  });

  it('a drawn site below, told at the lowest of those that are summed out', () => {
    const text = `param u: real[2]
model {
  a ~ bernoulli(logits = u)
  b ~ bernoulli(logits = a)
  c ~ bernoulli(logits = a + b) via muprop
  d ~ bernoulli(logits = c) via muprop
}
minimize sum(d)
estimator enumerate
`;
    expect(shown(text)).toBe(
      [
        'error[SBN4006]: `c` is downstream of `b` and drawn, which would have to be done anew for each of the 4 values of `b`',
        '  ┌─ m.sbn:5:3',
        '4 │   b ~ bernoulli(logits = a)',
        '  │   ^ `b` is summed out',
        '5 │   c ~ bernoulli(logits = a + b) via muprop',
        '  │   ^ is drawn',
        '  = hint: give `c` `via enumerate` too, or let `b` be drawn: leave its `via enumerate` out, or put `via muprop`',
      ].join('\n'),
    );
  });

  it('too many values of each site, or together', () => {
    const wide = CHAIN.replaceAll('real[2', 'real[10').replace('real[10, 3]', 'real[10, 600]');
    const text = shown(wide, 'enumerate');
    expect(text).toContain('error[SBN4007]: `a` takes 1024 values: too many to sum out, as the most are 512');
    expect(text).toContain('error[SBN4007]: `b` takes 600 values: too many to sum out, as the most are 512');
    expect(text.match(/SBN4007/g)).toHaveLength(2);
    const together = CHAIN.replaceAll('real[2', 'real[8');
    expect(shown(together, 'enumerate')).toContain('error[SBN4007]: `a` and `b` take 768 values together');
    expect(shown(together.replace('@ w)', '@ w) via enumerate'))).toBe('');
  });

  it('options, which it does not have', () => {
    expect(shown(CHAIN, 'enumerate(costs = full)')).toBe(
      [
        'error[SBN4002]: `enumerate` has no option `costs`',
        '  ┌─ --estimator:1:11',
        '1 │ enumerate(costs = full)',
        '  │           ^^^^^^^^^^^^',
        '  = hint: it has none',
      ].join('\n'),
    );
  });

  it('a name that is nearly its own, with its own as the guess', () => {
    expect(shown(CHAIN, 'enumerat')).toContain('did you mean `enumerate`?');
  });

  it('a site of infinitely many values', () => {
    const { graph, model } = compileStages(source(CHAIN.replace('a @ w)', 'a @ w) via enumerate')));
    if (graph === undefined || model === undefined) throw new Error('it does not compile');
    const sites = graph.sites.map((site) =>
      site.id === 'b'
        ? { ...site, typed: { ...site.typed, type: { ...site.typed.type, element: { kind: 'count' } as const } } }
        : site,
    );
    const { value, diagnostics } = marginalize({ ...graph, sites }, model.objective, undefined);
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'SBN4008: `b` cannot be summed out: `categorical` has infinitely many values',
    ]);
  });
});
