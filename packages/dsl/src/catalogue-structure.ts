/** What can be wrong with how words and symbols are put together: SBN1020 to SBN1099. */
import { entry } from './define-catalogue.js';

export const STRUCTURE = {
  SBN1020: entry<{ open: string; close: string }>({
    title: 'bracket that is not closed',
    message: ({ open, close }) =>
      `missing \`${close}\`: ${open.length === 1 ? `a \`${open}\` is` : `${open.length} brackets are`} not closed`,
    label: ({ close }) => `\`${close}\` is missing before this`,
    explanation:
      'Every bracket is closed by its counterpart, those inside of it first. The place shown is the first at which the bracket must ' +
      'have been closed, as what follows cannot stand inside; where it should be closed you know better.',
    bad: 'param eta: real[200 = zeros',
    good: 'param eta: real[200] = zeros',
  }),
  SBN1021: entry<{ close: string }>({
    title: 'bracket that was not opened',
    message: ({ close }) => `\`${close}\` closes nothing`,
    hint: () => 'leave it out, or open a bracket before it',
    explanation: 'A closing bracket has no opening one before it, or the one it belongs to is closed already.',
    bad: 'const H = (200 + 1))',
    good: 'const H = (200 + 1)',
  }),
  SBN1022: entry<{ open: string; found: string; expected: string }>({
    title: 'bracket closed by one of another kind',
    message: ({ open, found, expected }) => `\`${open}\` is closed by \`${expected}\`, not by \`${found}\``,
    explanation:
      'Arguments stand in `( )`; sizes, indices and arrays in `[ ]`; blocks in `{ }`. A bracket is closed by its own kind.',
    bad: 'data x: binary[784)',
    good: 'data x: binary[784]',
  }),
  SBN1023: entry<{ limit: number }>({
    title: 'nested too deeply',
    message: ({ limit }) => `nested more than ${limit} levels deep`,
    label: () => 'too deep from here on',
    hint: () => 'name parts of it with `let`',
    explanation:
      'Brackets, blocks, conditions and operators may only be nested so far, lest the compiler run out of space. A chain `a + b + c + …` ' +
      'counts one level for each operator, as each takes the sum so far as its left side. Nothing else is said about a text like this.',
    bad: `const deep = ${'('.repeat(600)}1${')'.repeat(600)}`,
    good: 'const shallow = (1)',
  }),
  SBN1030: entry<{ expected: string; after: string | undefined }>({
    title: 'something is missing',
    message: ({ expected, after }) => `expected ${expected}${after === undefined ? '' : ` after ${after}`}`,
    explanation: 'Something stands here, or nothing does, where the grammar knows only one way to go on.',
    bad: 'data binary[784]',
    good: 'data x: binary[784]',
  }),
  SBN1031: entry<{ after: string; found: string | undefined }>({
    title: 'expected an expression',
    message: ({ after, found }) =>
      `expected an expression after ${after}${found === undefined ? '' : `, found ${found}`}`,
    explanation:
      'A value is missing: a number, a name, a call, or something computed from them. An operator has one on both of its sides.',
    bad: 'const H = 2 *',
    good: 'const H = 2 * 100',
  }),
  SBN1032: entry<{ found: string }>({
    title: 'something that does not belong here',
    message: ({ found }) => `unexpected ${found}`,
    explanation:
      'What came before is complete, and what stands here can neither go on with it nor begin something new. Often the mistake is a ' +
      'little earlier: an operator that is missing, or a name in two words.',
    bad: 'const H = 200 300',
    good: 'const H = 200 * 300',
  }),
  SBN1033: entry<{ kind: string }>({
    title: 'missing comma',
    message: ({ kind }) => `missing \`,\` between ${kind}`,
    label: () => 'the next begins here',
    explanation: 'Arguments, parameters, sizes and the items of an array are separated by commas.',
    bad: 'const H = max(200 300)',
    good: 'const H = max(200, 300)',
  }),
  SBN1034: entry<{ name: string; found: string }>({
    title: '`=` where `~` is meant',
    message: ({ found }) => `expected \`~\` after the name of a site, found \`${found}\``,
    hint: ({ name }) => `\`${name} ~ …\` draws from a distribution; \`let ${name} = …\` names a value`,
    explanation:
      'A site is written `name ~ distribution(…)`: `~` is read “is distributed as”. To give a value a name, write `let name = value`.',
    bad: 'model { h = bernoulli(logits = bias(200)) }',
    good: 'model { h ~ bernoulli(logits = bias(200)) }',
  }),
  SBN1035: entry<{ found: string }>({
    title: 'other sign where `=` is meant',
    message: ({ found }) => `expected \`=\`, found \`${found}\``,
    hint: () => 'a name is given its value by `=`',
    explanation:
      'A name is given its value by `=`. `==` compares two values, `~` draws from a distribution: a site is written without `let`.',
    bad: 'model { let h ~ bernoulli(logits = bias(200)) }',
    good: 'model { h ~ bernoulli(logits = bias(200)) }',
  }),
  SBN1036: entry<{ name: string }>({
    title: '`=` where `:` is meant',
    message: ({ name }) => `expected \`:\` and a type after \`${name}\``,
    hint: ({ name }) => `a type follows a colon: \`${name}: real[10]\``,
    explanation:
      'What comes from outside says its type after a colon: `data x: binary[784]`, `param W: real[200, 784] = normal(0, 0.1)`, and so ' +
      'does a parameter of a function.',
    bad: 'data x = binary[784]',
    good: 'data x: binary[784]',
  }),
  SBN1037: entry<{ expected: string }>({
    title: '`:` where `=` is meant',
    message: ({ expected }) => `expected \`${expected}\`, found \`:\``,
    hint: ({ expected }) => `write \`${expected}\`; a colon goes before a type`,
    explanation:
      'A named argument and a setting are given by `=`, as in `bernoulli(logits = eta)`. A colon goes before a type.',
    bad: 'model { b ~ bernoulli(logits: bias(3)) }',
    good: 'model { b ~ bernoulli(logits = bias(3)) }',
  }),
  SBN1038: entry({
    title: '`=` where `==` is meant',
    message: () => 'expected `==`, found `=`',
    hint: () => 'two values are compared by `==`',
    explanation: 'Values are compared by `==`; `=` gives a name its value, and cannot stand within an expression.',
    bad: 'const a = if 1 = 2 then 3 else 4',
    good: 'const a = if 1 == 2 then 3 else 4',
  }),
  SBN1039: entry({
    title: 'comparisons in a row',
    message: () => 'comparisons do not chain',
    hint: () => 'compare twice and multiply: `(a < b) * (b < c)`',
    explanation:
      'In `a < b < c` the outcome of the first comparison would be compared with `c`, which is never meant. Write both comparisons, ' +
      'and their product for “and”.',
    bad: 'const inside = 0 < 1 < 2',
    good: 'const inside = (0 < 1) * (1 < 2)',
  }),
  SBN1040: entry<{ found: string | undefined }>({
    title: 'expected a distribution',
    message: ({ found }) => `expected a distribution after \`~\`${found === undefined ? '' : `, found ${found}`}`,
    hint: () => 'a distribution is written with its parameters: `bernoulli(logits = …)`',
    explanation:
      'After `~` stands one distribution with its parameters in parentheses, as in `normal(0, 1)`. To compute with what is drawn, give ' +
      'the outcome a name with `let` in a statement of its own.',
    bad: 'model { h ~ bernoulli }',
    good: 'model { h ~ bernoulli(logits = bias(200)) }',
  }),
  SBN1041: entry({
    title: 'positional argument after a named one',
    message: () => 'an argument without a name after one with a name',
    hint: () => 'put the arguments without names first, or name this one too',
    explanation:
      'Arguments without names are told apart by their place, so they come first; after the first named argument, all are named.',
    bad: 'model { z ~ normal(loc = 0, 1) }',
    good: 'model { z ~ normal(0, scale = 1) }',
  }),
  SBN1042: entry<{ what: string }>({
    title: 'expected a range',
    message: ({ what }) => `expected a range, \`from..to\`, ${what}`,
    hint: () => 'both ends are written, and both are included: `1..N`',
    explanation:
      'A `for` goes through a range `from..to`, both ends included, downwards where `to` is the smaller; `by` gives another step. There ' +
      'are no open ends; all of an axis is `..` alone.',
    bad: 'model { for l in 3 { h[l] ~ bernoulli(logits = bias(2)) } }',
    good: 'model { for l in 1..3 { h[l] ~ bernoulli(logits = bias(2)) } }',
  }),
  SBN1043: entry({
    title: 'plate over a range',
    message: () => 'a plate takes a size, not a range',
    hint: () => 'write the number of elements: `plate i in N`',
    explanation:
      'A plate says how many independent elements there are; which numbers their index runs through follows from that.',
    bad: 'model { plate i in 1..3 { h[i] ~ bernoulli(logits = bias(2)) } }',
    good: 'model { plate i in 3 { h[i] ~ bernoulli(logits = bias(2)) } }',
  }),
  SBN1044: entry<{ keyword: string }>({
    title: 'declaration inside a block',
    message: ({ keyword }) => `\`${keyword}\` cannot stand inside a block`,
    hint: ({ keyword }) =>
      keyword === 'param'
        ? 'move it out, to the top of the file, or of a function’s body'
        : 'move it out, to the top of the file',
    explanation:
      '`import`, `const`, `data`, `param`, `fn`, `model`, `guide`, `estimator`, `maximize`, `minimize` and `train` stand on the file’s outermost ' +
      'level. In a block a value is named with `let`. A function may have a `param`, which each call of it owns.',
    bad: 'model {\n  param eta: real[3] = zeros\n  b ~ bernoulli(logits = eta)\n}',
    good: 'param eta: real[3] = zeros\nmodel {\n  b ~ bernoulli(logits = eta)\n}',
  }),
  SBN1045: entry<{ what: string }>({
    title: 'statement outside of a block',
    message: ({ what }) => `${what} can only stand inside a block`,
    explanation:
      'On the outermost level of a file are declarations only. Sites, `let`, `for` and `plate` stand in `model { … }`, in `guide { … }` or ' +
      'in the body of a function. A number that the whole file uses is a `const`.',
    bad: 'let H = 200',
    good: 'const H = 200',
  }),
  SBN1046: entry<{ keyword: string }>({
    title: 'type where none is written',
    message: ({ keyword }) => `a \`${keyword}\` takes no type`,
    hint: () => 'leave the type out: it follows from the value',
    explanation:
      'The type of a `const` and of a `let` is that of its value. Only what comes from outside says its type: `data`, `param`, and the ' +
      'parameters and results of functions.',
    bad: 'const H: int = 200',
    good: 'const H = 200',
  }),
  SBN1047: entry<{ missing: string }>({
    title: 'incomplete `if`',
    message: ({ missing }) => `expected \`${missing}\`: an \`if\` has a \`then\` and an \`else\``,
    hint: () => 'write `if c then a else b`',
    explanation: 'An `if` is an expression: it has a value either way, so both branches are written.',
    bad: 'const a = if 1 < 2 then 3',
    good: 'const a = if 1 < 2 then 3 else 4',
  }),
} as const;
