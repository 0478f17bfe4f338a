import { describe, expect, it } from 'vitest';
import {
  moveSpans,
  placeAfter,
  placeFirst,
  renderDiagnostic,
  renderDiagnostics,
  summarize,
  type Diagnostic,
  type Label,
} from '../src/index.js';

interface Marked {
  readonly text: string;
  /** What to underline, found by its first occurrence. */
  readonly at: string;
  readonly label?: string;
  readonly related?: readonly (readonly [string, string])[];
}

function spanIn(text: string, part: string): { start: number; end: number } {
  const start = text.indexOf(part);
  return { start, end: start + part.length };
}

function diagnose({ text, at, label = '', related = [] }: Marked, more: Partial<Diagnostic> = {}): Diagnostic {
  return {
    code: 'SBN2031',
    severity: 'error',
    message: 'a message',
    span: spanIn(text, at),
    label,
    related: related.map(([part, said]): Label => ({ span: spanIn(text, part), text: said })),
    notes: [],
    hint: undefined,
    ...more,
  };
}

function render(marked: Marked, more: Partial<Diagnostic> = {}): readonly string[] {
  const source = { name: 'a.sbn', text: marked.text };
  return renderDiagnostic(source, diagnose(marked, more), { color: false }).split('\n');
}

/** Without the head and the place. */
function snippet(marked: Marked): readonly string[] {
  return render(marked).slice(2);
}

describe('a rendered diagnostic', () => {
  it('looks like this', () => {
    const text = `${'\n'.repeat(10)}  x  ~ bernoulli(logits = h1 @ W)\n`;
    const said = 'real[100, 784]: first axis 100';
    expect(
      render(
        { text, at: 'W', label: said, related: [['h1', 'binary[200]: last axis 200']] },
        {
          message: 'matrix product of shapes that do not fit',
          notes: ['W is declared at sbn2.sbn:4:7'],
          hint: 'did you mean `param W: real[H, 784]`?',
        },
      ),
    ).toEqual([
      'error[SBN2031]: matrix product of shapes that do not fit',
      '   ┌─ a.sbn:11:32',
      '11 │   x  ~ bernoulli(logits = h1 @ W)',
      '   │                           ^^   ^ real[100, 784]: first axis 100',
      '   │                           binary[200]: last axis 200',
      '   = W is declared at sbn2.sbn:4:7',
      '   = hint: did you mean `param W: real[H, 784]`?',
    ]);
  });

  it('is a warning where it is one', () => {
    expect(render({ text: 'a', at: 'a' }, { severity: 'warning', code: 'SBN5001' })[0]).toBe(
      'warning[SBN5001]: a message',
    );
  });

  it('breaks notes and hints of several lines under themselves', () => {
    expect(render({ text: 'a', at: 'a' }, { notes: ['one\ntwo'], hint: 'three\nfour' }).slice(4)).toEqual([
      '  = one',
      '    two',
      '  = hint: three',
      '    four',
    ]);
  });
});

describe('labels on one line', () => {
  it('stand on rows of their own, from right to left, with lines down to those to come', () => {
    const related = [
      ['aa', 'first'],
      ['bb', 'second'],
    ] as const;
    expect(snippet({ text: 'aa bb cc', at: 'cc', label: 'third', related })).toEqual([
      '1 │ aa bb cc',
      '  │ ^^ ^^ ^^ third',
      '  │ │  second',
      '  │ first',
    ]);
  });

  it('may be without text', () => {
    expect(snippet({ text: 'aa bb', at: 'aa', related: [['bb', '']] })).toEqual(['1 │ aa bb', '  │ ^^ ^^']);
    expect(snippet({ text: 'aa bb', at: 'aa', label: 'left', related: [['bb', '']] })).toEqual([
      '1 │ aa bb',
      '  │ ^^ ^^',
      '  │ left',
    ]);
  });

  it('may overlap', () => {
    expect(snippet({ text: 'f(x) + 1', at: 'x', label: 'inner', related: [['f(x) + 1', 'outer']] })).toEqual([
      '1 │ f(x) + 1',
      '  │ ^^^^^^^^',
      '  │ │ inner',
      '  │ outer',
    ]);
    expect(snippet({ text: 'f(x)', at: 'f(x)', label: 'all', related: [['f', 'name']] })).toEqual([
      '1 │ f(x)',
      '  │ ^^^^ all',
      '  │ name',
    ]);
  });
});

