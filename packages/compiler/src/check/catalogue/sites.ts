/** Sites and their distributions: SBN3020 to SBN3049. */
import { entry } from '@sbn/dsl';

export const SITES = {
  SBN3020: entry<{ id: string }>({
    title: 'site sampled twice',
    message: ({ id }) => `\`${id}\` is sampled twice`,
    explanation: 'A site is drawn once. In a loop, an index tells the sites apart: `h[l] ~ …`.',
    bad: 'model {\n  z ~ bernoulli(logits = bias(3))\n  z ~ bernoulli(logits = bias(3))\n}',
    good: 'model {\n  z ~ bernoulli(logits = bias(3))\n  y ~ bernoulli(logits = bias(3))\n}',
  }),
  SBN3021: entry<{ id: string }>({
    title: 'data observed twice',
    message: ({ id }) => `\`${id}\` is observed twice`,
    explanation: 'Data have one distribution. Two would count them twice.',
    bad: 'data x: binary[3]\nmodel {\n  x ~ bernoulli(logits = bias(3))\n  x ~ bernoulli(logits = bias(3))\n}',
    good: 'data x: binary[3]\nmodel { x ~ bernoulli(logits = bias(3)) }',
  }),
  SBN3022: entry<{ id: string }>({
    title: 'site used before it is sampled',
    message: ({ id }) => `\`${id}\` is used before it is sampled`,
    explanation:
      'Statements run in order, and a site has a value once it is sampled. Its own distribution can read it where the type is written, as in `h: binary[16] ~ bernoulli(logits = masked_dense(h, 16))`: elements then depend on earlier ones.',
    bad: 'model {\n  y ~ bernoulli(logits = dense(z, 3))\n  z ~ bernoulli(logits = bias(3))\n}',
    good: 'model {\n  z ~ bernoulli(logits = bias(3))\n  y ~ bernoulli(logits = dense(z, 3))\n}',
  }),
  SBN3023: entry<{ id: string }>({
    title: 'member of a family that is not sampled',
    message: ({ id }) => `\`${id}\` has not been sampled here`,
    explanation:
      'Members of a family are sites of their own, each sampled by a statement that ran before this one. Loops run in the order of their range.',
    bad: 'model {\n  h[1] ~ bernoulli(logits = bias(3))\n  y ~ bernoulli(logits = dense(h[2], 3))\n}',
    good: 'model {\n  h[1] ~ bernoulli(logits = bias(3))\n  y ~ bernoulli(logits = dense(h[1], 3))\n}',
  }),
  SBN3024: entry<{ name: string }>({
    title: 'family of sites with other indices, or none',
    message: ({ name }) => `\`${name}\` is used with other indices than it is sampled with`,
    explanation:
      'A name sampled with an index is a family, and every use says which member is meant. All members have the same number of indices.',
    bad: 'model {\n  h[1] ~ bernoulli(logits = bias(3))\n  y ~ bernoulli(logits = dense(h, 3))\n}',
    good: 'model {\n  h[1] ~ bernoulli(logits = bias(3))\n  y ~ bernoulli(logits = dense(h[1], 3))\n}',
  }),
  SBN3025: entry<{ name: string; what: string }>({
    title: 'name that cannot be sampled',
    message: ({ name, what }) => `\`${name}\` is ${what}, and cannot be sampled`,
    hint: () => 'give the site a name of its own',
    explanation:
      'On the left of a `~` stands a new name, which becomes a latent site, or the name of data, which are observed.',
    bad: 'param eta: real[3]\nmodel { eta ~ bernoulli(logits = eta) }',
    good: 'param eta: real[3]\nmodel { b ~ bernoulli(logits = eta) }',
  }),
  SBN3026: entry<{ name: string }>({
    title: 'part of data observed',
    message: ({ name }) => `\`${name}\` is observed as a whole`,
    explanation:
      'An index on the left of a `~` names a site of a family. Data are observed as a whole; declare parts as data of their own.',
    bad: 'data x: binary[3]\nmodel { x[0] ~ bernoulli(logits = bias(3)) }',
    good: 'data x: binary[3]\nmodel { x ~ bernoulli(logits = bias(3)) }',
  }),
  SBN3030: entry<{ name: string }>({
    title: 'distribution that a latent cannot have',
    message: ({ name }) => `a latent cannot be \`${name}\` in this version`,
    explanation:
      'The gradient through a latent goes by its mean, and its draws come from uniform noise; the distribution must say how.',
    bad: 'model { z ~ normal(bias(3), 1) }',
    good: 'data z: real[3]\nmodel { z ~ normal(bias(3), 1) }',
  }),
  SBN3031: entry<{ name: string; declared: string; given: string }>({
    title: 'data of another kind than their distribution',
    message: ({ name, declared, given }) => `\`${name}\` is ${declared}, and its distribution gives ${given} values`,
    explanation: 'A distribution is defined on one kind of values. Data of another kind have no probability under it.',
    bad: 'data x: real[3]\nmodel { x ~ bernoulli(logits = bias(3)) }',
    good: 'data x: binary[3]\nmodel { x ~ bernoulli(logits = bias(3)) }',
  }),
  SBN3032: entry<{ name: string }>({
    title: 'data of another shape than their distribution',
    message: ({ name }) => `\`${name}\` has another shape than its distribution`,
    explanation:
      'The parameters of a distribution have the shape of the data, or stretch to it by broadcasting: an axis of 1, or none, is repeated.',
    bad: 'data x: binary[784]\nmodel { x ~ bernoulli(logits = bias(785)) }',
    good: 'data x: binary[784]\nmodel { x ~ bernoulli(logits = bias(784)) }',
  }),
  SBN3033: entry<{ name: string }>({
    title: 'distribution without parameters',
    message: ({ name }) => `\`${name}\` needs its parameters`,
    explanation: 'A distribution is one of a family; its parameters say which.',
    bad: 'model { z ~ bernoulli() }',
    good: 'model { z ~ bernoulli(logits = bias(3)) }',
  }),
  SBN3034: entry<{ name: string }>({
    title: 'distribution with parameters of two forms',
    message: ({ name }) => `the parameters of \`${name}\` are given in two forms at once`,
    explanation: 'A distribution that can be written in several ways is written in one of them.',
    bad: 'model { z ~ bernoulli(logits = bias(3), probs = 0.5) }',
    good: 'model { z ~ bernoulli(logits = bias(3)) }',
  }),
  SBN3035: entry<{ name: string }>({
    title: 'type on the left of an observation',
    message: ({ name }) => `\`${name}\` has its type already`,
    explanation:
      'Data have the type that they are declared with. On the left of a `~`, a type is for sites that are drawn.',
    bad: 'data x: binary[3]\nmodel { x: binary[3] ~ bernoulli(logits = bias(3)) }',
    good: 'data x: binary[3]\nmodel { x ~ bernoulli(logits = bias(3)) }',
  }),
  SBN3037: entry<{ parameter: string; domain: string; value: string }>({
    title: 'parameter of a distribution outside its domain',
    message: ({ parameter, domain, value }) => `\`${parameter}\` must be ${domain}, not ${value}`,
    explanation:
      'Outside of its domain a parameter gives no distribution. Values known at compile time are checked here, others when the model runs.',
    bad: 'model { z ~ bernoulli(probs = 1.5) }',
    good: 'model { z ~ bernoulli(probs = 0.5) }',
  }),
  SBN3040: entry<{ id: string; why: string }>({
    title: '`via` where nothing is estimated',
    message: ({ id, why }) => `\`${id}\` ${why}: there is no gradient for \`via\` to estimate`,
    explanation:
      '`via` chooses the estimator of a latent, where it is drawn: in the guide if there is one, else in the model.',
    bad: 'data x: binary[3]\nmodel { x ~ bernoulli(logits = bias(3)) via muprop }',
    good: 'data x: binary[3]\nmodel {\n  z ~ bernoulli(logits = bias(3)) via muprop\n  x ~ bernoulli(logits = dense(z, 3))\n}',
  }),
  SBN3042: entry<{ name: string }>({
    title: 'option without a name',
    message: ({ name }) => `options of \`${name}\` are named`,
    hint: () => 'write `name = value`',
    explanation: 'Options of optimisers and data sources have no order; each is given by its name.',
    bad: 'train { optimizer = adam(0.001) }',
    good: 'train { optimizer = adam(lr = 0.001) }',
  }),
};
