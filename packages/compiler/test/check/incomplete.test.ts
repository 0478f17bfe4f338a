/** After syntax errors, the checker says nothing of what the parser may have left out. */
import { parse } from '@sbn/dsl';
import { describe, expect, it } from 'vitest';
import { checkModel } from '../../src/check/index.js';

function check(text: string, incomplete: boolean): string[] {
  const source = { name: 'model.sbn', text };
  const { value: module } = parse(source);
  if (module === undefined) throw new Error('no tree');
  return checkModel(module, source, { constants: {}, incomplete }).diagnostics.map(({ message }) => message);
}

/** As the parser gives it when the lines of `SIZE`, of `h2` and of the guide were not understood. */
const TEXT = `
data x: binary[4]
model {
  h1 ~ bernoulli(logits = bias(SIZE))
  x ~ bernoulli(logits = dense(h2, SIZE + 1) + h11 + [1, [2]])
}
guide { h1 ~ bernoulli(logits = bias(3)) h2 ~ bernoulli(logits = bias(3)) }
maximize elbo
`;

describe('an incomplete tree', () => {
  it('is checked for what is there, and for names that are like known ones', () => {
    expect(check(TEXT, true)).toEqual(['nothing is called `h11` here', 'the items of an array have one shape']);
  });

  it('is not told from a complete one unless the caller says so', () => {
    expect(check(TEXT, false)).toContain('nothing is called `SIZE` here');
    expect(check(TEXT, false)).toContain('the guide samples `h2`, which is no latent of the model');
  });
});
