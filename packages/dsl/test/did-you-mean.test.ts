import { describe, expect, it } from 'vitest';
import { suggest } from '../src/index.js';

const names = ['bernoulli', 'categorical', 'normal', 'lognormal', 'h1', 'h2', 'H', 'sigmoid', 'logits', 'loc'];

describe('suggest', () => {
  it.each([
    ['bernouli', 'bernoulli'],
    ['bernuolli', 'bernoulli'],
    ['Normal', 'normal'],
    ['sigmiod', 'sigmoid'],
    ['logit', 'logits'],
    ['loce', 'loc'],
    ['catgorcal', 'categorical'],
    ['h', 'H'],
    ['bern', 'bernoulli'],
    ['cat', 'categorical'],
  ])('takes %s for %s', (name, meant) => {
    expect(suggest(name, names)).toBe(meant);
  });

  it.each(['x', 'zeta', 'poisson', '', 'be', 'dense'])('has nothing for %s', (name) => {
    expect(suggest(name, names)).toBeUndefined();
  });

  it('counts a swap of neighbours as one edit, not as two', () => {
    expect(suggest('ba', ['xb', 'ab'])).toBe('ab');
    expect(suggest('abc', ['acb'])).toBe('acb');
  });

  it('takes the nearest, and of equals the first', () => {
    expect(suggest('h3', ['h11', 'h2', 'h1'])).toBe('h2');
    expect(suggest('layers', ['player', 'layer'])).toBe('layer');
  });

  it('never proposes the name itself', () => {
    expect(suggest('normal', ['normal'])).toBeUndefined();
  });

  it('counts letters, not their UTF-16 halves', () => {
    expect(suggest('𝒙𝒚', ['𝒙𝒛'])).toBe('𝒙𝒛');
    expect(suggest('μ', ['σ'])).toBeUndefined();
  });
});