describe('labels on several lines', () => {
  const text = 'one\ntwo\nthree\nfour\nfive\n';

  it('are shown in the order of the lines, those side by side without a gap', () => {
    expect(snippet({ text, at: 'two', label: 'here', related: [['one', 'there']] })).toEqual([
      '1 │ one',
      '  │ ^^^ there',
      '2 │ two',
      '  │ ^^^ here',
    ]);
  });

  it('show a single line between them, and a dot for more', () => {
    expect(snippet({ text, at: 'one', related: [['three', 'there']] })).toEqual([
      '1 │ one',
      '  │ ^^^',
      '2 │ two',
      '3 │ three',
      '  │ ^^^^^ there',
    ]);
    expect(snippet({ text, at: 'five', related: [['one', 'there']] })).toEqual([
      '1 │ one',
      '  │ ^^^ there',
      '  ·',
      '5 │ five',
      '  │ ^^^^',
    ]);
  });

  it('make room for the widest line number', () => {
    const long = `one\n${'\n'.repeat(98)}last`;
    expect(render({ text: long, at: 'one', related: [['last', 'there']] }).slice(1)).toEqual([
      '    ┌─ a.sbn:1:1',
      '  1 │ one',
      '    │ ^^^',
      '    ·',
      '100 │ last',
      '    │ ^^^^ there',
    ]);
  });
});

describe('a span', () => {
  it('over several lines is shown at its first and its last line, with its text at the last', () => {
    const text = 'model {\n  a\n  b\n  c\n}\n';
    expect(snippet({ text, at: '{\n  a\n  b\n  c\n}', label: 'all of this' })).toEqual([
      '1 │ model {',
      '  │       ^',
      '  ·',
      '5 │ }',
      '  │ ^ all of this',
    ]);
    expect(snippet({ text, at: 'a\n  b', label: 'both' })).toEqual(['2 │   a', '  │   ^', '3 │   b', '  │   ^ both']);
  });

  it('that reaches into the next line stays on its own', () => {
    expect(snippet({ text: 'one\ntwo', at: 'one\n' })).toEqual(['1 │ one', '  │ ^^^']);
    expect(snippet({ text: 'one\r\n  two', at: 'one\r\n ' })).toEqual(['1 │ one', '  │ ^^^']);
  });

  it('that is empty shows a place', () => {
    const at = (text: string, offset: number): readonly string[] =>
      render({ text, at: '' }, { span: { start: offset, end: offset } }).slice(1);
    expect(at('abc', 1)).toEqual(['  ┌─ a.sbn:1:2', '1 │ abc', '  │  ^']);
    expect(at('abc', 3)).toEqual(['  ┌─ a.sbn:1:4', '1 │ abc', '  │    ^']);
    expect(at('abc\n', 4)).toEqual(['  ┌─ a.sbn:2:1', '2 │', '  │ ^']);
    expect(at('', 0)).toEqual(['  ┌─ a.sbn:1:1', '1 │', '  │ ^']);
  });

  it('beyond the text is taken to end with it', () => {
    expect(render({ text: 'abc', at: '' }, { span: { start: 90, end: 99 } }).slice(1)).toEqual([
      '  ┌─ a.sbn:1:4',
      '1 │ abc',
      '  │    ^',
    ]);
  });
});

describe('a source line', () => {
  it.each([
    ['tabs', '\tx\ty', 'y', ['1 │     x    y', '  │          ^']],
    ['wide letters', '隠れ = x', 'x', ['1 │ 隠れ = x', '  │        ^']],
    ['wide letters underlined', '語 = 1', '語', ['1 │ 語 = 1', '  │ ^^']],
    ['combining marks', 'e\u0301 = x', 'x', ['1 │ e\u0301 = x', '  │     ^']],
    ['letters outside the BMP', '𝒙 = y', 'y', ['1 │ 𝒙 = y', '  │     ^']],
    ['control characters', '\u001b[31m x', 'x', ['1 │ ␛[31m x', '  │       ^']],
    ['what turns the direction of writing', '\u202e x', 'x', ['1 │ � x', '  │   ^']],
  ])('with %s keeps the underline in its place', (_, text, at, expected) => {
    expect(snippet({ text, at })).toEqual(expected);
  });

  it('that is very long is shown around the place', () => {
    const text = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
    const [line = '', underline = ''] = snippet({ text, at: 'HERE', label: 'this' });
    expect(line).toMatch(/^1 │ …a{60}HEREb{96}…$/);
    expect(underline).toBe(`  │ ${' '.repeat(61)}^^^^ this`);
    expect(snippet({ text, at: 'HERE', related: [['a', 'far']] })[1]).toMatch(/^ {2}│ \^ +\^$/);
  });
});

describe('messages from a text', () => {
  it('cannot drive a terminal', () => {
    const rendered = render(
      { text: 'a', at: 'a', label: '\u001b[2J' },
      { message: '\u0007', notes: ['\u009b'], hint: '\u001b' },
    );
    expect(rendered.join('')).not.toMatch(/\p{Cc}/u);
  });
});

