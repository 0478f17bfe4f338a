import { describe, expect, it } from 'vitest';
import { format } from '../src/index.js';
import { expectFormatted } from './support/expect-formatted.js';
import { expectedText, readFixtures } from './support/fixtures.js';

describe.each(readFixtures('format'))('%s', (name, { text }) => {
  it('has the expected form, which is its own', () => {
    const formatted = expectFormatted(text);
    expect(formatted).toBe(expectedText('format', name, formatted));
  });
});

/** A text, and its form. */
const FORMS: readonly (readonly [what: string, text: string, form: string])[] = [
  ['nothing', '', ''],
  ['spaces alone', ' \n\t\n', ''],
  ['a comment alone', '\n\n  // a  ', '// a\n'],
  [
    'a line of a hundred columns',
    `const a = ${'b'.repeat(42)} + ${'c'.repeat(45)}\n`,
    `const a = ${'b'.repeat(42)} + ${'c'.repeat(45)}\n`,
  ],
  [
    'a line of a hundred and one',
    `const a = ${'b'.repeat(43)} + ${'c'.repeat(45)}\n`,
    `const a = ${'b'.repeat(43)}\n  + ${'c'.repeat(45)}\n`,
  ],
  [
    'wide letters, two columns each',
    `const a = ${'漢'.repeat(40)} + b + cccccccc\n`,
    `const a = ${'漢'.repeat(40)}\n  + b\n  + cccccccc\n`,
  ],
  [
    'a comment beyond the hundredth column',
    `maximize f(a) // ${'long '.repeat(30)}`,
    `maximize f(a) // ${'long '.repeat(30).trim()}\n`,
  ],
  ['a byte order mark', '\ufeffmaximize elbo', 'maximize elbo\n'],
  ['line ends of Windows', 'model {\r\n  // a\r\n\r\n\r\n  x~f()}', 'model {\r\n  // a\r\n\r\n  x ~ f()\r\n}\r\n'],
  ['line ends of both kinds, the first of them Unix', 'const a = 1\nconst b = 2\r\n', 'const a = 1\nconst b = 2\n'],
  ['line ends of an old Macintosh', 'const a = 1\rconst b = 2', 'const a = 1\nconst b = 2\n'],
  ['a line separator of Unicode in a comment', '// a\u2028b\nmaximize elbo', '// a\u2028b\nmaximize elbo\n'],
  ['a block on its line', 'model{x~f()}', 'model { x ~ f() }\n'],
  ['a block on lines of its own', 'model{\nx~f()}', 'model {\n  x ~ f()\n}\n'],
  ['two statements on a line', 'model{x~f()y~f()}', 'model {\n  x ~ f()\n  y ~ f()\n}\n'],
  [
    'blocks in blocks',
    'model{for i in 1..2{for j in 1..2{x[i,j]~f()}}}',
    'model { for i in 1..2 { for j in 1..2 { x[i, j] ~ f() } } }\n',
  ],
  [
    'blocks in blocks, the innermost on lines of its own',
    'model{for i in 1..2{\nx[i]~f()}}',
    'model {\n  for i in 1..2 {\n    x[i] ~ f()\n  }\n}\n',
  ],
];

describe('the form of', () => {
  it.each(FORMS)('%s', (_, text, form) => {
    expect(expectFormatted(text)).toBe(form);
  });
});

describe('a text with mistakes', () => {
  it('has no form, and the diagnostics of the parser', () => {
    const { value, diagnostics } = format({ name: 'a.sbn', text: 'const = 3\nmodel { x ~ }' });
    expect(value).toBeUndefined();
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toHaveLength(2);
  });

  it('has none where it is nested too deeply', () => {
    const text = `const a = ${'('.repeat(600)}1${')'.repeat(600)}`;
    const { value, diagnostics } = format({ name: 'a.sbn', text });
    expect([value, diagnostics.map(({ code }) => code)]).toEqual([undefined, ['SBN1023']]);
  });

  it('has one where there are but warnings', () => {
    const { value, diagnostics } = format({ name: 'a.sbn', text: 'const a=1 /// of nothing' });
    expect([value, diagnostics.map(({ code }) => code)]).toEqual(['const a = 1 /// of nothing\n', ['SBN1010']]);
  });

  it.each(readFixtures('bad'))('%s is refused', (_, source) => {
    const { value, diagnostics } = format(source);
    const isWrong = diagnostics.some(({ severity }) => severity === 'error');
    expect(value === undefined).toBe(isWrong);
  });
});
