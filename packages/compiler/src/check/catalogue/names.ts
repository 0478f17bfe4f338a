/** Names that mean nothing, or something else: SBN2001 to SBN2019. */
import { entry } from '@sbn/dsl';

export const NAMES = {
  SBN2001: entry<{ name: string }>({
    title: 'unknown name',
    message: ({ name }) => `nothing is called \`${name}\` here`,
    explanation:
      'A name stands for a constant, data, a parameter, a site sampled before, a `let` of the same block or function, or a loop ' +
      'variable around it. Functions see what the file declares, not what the blocks that call them sample.',
    bad: 'const H = 200\nconst twice = 2 * h2',
    good: 'const H = 200\nconst twice = 2 * H',
  }),
  SBN2002: entry<{ name: string }>({
    title: 'unknown function',
    message: ({ name }) => `there is no function \`${name}\``,
    explanation: 'What is called is a function of the file (`fn`), a layer, or a function of the language.',
    bad: 'const c = sgmoid(1)',
    good: 'const c = sigmoid(1)',
  }),
  SBN2003: entry<{ name: string }>({
    title: 'unknown distribution',
    message: ({ name }) => `there is no distribution \`${name}\``,
    explanation: 'On the right of a `~` stands a distribution of the language with its parameters.',
    bad: 'model { z ~ bernuolli(logits = bias(3)) }',
    good: 'model { z ~ bernoulli(logits = bias(3)) }',
  }),
  SBN2004: entry<{ callee: string; name: string }>({
    title: 'unknown argument',
    message: ({ callee, name }) => `\`${callee}\` takes no argument \`${name}\``,
    explanation: 'A named argument has the name of a parameter of what is called.',
    bad: 'model { z ~ bernoulli(logit = bias(3)) }',
    good: 'model { z ~ bernoulli(logits = bias(3)) }',
  }),
  SBN2005: entry<{ name: string }>({
    title: 'value for a constant that there is not',
    message: ({ name }) => `a value is set for \`${name}\`, which is no constant of this file`,
    explanation:
      '`--set NAME=VALUE` gives another value to a `const` of the file. Data and parameters cannot be set so.',
    bad: '// --set LL=5\nconst L = 3',
    good: '// --set L=5\nconst L = 3',
  }),
  SBN2006: entry<{ name: string; value: number }>({
    title: 'value for a constant that is no number',
    message: ({ name, value }) => `the value set for \`${name}\` is ${value}`,
    label: () => 'a constant is a finite number',
    explanation: '`--set NAME=VALUE` takes a finite number.',
    bad: '// --set L=Infinity\nconst L = 3',
    good: '// --set L=5\nconst L = 3',
  }),
  SBN2007: entry<{ name: string }>({
    title: 'name that is taken',
    message: ({ name }) => `\`${name}\` is declared twice`,
    hint: () => 'give one of them another name',
    explanation: 'A name means one thing wherever it can be seen.',
    bad: 'const H = 200\ndata H: binary[784]',
    good: 'const H = 200\ndata x: binary[784]',
  }),
  SBN2008: entry<{ name: string; what: string }>({
    title: 'name of a constant used again',
    message: ({ name, what }) => `\`${name}\` is a constant, which this ${what} would hide`,
    hint: () => 'give one of them another name',
    explanation:
      'A `let` or a loop variable may not have a constant’s name: the constant could not be used where it is seen.',
    bad: 'const l = 3\nmodel { for l in 1..2 { h[l] ~ bernoulli(logits = bias(4)) } }',
    good: 'const L = 3\nmodel { for l in 1..L { h[l] ~ bernoulli(logits = bias(4)) } }',
  }),
  SBN2009: entry<{ name: string }>({
    title: 'constant used before its declaration',
    message: ({ name }) => `the constant \`${name}\` has no value yet`,
    hint: () => 'move its declaration before this one',
    explanation: 'A constant may be computed from those declared before it.',
    bad: 'const K = 2 * H\nconst H = 200',
    good: 'const H = 200\nconst K = 2 * H',
  }),
  SBN2010: entry<{ name: string; what: string }>({
    title: 'function or distribution used as a value',
    message: ({ name, what }) => `\`${name}\` is ${what}, not a value`,
    explanation: 'Functions are called and distributions are drawn from; neither is a value by itself.',
    bad: 'const c = 1 + exp',
    good: 'const c = 1 + exp(1)',
  }),
  SBN2011: entry<{ name: string; what: string }>({
    title: 'value used as a function',
    message: ({ name, what }) => `\`${name}\` is ${what}, not a function`,
    explanation: 'Only functions are called with `( )`. Values are indexed with `[ ]`, and multiplied with `*`.',
    bad: 'const H = 200\nconst c = H(2)',
    good: 'const H = 200\nconst c = H * 2',
  }),
  SBN2012: entry<{ name: string }>({
    title: 'name of the language used for a function',
    message: ({ name }) => `the language has its own \`${name}\``,
    hint: () => 'give the function another name',
    explanation:
      'A file may have its own function in the place of a layer such as `mlp`. The names of the language’s functions and distributions always mean these.',
    bad: 'fn exp(x: real[n]) -> real[n] { return x }',
    good: 'fn same(x: real[n]) -> real[n] { return x }',
  }),
  SBN2014: entry<{ name: string }>({
    title: 'distribution used as a function',
    message: ({ name }) => `\`${name}\` is a distribution, and its draws are sites of their own`,
    explanation:
      'Every draw has a name, by which its gradient is estimated and reported: a distribution stands on the right of a `~` and nowhere else.',
    bad: 'data x: binary[4]\nmodel { x ~ bernoulli(logits = dense(bernoulli(logits = bias(3)), 4)) }',
    good: 'data x: binary[4]\nmodel {\n  z ~ bernoulli(logits = bias(3))\n  x ~ bernoulli(logits = dense(z, 4))\n}',
  }),
  SBN2015: entry<{ name: string }>({
    title: 'function used as a distribution',
    message: ({ name }) => `\`${name}\` is a function, not a distribution`,
    explanation: 'On the right of a `~` stands a distribution; what it is drawn with are its arguments.',
    bad: 'model { z ~ sigmoid(bias(3)) }',
    good: 'model { z ~ bernoulli(probs = sigmoid(bias(3))) }',
  }),
  SBN2016: entry<{ path: string; problem: string }>({
    title: 'file that cannot be imported',
    message: ({ path, problem }) => `cannot read "${path}": ${problem}`,
    hint: () => 'a path is relative to the file that the `import` stands in',
    explanation:
      'An `import` names a file by its path, relative to the folder of the file that it stands in. Its functions and constants are then known here.',
    bad: 'import "no-such-file.sbn"',
    good: 'import "layers.sbn"\nparam eta: real[3]\nmodel { b ~ bernoulli(logits = twice(eta)) }\nminimize sum(b)',
    files: { 'layers.sbn': 'fn twice(x: real[n]) -> real[n] { return 2 * x }' },
  }),
  SBN2017: entry<{ ring: readonly string[] }>({
    title: 'files that import each other',
    message: ({ ring }) => `this file is being imported already: ${ring.map((name) => `"${name}"`).join(' → ')}`,
    hint: ({ ring }) =>
      ring.length === 2 ? 'leave it out' : 'put what both files need into a third, and let both import that one',
    explanation:
      'A file’s constants have their values before those of the files that import it, so imports cannot go round in a ring.',
    bad: 'import "ring.sbn"',
    good: 'import "layers.sbn"\nparam eta: real[3]\nmodel { b ~ bernoulli(logits = twice(eta)) }\nminimize sum(b)',
    files: { 'layers.sbn': 'fn twice(x: real[n]) -> real[n] { return 2 * x }', 'ring.sbn': 'import "ring.sbn"' },
  }),
  SBN2018: entry<{ name: string; what: string }>({
    title: 'name that an import leaves out',
    message: ({ name, what }) => `\`${name}\` is ${what} of an imported file, and not imported`,
    explanation:
      'An `import` brings in functions and constants. Data, parameters, blocks, the objective and the `train` block of a file are its own model’s: ' +
      'each model declares those that it needs, and a function that is imported gets them as arguments.',
    bad: 'import "other.sbn"\nparam eta: real[3]\nmodel { b ~ bernoulli(logits = eta + shift) }\nminimize sum(b)',
    good: 'import "layers.sbn"\nparam shift: real[3]\nmodel { b ~ bernoulli(logits = twice(shift)) }\nminimize sum(b)',
    files: { 'layers.sbn': 'fn twice(x: real[n]) -> real[n] { return 2 * x }', 'other.sbn': 'param shift: real[3]' },
  }),
};
