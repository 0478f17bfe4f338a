/** The examples in the catalogue, which the documentation shows, are what they are said to be. */
import { describe, expect, it } from 'vitest';
import { CHECK_CATALOGUE } from '../../src/check/index.js';
import { readFrom } from '../../src/describe-code.js';
import { checkText, codesOf } from './check-text.js';

/** What an example may lack without being wrong: it shows a part of a file. */
const INCOMPLETE = new Set(['SBN3001', 'SBN3003', 'SBN5001', 'SBN5002']);

describe.each(CHECK_CATALOGUE.codes)('%s', (code) => {
  const page = CHECK_CATALOGUE.explain(code);
  const codesOfExample = (text = ''): readonly string[] =>
    codesOf(checkText(text, 'model.sbn', readFrom(page?.files ?? {})));

  it('is raised by its bad example', () => {
    expect(codesOfExample(page?.bad)).toContain(code);
  });

  it('is not raised by its good example, nor is anything else', () => {
    const others = codesOfExample(page?.good).filter((other) => other === code || !INCOMPLETE.has(other));
    expect(others).toEqual([]);
  });

  it('is of the severity that its number says', () => {
    expect(page?.severity).toBe(code.startsWith('SBN5') ? 'warning' : 'error');
  });
});
