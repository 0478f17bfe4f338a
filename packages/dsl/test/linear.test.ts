/** The work that a text takes grows with its length and no faster, whatever is in it. */
import { describe, expect, it } from 'vitest';
import { format, parse } from '../src/index.js';
import { createWorkCounter } from './support/count-work.js';

const countWork = createWorkCounter();
const read = (text: string): void => void parse({ name: 'a.sbn', text });

/** A text of about a length. */
type Family = (length: number) => string;

function repeated(unit: string, before = '', after = ''): Family {
  return (length) => before + unit.repeat(length / unit.length) + after;
}

/** Half of one, and then half of the other. */
function halves(former: string, latter: string): Family {
  return (length) => former.repeat(length / 2 / former.length) + latter.repeat(length / 2 / latter.length);
}

const declarations = 'const H = 200\nmodel {\n  h ~ bernoulli(logits = dense(x[1..3], H))\n}\n';
const PIECES = [
  ...['(', ')', '[', ']', '{', '}', '(]', '{)', '}{', '()', 'f(]', 'a)', '(\n', ')\n', '{\n', '}\n', '[1]', '{}'],
  ...['a', 'a ', 'a\n', 'a.', '1', '1.', '1_', '"', '"\n', '"\\q', "'\n", '#', '/*', '/**/', '///\n', '///\n1\n'],
  ...['§', '§ ', '\0', '\ud800', '\u{1d465}', '\ufeff', '\r', '−', '&&', '; ', ',', '..', 'a+', 'a = ', 'a ~ '],
  ...['fn\n', 'fn {', 'fn(', 'let ', 'let a\n', 'const a = \n', 'data\n', 'model\n', 'for i in 1 {\n', 'plate '],
  ...['if ', 'then ', 'maximise x\n', 'modle {\n', 'x x\n', 'in ', 'by ', 'via ', 'h ~ f(a b)\n', 'h ~ f(a = 1, 2)\n'],
  ...['x[1..2 by]\n', '[a for]\n', 'train {', 'a = 1\n', declarations],
];
const PLACES = {
  'in a file': ['', ''],
  'after a name': ['a ', ''],
  'in a block': ['model {\n', '\n}'],
  'in blocks within blocks': [`model {\n${'for i in {\n'.repeat(90)}`, '}'.repeat(91)],
  'in brackets within brackets': [`const a = ${'f(a = 1, '.repeat(90)}`, ')'.repeat(90)],
  'in a list': ['const a = [', ']'],
  'in a comment': ['/* ', ''],
} as const;

const OTHERS: Readonly<Record<string, Family>> = {
  'braces behind a long indentation': (length) => `{${' '.repeat(length / 2)}${'{}'.repeat(length / 4)}`,
  'braces below a long indentation': (length) => `${' '.repeat(length / 2)}{${'\n{}'.repeat(length / 6)}`,
  'documented strays, and other strays': halves('///\n1\n', 'model 1\n'),
  'documentation, and then strays': halves('///\n\n', 'model 1\n'),
  'closing brackets far behind a name': halves('a ', ')'),
  'two words': halves('a', ' b'),
};

function expectLinear(family: Family, handle = read): void {
  // What is made at the first time only is not counted.
  handle(family(500));
  const [once = NaN, twice] = [4000, 8000].map((length) =>
    countWork(() => {
      handle(family(length));
    }),
  );
  expect(once).toBeGreaterThan(4000 / 100);
  expect(twice).toBeLessThanOrEqual(2.2 * once);
}

describe.each(Object.entries(PLACES))('%s', (_, [before, after]) => {
  it.each(PIECES)('%j takes work in proportion to how often it stands there', (piece) => {
    expectLinear(repeated(piece, before, after));
  });
});

it.each(Object.entries(OTHERS))('%s take work in proportion to their length', (_, family) => {
  expectLinear(family);
});

it('formatting takes work in proportion to the length', () => {
  expectLinear(repeated(`${declarations}// a comment\n`), (text) => {
    expect(format({ name: 'a.sbn', text }).value?.length).toBeGreaterThan(text.length / 2);
  });
});
