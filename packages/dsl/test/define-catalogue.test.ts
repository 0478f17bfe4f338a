import { describe, expect, it } from 'vitest';
import { defineCatalogue, entry } from '../src/index.js';

const pages = { explanation: 'Why.', bad: 'bad', good: 'good' };
const catalogue = defineCatalogue({
  SBN2002: entry<{ found: string; size: number }>({
    ...pages,
    title: 'a title',
    message: ({ found, size }) => `${found} of ${size}`,
    label: ({ found }) => `this is ${found}`,
    hint: ({ size }) => (size > 1 ? `write ${size - 1}` : undefined),
  }),
  SBN2001: entry({ ...pages, severity: 'warning', title: 'plain', message: () => 'no facts' }),
});
const span = { start: 2, end: 5 };

describe('a catalogue', () => {
  it('fills the sentences of the entry', () => {
    expect(catalogue.report('SBN2002', { found: 'x', size: 3 }, span)).toEqual({
      code: 'SBN2002',
      severity: 'error',
      message: 'x of 3',
      span,
      label: 'this is x',
      related: [],
      notes: [],
      hint: 'write 2',
    });
  });

  it('takes the severity of the entry, and leaves out what the entry does not say', () => {
    const diagnostic = catalogue.report('SBN2001', {}, span);
    expect(diagnostic).toMatchObject({ severity: 'warning', message: 'no facts', label: '', hint: undefined });
  });

  it('lets particulars win, an explicit absence of a hint too', () => {
    const related = [{ span: { start: 0, end: 1 }, text: 'here' }];
    const particulars = { label: 'mine', related, notes: ['a note'], hint: undefined };
    expect(catalogue.report('SBN2002', { found: 'x', size: 3 }, span, particulars)).toMatchObject(particulars);
  });

  it('lists its codes in order and gives their pages', () => {
    expect(catalogue.codes).toEqual(['SBN2001', 'SBN2002']);
    expect(catalogue.explain('SBN2002')).toEqual({
      ...pages,
      code: 'SBN2002',
      severity: 'error',
      title: 'a title',
      files: {},
    });
    expect(catalogue.explain('SBN9999')).toBeUndefined();
  });

  it('does not compile with a missing or wrong fact, or with a code it does not have', () => {
    // @ts-expect-error a fact is missing
    expect(() => catalogue.report('SBN2002', { found: 'x' }, span)).not.toThrow();
    // @ts-expect-error a fact has the wrong type
    expect(() => catalogue.report('SBN2002', { found: 1, size: 1 }, span)).not.toThrow();
    // @ts-expect-error no such code
    expect(() => catalogue.report('SBN2003', {}, span)).toThrow();
    // @ts-expect-error a key that is no code
    expect(() => defineCatalogue({ E1: entry({ ...pages, title: '', message: () => '' }) })).not.toThrow();
  });
});