describe('colour', () => {
  const text = 'aa bb';
  const marked = { text, at: 'bb', label: 'here', related: [['aa', 'there']] } as const;

  it('marks severity, place, labels and hint by escape sequences, each closed', () => {
    const source = { name: 'a.sbn', text };
    const colored = renderDiagnostic(source, diagnose(marked, { hint: 'do' }), { color: true });
    expect(colored.split('\n').map((line) => line.replaceAll('\u001b', '␛'))).toEqual([
      '␛[1;31merror[SBN2031]␛[0m␛[1m: a message␛[0m',
      '  ␛[34m┌─␛[0m a.sbn:1:4',
      '␛[34m1 │␛[0m aa bb',
      '␛[34m  │␛[0m ␛[36m^^␛[0m ␛[1;31m^^␛[0m ␛[1;31mhere␛[0m',
      '␛[34m  │␛[0m ␛[36mthere␛[0m',
      '  ␛[34m=␛[0m ␛[1;32mhint:␛[0m do',
    ]);
  });

  it('shows the place over the labels', () => {
    const source = { name: 'a.sbn', text: 'f(x)' };
    const inner = diagnose({ text: 'f(x)', at: 'x', related: [['f(x)', '']] });
    const row = renderDiagnostic(source, inner, { color: true }).split('\n')[3] ?? '';
    expect(row.replaceAll('\u001b', '␛')).toBe('␛[34m  │␛[0m ␛[36m^^␛[0m␛[1;31m^␛[0m␛[36m^␛[0m');
  });

  it('changes nothing but the colour', () => {
    const source = { name: 'a.sbn', text };
    const colored = renderDiagnostic(source, diagnose(marked), { color: true });
    // eslint-disable-next-line no-control-regex -- the escape sequences are what is taken out
    expect(colored.replace(/\u001b\[[\d;]*m/g, '').split('\n')).toEqual(render(marked));
  });
});

describe('several diagnostics', () => {
  it('are shown in the order of their places, with empty lines between them', () => {
    const source = { name: 'a.sbn', text: 'aa bb' };
    const both = [diagnose({ text: source.text, at: 'bb' }), diagnose({ text: source.text, at: 'aa' })];
    const rendered = renderDiagnostics(source, both, { color: false });
    expect(rendered.split('\n\n').map((each) => each.split('\n')[1])).toEqual(['  ┌─ a.sbn:1:1', '  ┌─ a.sbn:1:4']);
    expect(renderDiagnostics(source, [], { color: false })).toBe('');
  });

  it('of several texts are shown in theirs, in the order of the set', () => {
    const [sources, option] = placeAfter(placeFirst({ name: 'a.sbn', text: 'aa bb' }), {
      name: '--estimator',
      text: 'muprop(',
    });
    const own = diagnose({ text: 'aa bb', at: 'bb' });
    const foreign = moveSpans(diagnose({ text: option.text, at: '(' }), option.base);
    const rendered = renderDiagnostics(sources, [foreign, own], { color: false });
    expect(rendered.split('\n\n').map((each) => each.split('\n').slice(1))).toEqual([
      ['  ┌─ a.sbn:1:4', '1 │ aa bb', '  │    ^^'],
      ['  ┌─ --estimator:1:7', '1 │ muprop(', '  │       ^'],
    ]);
  });

  it('that speak of a second text show it below the first, at one margin', () => {
    const first = { name: 'a.sbn', text: `${'\n'.repeat(11)}fn mlp` };
    const [sources, second] = placeAfter(placeFirst(first), { name: 'lib/b.sbn', text: 'fn mlp\nconst K = 2' });
    const diagnostic = diagnose({ text: first.text, at: 'mlp', label: 'again' });
    const related = [{ span: moveSpans(spanIn(second.text, 'mlp'), second.base), text: 'first here' }];
    expect(
      renderDiagnostic(sources, { ...diagnostic, related }, { color: false })
        .split('\n')
        .slice(1),
    ).toEqual([
      '   ┌─ a.sbn:12:4',
      '12 │ fn mlp',
      '   │    ^^^ again',
      '   ├─ lib/b.sbn:1:4',
      ' 1 │ fn mlp',
      '   │    ^^^ first here',
    ]);
  });

  it.each([
    ['no errors', 0, 0],
    ['1 error', 1, 0],
    ['2 errors', 2, 0],
    ['1 warning', 0, 1],
    ['2 errors, 1 warning', 2, 1],
    ['1 error, 3 warnings', 1, 3],
  ])('are summed up as %s', (expected, errors, warnings) => {
    const error = diagnose({ text: 'a', at: 'a' });
    const warning = diagnose({ text: 'a', at: 'a' }, { severity: 'warning' });
    expect(summarize([...Array<Diagnostic>(warnings).fill(warning), ...Array<Diagnostic>(errors).fill(error)])).toBe(
      expected,
    );
  });
});
