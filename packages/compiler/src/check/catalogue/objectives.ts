/** What a file must have, the objective, and whether the guide covers the model: SBN3001 to SBN3019. */
import { entry } from '@sbn/dsl';

const GUIDED =
  'data x: binary[3]\nmodel {\n  z ~ bernoulli(logits = bias(2))\n  x ~ bernoulli(logits = dense(z, 3))\n}\n';
const DEEPER =
  'data x: binary[3]\nmodel {\n  y ~ bernoulli(logits = bias(2))\n  z ~ bernoulli(logits = dense(y, 2))\n  x ~ bernoulli(logits = dense(z, 3))\n}\n';
const COUNTED =
  'data x: count[3]\nmodel {\n  z ~ binomial(4, logits = bias(2))\n  x ~ poisson(log_rate = dense(z, 3))\n}\n';
const COST = 'model { b ~ bernoulli(logits = bias(3)) }\n';

export const OBJECTIVES = {
  SBN3001: entry({
    title: 'no model',
    message: () => 'this file has no model',
    hint: () => 'add `model { … }`',
    explanation: 'A model says how the data come about: which sites are drawn, and from which distributions.',
    bad: 'data x: binary[3]\nmaximize likelihood',
    good: 'data x: binary[3]\nmodel { x ~ bernoulli(logits = bias(3)) }\nmaximize likelihood',
  }),
  SBN3002: entry<{ what: string }>({
    title: 'second of what a file has one of',
    message: ({ what }) => `this file has a second ${what}`,
    explanation:
      'A file has one model, at most one guide, one objective, and at most one `estimator` and one `train` block.',
    bad: 'model { z ~ bernoulli(logits = bias(3)) }\nmodel { y ~ bernoulli(logits = bias(3)) }',
    good: 'model {\n  z ~ bernoulli(logits = bias(3))\n  y ~ bernoulli(logits = bias(3))\n}',
  }),
  SBN3003: entry({
    title: 'no objective',
    message: () => 'this file has no objective',
    hint: () => 'add `maximize elbo`, `maximize likelihood`, or `minimize` with a cost',
    explanation: 'The objective says what the parameters are trained for.',
    bad: 'data x: binary[3]\nmodel { x ~ bernoulli(logits = bias(3)) }',
    good: 'data x: binary[3]\nmodel { x ~ bernoulli(logits = bias(3)) }\nmaximize likelihood',
  }),
  SBN3005: entry<{ bound: string }>({
    title: 'nothing is observed',
    message: ({ bound }) => `\`${bound}\` is of the data, and this model observes none`,
    hint: () => 'put a data name on the left of a `~`',
    explanation:
      'The likelihood and its bounds are those of observed data: a data name on the left of a `~` in the model.',
    bad: 'model { z ~ bernoulli(logits = bias(3)) }\nmaximize likelihood',
    good: 'data x: binary[3]\nmodel { x ~ bernoulli(logits = bias(3)) }\nmaximize likelihood',
  }),
  SBN3006: entry<{ name: string }>({
    title: 'unknown objective',
    message: ({ name }) => `there is no objective \`${name}\``,
    explanation: 'The objective is `elbo`, `likelihood`, or an expression over the sites of the model.',
    bad: `${COST}maximize elob`,
    good: `${COST}maximize mean(b)`,
  }),
  SBN3007: entry<{ name: string }>({
    title: 'bound that is minimised',
    message: ({ name }) => `\`${name}\` is maximised, not minimised`,
    explanation: 'The likelihood of the data, or a bound below it, is to be large.',
    bad: 'data x: binary[3]\nmodel { x ~ bernoulli(logits = bias(3)) }\nminimize likelihood',
    good: 'data x: binary[3]\nmodel { x ~ bernoulli(logits = bias(3)) }\nmaximize likelihood',
  }),
  SBN3008: entry({
    title: 'cost that is not a number',
    message: () => 'a cost is one number for each row',
    explanation: 'What is minimised or maximised has no axes; the mean over rows is taken by itself.',
    bad: `${COST}minimize b`,
    good: `${COST}minimize sum(b)`,
  }),
  SBN3009: entry<{ value: number }>({
    title: 'cost that is constant',
    message: ({ value }) => `this cost is the number ${value}, whatever the model draws`,
    explanation: 'A cost depends on sites or parameters; otherwise there is nothing to train.',
    bad: `${COST}minimize 3`,
    good: `${COST}minimize 3 - sum(b)`,
  }),
  SBN3010: entry({
    title: '`elbo` without a guide',
    message: () => '`elbo` needs a guide, from which the latents are drawn',
    explanation: 'The bound compares the model with a guide: log p(x, z) − log q(z | x), with z drawn from the guide.',
    bad: `${GUIDED}maximize elbo`,
    good: `${GUIDED}guide { z ~ bernoulli(logits = dense(x, 2)) }\nmaximize elbo`,
  }),
  SBN3011: entry<{ objective: string }>({
    title: 'guide that is not used',
    message: ({ objective }) => `${objective} uses no guide`,
    explanation: 'Only `elbo` draws latents from the guide.',
    bad: `${GUIDED}guide { z ~ bernoulli(logits = dense(x, 2)) }\nmaximize likelihood`,
    good: `${GUIDED}maximize likelihood`,
  }),
  SBN3012: entry<{ id: string }>({
    title: 'site that the guide misses',
    message: ({ id }) => `the guide misses the site \`${id}\``,
    explanation: 'The guide samples every latent of the model, by the same name.',
    bad: `${GUIDED}guide { }\nmaximize elbo`,
    good: `${GUIDED}guide { z ~ bernoulli(logits = dense(x, 2)) }\nmaximize elbo`,
  }),
  SBN3013: entry<{ id: string }>({
    title: 'site that only the guide has',
    message: ({ id }) => `the guide samples \`${id}\`, which is no latent of the model`,
    explanation: 'The guide samples the latents of the model and nothing else.',
    bad: `${GUIDED}guide {\n  z ~ bernoulli(logits = dense(x, 2))\n  y ~ bernoulli(logits = bias(2))\n}\nmaximize elbo`,
    good: `${GUIDED}guide { z ~ bernoulli(logits = dense(x, 2)) }\nmaximize elbo`,
  }),
  SBN3014: entry<{ id: string }>({
    title: 'site that differs between model and guide',
    message: ({ id }) => `\`${id}\` differs between the model and the guide`,
    explanation:
      'A latent has the same kind of value and the same shape in both: what the guide draws is given to the model.',
    bad: `${GUIDED}guide { z ~ bernoulli(logits = dense(x, 4)) }\nmaximize elbo`,
    good: `${GUIDED}guide { z ~ bernoulli(logits = dense(x, 2)) }\nmaximize elbo`,
  }),
  SBN3015: entry<{ name: string }>({
    title: 'data sampled in the guide',
    message: ({ name }) => `the guide cannot sample \`${name}\`, which is data`,
    hint: () => 'observe data in the model',
    explanation: 'The guide draws the latents given the data. Data have their distribution in the model.',
    bad: `${GUIDED}guide { x ~ bernoulli(logits = bias(3)) }\nmaximize elbo`,
    good: `${GUIDED}guide { z ~ bernoulli(logits = dense(x, 2)) }\nmaximize elbo`,
  }),
  SBN3016: entry<{ name: string; here: string; there: string }>({
    title: 'site of the other block',
    message: ({ name, here, there }) => `\`${name}\` is a site of the ${there}, which the ${here} cannot see`,
    explanation:
      'Model and guide are distributions of their own. Each sees the data, the parameters, and the sites that it has sampled itself; an objective sees those of the model.',
    bad: `${DEEPER}guide { z ~ bernoulli(logits = dense(y, 2)) }\nmaximize elbo`,
    good: `${DEEPER}guide {\n  y ~ bernoulli(logits = dense(x, 2))\n  z ~ bernoulli(logits = dense(y, 2))\n}\nmaximize elbo`,
  }),
  SBN3017: entry<{ id: string }>({
    title: 'guide that draws what the model excludes',
    message: ({ id }) => `the guide draws values of \`${id}\` that have no probability in the model`,
    explanation:
      'The bound is the mean of log p − log q over what the guide draws. Where the model gives a value no probability, log p is minus infinity, and so is the bound.',
    bad: `${COUNTED}guide { z ~ poisson(log_rate = dense(x, 2)) }\nmaximize elbo`,
    good: `${COUNTED}guide { z ~ binomial(4, logits = dense(x, 2)) }\nmaximize elbo`,
  }),
};
