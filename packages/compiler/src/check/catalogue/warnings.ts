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
  SBN5006: entry<{ id: string }>({
    severity: 'warning',
    title: 'probability without a link function',
    message: ({ id }) => `nothing keeps the \`probs\` of \`${id}\` between 0 and 1`,
    explanation:
      'A layer and a free parameter give any real number, and a step of training can move it below 0 or above 1, where there is no probability. `logits` takes any ' +
      'number; `sigmoid` and `softmax` make probabilities.',
    bad: 'param eta: real[3]\nmodel { b ~ bernoulli(probs = eta) }\nminimize sum(b)',
    good: 'param eta: real[3]\nmodel { b ~ bernoulli(logits = eta) }\nminimize sum(b)',
  }),
  SBN5007: entry<{ parameter: string; id: string }>({
    severity: 'warning',
    title: 'positive parameter of a distribution without a link function',
    message: ({ parameter, id }) => `nothing keeps the \`${parameter}\` of \`${id}\` above 0`,
    explanation:
      'A layer and a free parameter give any real number, and a step of training can move it below 0, where there is no distribution. `softplus` and `exp` ' +
      'make positive numbers.',
    bad: 'data x: real[3]\nparam s: real[3] = 1\nmodel { x ~ normal(0, s) }\nmaximize likelihood',
    good: 'data x: real[3]\nparam s: real[3] = 1\nmodel { x ~ normal(0, softplus(s)) }\nmaximize likelihood',
  }),
  SBN5008: entry({
    severity: 'warning',
    title: 'guide that looks at no data',
    message: () => 'this guide looks at no data: it gives every row the same distribution',
    explanation:
      'A guide stands for what the latents are given the data of a row. One that does not look at them says the same of all rows, and the bound stays loose.',
    bad: 'data x: binary[3]\nmodel {\n  z ~ bernoulli(logits = bias(2))\n  x ~ bernoulli(logits = dense(z, 3))\n}\nguide { z ~ bernoulli(logits = bias(2)) }\nmaximize elbo',
    good: 'data x: binary[3]\nmodel {\n  z ~ bernoulli(logits = bias(2))\n  x ~ bernoulli(logits = dense(z, 3))\n}\nguide { z ~ bernoulli(logits = dense(x, 2)) }\nmaximize elbo',
  }),
};
