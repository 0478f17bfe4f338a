/** Texts at the edge of what can be compiled are compiled or refused, and soon. */
import { describe, expect, it } from 'vitest';
import { checkText, codesOf } from './check-text.js';

const FRAME = (functions: string, value: string): string =>
  `data x: real[3]\n${functions}\nmodel { x ~ normal(${value}, 1) }\nmaximize likelihood`;

describe('extreme programs', () => {
  it('refuses functions that double at each level', () => {
    const levels = Array.from({ length: 40 }, (_, level) => {
      const inner = level === 0 ? 'a + 1' : `f${level - 1}(a) * f${level - 1}(a + 1)`;
      return `fn f${level}(a: real[n]) -> real[n] { return ${inner} }`;
    });
    expect(codesOf(checkText(FRAME(levels.join('\n'), 'f39(x)')))).toContain('SBN2025');
  });

  it('refuses a long chain of functions with long sums in each', () => {
    const sum = Array.from({ length: 400 }, () => 'a').join(' + ');
    const chain = Array.from({ length: 30 }, (_, level) => {
      const inner = level === 0 ? 'a' : `f${level - 1}(a)`;
      return `fn f${level}(a: real[n]) -> real[n] { return ${inner} + ${sum} }`;
    });
    expect(codesOf(checkText(FRAME(chain.join('\n'), 'f29(x)')))).toEqual(['SBN2025']);
    expect(codesOf(checkText(FRAME(chain.slice(0, 2).join('\n'), 'f1(x)')))).toEqual([]);
  });

  it('says of twenty thousand unknown names that they are unknown', () => {
    const constants = Array.from({ length: 20_000 }, (_, index) => `const a${index} = b${index}\n`).join('');
    const { diagnostics } = checkText(`${constants}model {}\nminimize 1`);
    expect(diagnostics).toHaveLength(1000);
    expect(diagnostics[0]?.hint).toBeDefined();
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(['SBN2001']));
    expect(diagnostics.at(-1)?.notes).toEqual(['at least 19001 more of what is wrong is not shown']);
  });

  it('compiles a hundred functions within one another', () => {
    const chain = Array.from({ length: 100 }, (_, level) => {
      return `fn f${level}(a: real[n]) -> real[n] { return ${level === 0 ? 'a' : `2 * f${level - 1}(a + 1)`} }`;
    });
    expect(codesOf(checkText(FRAME(chain.join('\n'), 'f99(x)')))).toEqual([]);
  });

  it('compiles ten thousand layers in a loop, named in order', () => {
    const { value } = checkText(
      'data x: binary[2]\nmodel { z ~ bernoulli(logits = bias(1)) for i in 2..9999 { g[i] ~ bernoulli(logits = bias(1)) } ' +
        'x ~ bernoulli(logits = bias(2) + z + g[9999]) }\nmaximize likelihood',
    );
    expect(value?.parameters.at(-2)?.name).toBe('model.g[9999].bias');
  });
});
