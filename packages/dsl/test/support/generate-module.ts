/** Random texts of the language without syntax errors, of any layout, with comments between any two words. */
import fc, { type Arbitrary } from 'fast-check';

type Words = readonly string[];

const name = fc.constantFrom('a', 'b', 'h', 'x', 'größe', '隠れ層', 'x_1', 'quite_a_long_name_for_a_variable');
const number = fc.constantFrom('0', '1', '0.5', '1e-3', '2.5E+10', '784');
const string = fc.constantFrom('"a.gz"', '"\\"quoted\\""', '"not // a comment"', '"ünï"');

function sequence(...parts: readonly (Arbitrary<Words> | Arbitrary<string> | string)[]): Arbitrary<Words> {
  const arbitraries = parts.map((part) => (typeof part === 'string' ? fc.constant([part]) : part));
  return fc.tuple(...arbitraries).map((all) => all.flat());
}

function maybe(part: Arbitrary<Words>): Arbitrary<Words> {
  return fc.oneof(fc.constant([]), part);
}

/** With commas between them, and now and then one after the last. */
function list(item: Arbitrary<Words>, minLength = 0): Arbitrary<Words> {
  return fc
    .tuple(fc.array(item, { minLength, maxLength: 3 }), fc.boolean())
    .map(([items, isTrailing]) =>
      items.flatMap((words, index) => [...words, ...(index < items.length - 1 || isTrailing ? [','] : [])]),
    );
}

function many(item: Arbitrary<Words>, maxLength: number): Arbitrary<Words> {
  return fc.array(item, { maxLength }).map((items) => items.flat());
}

/** So many levels of nesting, of expressions and of statements together. */
const DEPTH = { maxDepth: 3, depthIdentifier: fc.createDepthIdentifier() };

type Rules = Readonly<Record<'expression' | 'operand' | 'range' | 'call' | 'body' | 'statement', Words>>;

const { expression, call, body } = fc.letrec<Rules>((tie) => {
  const operator = fc.constantFrom('+', '-', '*', '/', '@', '^');
  const comparison = fc.constantFrom('<', '<=', '>', '>=', '==', '!=');
  const operation = sequence(tie('operand'), many(sequence(operator, many(fc.constant(['-']), 2), tie('operand')), 3));
  const index = fc.oneof(tie('expression'), tie('range'), fc.constant(['..']));
  const indices = sequence('[', list(index, 1), ']');
  // Of a site, which is told by the `~` after its indices: the parser does not look arbitrarily far for it.
  const place = fc.oneof(sequence(name), sequence(number), sequence(name, '-', number), sequence('(', name, ')'));
  const named = sequence(name, '=', tie('expression'));
  const args = fc.tuple(list(tie('expression'), 1), list(named, 1)).map(([positional, names]) => {
    const comma = positional.at(-1) === ',' ? [] : [','];
    return [...positional, ...comma, ...names];
  });
  const reference = fc.oneof(
    name.map((word): Words => [word]),
    tie('call'),
  );
  return {
    expression: fc.oneof(
      DEPTH,
      operation,
      sequence(operation, comparison, operation),
      sequence('if', tie('expression'), 'then', tie('expression'), 'else', tie('expression')),
    ),
    operand: fc.oneof(
      DEPTH,
      number.map((word): Words => [word]),
      name.map((word): Words => [word]),
      string.map((word): Words => [word]),
      sequence('(', tie('expression'), ')'),
      tie('call'),
      sequence('[', list(tie('expression')), ']'),
      sequence('[', tie('expression'), 'for', name, 'in', tie('range'), ']'),
      sequence(name, indices),
      sequence('(', tie('expression'), ')', indices),
    ),
    range: sequence(tie('operand'), '..', tie('operand'), maybe(sequence('by', tie('operand')))),
    call: sequence(name, '(', fc.oneof(list(tie('expression')), list(named), args), ')'),
    body: sequence('{', many(tie('statement'), 3), '}'),
    statement: fc.oneof(
      DEPTH,
      sequence(name, maybe(sequence('[', list(place, 1), ']')), '~', tie('call')),
      sequence(name, '~', tie('call'), 'via', reference),
      sequence('let', name, '=', tie('expression')),
      sequence('for', name, 'in', tie('range'), tie('body')),
      sequence('plate', name, 'in', tie('expression'), tie('body')),
    ),
  };
});

const type = sequence(
  fc.constantFrom('real', 'binary', 'count', 'int'),
  maybe(sequence('[', list(expression, 1), ']')),
);
const declaration = fc.oneof(
  sequence('import', string),
  sequence('const', name, '=', expression),
  sequence('data', name, ':', type),
  sequence('param', name, ':', type, maybe(sequence('=', expression))),
  sequence('fn', name, '(', list(sequence(name, ':', type)), ')', '->', type, '{', 'return', expression, '}'),
  sequence(fc.constantFrom('model', 'guide'), body),
  sequence(fc.constantFrom('maximize', 'minimize'), expression),
  sequence('estimator', call),
  sequence(
    'train',
    '{',
    many(fc.oneof(sequence('data', name, '=', expression), sequence(name, '=', expression)), 3),
    '}',
  ),
);

const remark = fc.constantFrom('', ' a remark', ' // twice', '\ttabs\t ', ' ünï 漢字 🙂', ' "', ' x ~ f(', ' )}]', '/');
const comment = fc.tuple(fc.constantFrom('//', '///', '////'), remark).map(([mark, text]) => `${mark}${text}`);
const white = fc.constantFrom(' ', '  ', '\t', '\n', '\n\n', '\n\n\n', '\n  ', ' \n\t\n ');
const gap = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(' ', '\n', '') },
  { weight: 3, arbitrary: white },
  {
    weight: 2,
    arbitrary: fc.array(fc.tuple(white, comment), { minLength: 1, maxLength: 3 }).map((parts) => {
      return `${parts.map(([before, text]) => `${before}${text}`).join('\n')}\n`;
    }),
  },
);

/** Texts of up to six declarations. */
export const moduleTexts: Arbitrary<string> = fc
  .tuple(many(declaration, 6), fc.array(gap, { minLength: 1, maxLength: 200 }), fc.constantFrom('\n', '\r\n', '\r'))
  .map(([words, gaps, lineEnd]) => {
    const gapAt = (index: number): string => gaps[index % gaps.length] ?? '';
    const text = words.map((word, index) => `${separate(gapAt(index), words[index - 1], word)}${word}`).join('');
    return `${text}${gapAt(words.length)}`.replaceAll('\n', lineEnd);
  });

/** Two words must not run into one, nor into another; a bracket runs into nothing. */
function separate(between: string, before: string | undefined, after: string): string {
  const isApart = before === undefined || /^[()[\]{},]$/.test(before) || /^[()[\]{},]$/.test(after);
  return between === '' && !isApart ? ' ' : between;
}
