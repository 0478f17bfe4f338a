/** What is allowed and most likely not meant: SBN5001 to SBN5099. */
import { entry } from '@sbn/dsl';

export const WARNINGS = {
  SBN5001: entry<{ kind: string; name: string }>({
    severity: 'warning',
    title: 'declared and never used',
    message: ({ kind, name }) =>
      `${{ const: 'the constant', data: 'the data', param: 'the parameter', let: 'the `let`' }[kind] ?? kind} \`${name}\` is never used`,
    hint: () => 'leave it out, or use it',
    explanation: 'What is declared and not used is most likely forgotten. Data that are not used must still be given.',
    bad: 'const H = 200\ndata x: binary[3]\nmodel { x ~ bernoulli(logits = bias(3)) }\nmaximize likelihood',
    good: 'data x: binary[3]\nmodel { x ~ bernoulli(logits = bias(3)) }\nmaximize likelihood',
  }),
  SBN5002: entry<{ name: string }>({
    severity: 'warning',
    title: 'function that is never called',
    message: ({ name }) => `the function \`${name}\` is never called`,
    hint: () => 'leave it out, or call it',
    explanation:
      'The shapes in a function are checked where it is called. One that is not called is checked for its names alone.',
    bad: 'fn f(a: real[n]) -> real[n] { return a }\ndata x: binary[3]\nmodel { x ~ bernoulli(logits = bias(3)) }\nmaximize likelihood',
    good: 'fn f(a: real[n]) -> real[n] { return a }\ndata x: binary[3]\nmodel { x ~ bernoulli(logits = f(bias(3))) }\nmaximize likelihood',
  }),
  SBN5003: entry<{ name: string }>({
    severity: 'warning',
    title: 'data that condition their own likelihood',
    message: ({ name }) => `\`${name}\` is used before the model generates it`,
    hint: () => 'what is given is data of its own; what the guide uses stands in the guide',
    explanation:
      'What the model draws before it observes the data should not depend on them: the product of the distributions is then no joint distribution, and ' +
      'the objective no likelihood. A guide may use the data freely; a condition that is given is data of its own.',
    bad: 'data x: binary[3]\nmodel {\n  z ~ bernoulli(logits = dense(x, 2))\n  x ~ bernoulli(logits = dense(z, 3))\n}\nmaximize likelihood',
    good: 'data x: binary[3]\ndata y: binary[3]\nmodel {\n  z ~ bernoulli(logits = dense(y, 2))\n  x ~ bernoulli(logits = dense(z, 3))\n}\nmaximize likelihood',
  }),
  SBN5004: entry<{ name: string }>({
    severity: 'warning',
    title: 'observation without effect',
    message: ({ name }) => `that \`${name}\` is observed changes nothing: the objective is a cost`,
    hint: () => 'write `maximize likelihood`, or leave the statement out',
    explanation:
      'The likelihood of observed data counts under `elbo` and `likelihood`. A cost is what it says and nothing more.',
    bad: 'data x: binary[3]\nmodel {\n  b ~ bernoulli(logits = bias(3))\n  x ~ bernoulli(logits = dense(b, 3))\n}\nminimize sum(b)',
    good: 'data x: binary[3]\nmodel { b ~ bernoulli(logits = bias(3)) }\nminimize sum((b - x)^2)',
  }),
  SBN5005: entry<{ path: string }>({
    severity: 'warning',
    title: 'import of which nothing is used',
    message: ({ path }) => `nothing that "${path}" declares is used here`,
    hint: () => 'leave the import out, or use what it brings in',
    explanation:
      'An import brings in the functions and constants of a file, and of the files that this one imports. Data, parameters and blocks of an imported file ' +
      'are left out.',
    bad: 'import "layers.sbn"\ndata x: binary[3]\nmodel { x ~ bernoulli(logits = bias(3)) }\nmaximize likelihood',
    good: 'import "layers.sbn"\ndata x: binary[3]\nmodel { x ~ bernoulli(logits = twice(bias(3))) }\nmaximize likelihood',
    files: { 'layers.sbn': 'fn twice(x: real[n]) -> real[n] { return 2 * x }' },
  }),
};
