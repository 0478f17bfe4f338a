/** Plates: SBN3060 to SBN3069. */
import { entry } from '@sbn/dsl';

export const PLATES = {
  SBN3060: entry<{ name: string; expected: string }>({
    title: 'site in a plate without the index of the plate',
    message: ({ name, expected }) => `\`${name}\` is in a plate, and its last indices must be \`${expected}\``,
    explanation:
      'A plate repeats its statements for every element, independently. The last indices of a site say which element is drawn: the variables of the ' +
      'plates around it, outermost first. Indices of a family stand before them.',
    bad: 'data x: real[5]\nmodel {\n  plate i in 5 {\n    z ~ bernoulli(logits = bias(2))\n    x[i] ~ normal(sum(z[i]), 1)\n  }\n}\nmaximize likelihood',
    good: 'data x: real[5]\nmodel {\n  plate i in 5 {\n    z[i] ~ bernoulli(logits = bias(2))\n    x[i] ~ normal(sum(z[i]), 1)\n  }\n}\nmaximize likelihood',
  }),
  SBN3061: entry<{ name: string; plate: string }>({
    title: 'other elements of a plate used in it',
    message: ({ name, plate }) => `in the plate over \`${plate}\`, only its own element of \`${name}\` can be used`,
    explanation:
      'Elements of a plate are independent given what is outside of it, so that each can learn from its own costs. Where one depends on another they are ' +
      'no plate: write a `for` loop for a chain, or use the whole value after the plate.',
    bad: 'data x: real[5]\nmodel {\n  plate i in 5 {\n    z[i] ~ bernoulli(logits = bias(2))\n    x[i] ~ normal(sum(z), 1)\n  }\n}\nmaximize likelihood',
    good: 'data x: real[5]\nmodel {\n  plate i in 5 { z[i] ~ bernoulli(logits = bias(2)) }\n  x ~ normal(sum(z, axis = 1), 1)\n}\nmaximize likelihood',
  }),
  SBN3062: entry<{ plate: string; elements: number; size: number }>({
    title: 'axis of another size than the plate',
    message: ({ plate, elements, size }) => `\`${plate}\` runs through ${elements} elements, and this axis has ${size}`,
    explanation: 'An axis that is indexed by the variable of a plate has one entry for every element of the plate.',
    bad: 'data x: real[4]\nmodel {\n  plate i in 5 { x[i] ~ normal(0, 1) }\n}\nmaximize likelihood',
    good: 'data x: real[5]\nmodel {\n  plate i in 5 { x[i] ~ normal(0, 1) }\n}\nmaximize likelihood',
  }),
  SBN3063: entry<{ id: string }>({
    title: 'site in other plates in the guide than in the model',
    message: ({ id }) => `\`${id}\` is in other plates in the guide than in the model`,
    explanation:
      'The elements of a plate are independent in the model and in the guide alike: a site that is in a plate in one is in a plate of the same size in the other.',
    bad:
      'data x: real[5]\nmodel {\n  plate i in 5 {\n    z[i] ~ bernoulli(logits = 0)\n    x[i] ~ normal(z[i], 1)\n  }\n}\n' +
      'guide { z ~ bernoulli(logits = x) }\nmaximize elbo',
    good:
      'data x: real[5]\nmodel {\n  plate i in 5 {\n    z[i] ~ bernoulli(logits = 0)\n    x[i] ~ normal(z[i], 1)\n  }\n}\n' +
      'guide { plate i in 5 { z[i] ~ bernoulli(logits = x[i]) } }\nmaximize elbo',
  }),
  SBN3064: entry<{ plate: string }>({
    title: 'index computed from the variable of a plate',
    message: ({ plate }) => `an index can be \`${plate}\` itself, and nothing computed from it`,
    explanation:
      'The elements of a plate are computed all at once. What an element needs of its neighbours is no plate: write a `for` loop, or shift the whole value ' +
      'outside of the plate with `concat`.',
    bad: 'data x: real[5]\nparam m: real[6]\nmodel {\n  plate i in 5 { x[i] ~ normal(m[i + 1], 1) }\n}\nmaximize likelihood',
    good: 'data x: real[5]\nparam m: real[6]\nmodel {\n  let later = m[1..5]\n  plate i in 5 { x[i] ~ normal(later[i], 1) }\n}\nmaximize likelihood',
  }),
  SBN3065: entry<{ plate: string }>({
    title: 'two axes indexed by one plate',
    message: ({ plate }) => `\`${plate}\` indexes two axes of one value`,
    explanation: 'Each plate takes one axis of a value. Take the diagonal of a matrix outside of the plate.',
    bad: 'data x: real[2]\nparam w: real[2, 2]\nmodel {\n  plate i in 2 { x[i] ~ normal(w[i, i], 1) }\n}\nmaximize likelihood',
    good: 'data x: real[2]\nparam w: real[2]\nmodel {\n  plate i in 2 { x[i] ~ normal(w[i], 1) }\n}\nmaximize likelihood',
  }),
};
