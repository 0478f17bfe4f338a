/** What can be wrong with the gradient of a site: `SBN4xxx`, and the warnings of the plan. */
import { defineCatalogue, entry } from '@sbn/dsl';
import { listNames } from './check/suggestions.js';

export const gradientDiagnostics = defineCatalogue({
  SBN4001: entry<{ readonly estimator: string }>({
    title: 'unknown estimator',
    message: ({ estimator }) => `there is no estimator \`${estimator}\``,
    explanation:
      'After `via`, and in an `estimator` declaration, stands the name of a gradient estimator. A site without one is trained by `muprop`.',
    bad: 'param eta: real[3]\nmodel { b ~ bernoulli(logits = eta) via mupropp }\nminimize sum(b)',
    good: 'param eta: real[3]\nmodel { b ~ bernoulli(logits = eta) via muprop }\nminimize sum(b)',
  }),
  SBN4002: entry<{ readonly estimator: string; readonly option: string }>({
    title: 'unknown option of an estimator',
    message: ({ estimator, option }) => `\`${estimator}\` has no option \`${option}\``,
    explanation: 'Each estimator has options of its own, written as named arguments.',
    bad: 'param eta: real[3]\nmodel { b ~ bernoulli(logits = eta) via muprop(costz = local) }\nminimize sum(b)',
    good: 'param eta: real[3]\nmodel { b ~ bernoulli(logits = eta) via muprop(costs = local) }\nminimize sum(b)',
  }),
  SBN4003: entry<{ readonly option: string; readonly value: string; readonly choices: string }>({
    title: 'value of an estimator’s option',
    message: ({ option, value }) => `\`${option}\` cannot be \`${value}\``,
    hint: ({ choices }) => `it is ${choices}`,
    explanation: 'The options of an estimator each take one of a few names, or a number.',
    bad: 'param eta: real[3]\nmodel { b ~ bernoulli(logits = eta) via muprop(expansion = branch) }\nminimize sum(b)',
    good: 'param eta: real[3]\nmodel { b ~ bernoulli(logits = eta) via muprop(expansion = trunk) }\nminimize sum(b)',
  }),
  SBN4004: entry<{ readonly site: string; readonly operation: string; readonly place: string }>({
    title: 'a site that cannot be relaxed',
    message: ({ site, operation }) => `\`${site}\` reaches its cost through \`${operation}\`, which has no slope`,
    label: () => 'cannot be relaxed to its mean',
    hint: ({ place }) =>
      `write ${place} without a comparison (a convex mix \`if … then … else\` has a slope), or give the site \`via likelihood_ratio\``,
    explanation:
      'MuProp expands the cost around the mean of a site, so the cost must be differentiable between 0 and 1. A comparison, `step` or `sign` of a sampled value is flat there: the expansion would say nothing.',
    bad: 'param eta: real[3]\nmodel { b ~ bernoulli(logits = eta) }\nminimize sum(b > 0.5)',
    good: 'param eta: real[3]\nmodel { b ~ bernoulli(logits = eta) }\nminimize sum(b)',
  }),
  SBN4005: entry<{ readonly estimator: string; readonly site: string; readonly reason: string }>({
    title: 'an estimator that cannot serve a site',
    message: ({ estimator, site, reason }) => `\`${estimator}\` cannot serve \`${site}\`: ${reason}`,
    hint: () => 'leave the `via` out for `muprop`, or write `via likelihood_ratio`: both serve every latent site',
    explanation:
      'Some estimators rest on what one distribution is like: `disarm` on the two values of a Bernoulli, `half` and `gumbel` on values 0 and 1. Some, and the second order of `muprop`, rest on the elements of a site being independent of one another, which those of a site that reads its own value are not.',
    bad: 'model { z ~ categorical(logits = bias(3)) via disarm }\nminimize sum(z * [1, 2, 3])',
    good: 'model { z ~ categorical(logits = bias(3)) via rloo(4) }\nminimize sum(z * [1, 2, 3])',
  }),
  SBN4006: entry<{
    readonly drawn: readonly string[];
    readonly site: string;
    /** How many, in words; `undefined` for infinitely many. */
    readonly values: string | undefined;
  }>({
    title: 'a drawn site below one that is summed out',
    message: ({ drawn, site, values }) =>
      `${listNames(drawn)} ${drawn.length === 1 ? 'is' : 'are'} downstream of \`${site}\` and drawn, which would have to be done anew for each of the ${values === undefined ? '' : `${values} `}values of \`${site}\``,
    label: () => 'is drawn',
    hint: ({ drawn, site }) =>
      `give ${listNames(drawn)} \`via enumerate\` too, or let \`${site}\` be drawn: leave its \`via enumerate\` out, or put \`via muprop\``,
    explanation:
      'A site that is summed out has all of its values at once, so what depends on it has as many. Only costs and other sites that are summed out may be downstream of it; its parents may be drawn.',
    bad: 'model {\n  a ~ bernoulli(logits = bias(2)) via enumerate\n  b ~ bernoulli(logits = a) via muprop\n}\nminimize sum(b)',
    good: 'model {\n  a ~ bernoulli(logits = bias(2)) via muprop\n  b ~ bernoulli(logits = a) via enumerate\n}\nminimize sum(b)',
  }),
  SBN4007: entry<{ readonly sites: readonly string[]; readonly values: string; readonly most: string }>({
    title: 'too many values to sum out',
    message: ({ sites, values, most }) =>
      `${listNames(sites)} ${sites.length === 1 ? `takes ${values} values` : `take ${values} values together`}: too many to sum out, as the most are ${most}`,
    label: () => 'is summed out',
    hint: ({ sites }) =>
      sites.length === 1
        ? 'let it be drawn: leave `via enumerate` out, or put `via muprop`; or make it smaller'
        : 'let those that come first be drawn (leave `via enumerate` out, or put `via muprop`), or make them smaller',
    explanation:
      'Each value of a site that is summed out takes a pass of its own through what depends on it, and a cost that depends on several such sites takes one for each of their values together: 2 for each unit of a Bernoulli, the number of classes for each one-hot vector, multiplied.',
    bad: 'param eta: real[200]\nmodel { b ~ bernoulli(logits = eta) via enumerate }\nminimize sum(b)',
    good: 'param eta: real[200]\nmodel { b ~ bernoulli(logits = eta) via muprop }\nminimize sum(b)',
  }),
  SBN4008: entry<{ readonly site: string; readonly distribution: string }>({
    title: 'infinitely many values to sum out',
    message: ({ site, distribution }) =>
      `\`${site}\` cannot be summed out: \`${distribution}\` has infinitely many values`,
    label: () => 'is to be summed out',
    hint: () => 'let it be drawn: leave `via enumerate` out, or put `via muprop`',
    explanation:
      'A site is summed out value by value, which comes to an end for Bernoulli and categorical sites alone.',
    bad: 'model { n ~ poisson(rate = exp(bias(2))) via enumerate }\nminimize sum(n)',
    good: 'model { n ~ poisson(rate = exp(bias(2))) via muprop }\nminimize sum(n)',
  }),
  SBN4009: entry<{ site: string; cost: string }>({
    title: 'elements of a plate that cannot be summed out one by one',
    message: ({ site, cost }) =>
      `${cost} depends on several elements of \`${site}\`, which would have to be summed out together`,
    hint: () => 'draw it: leave the `via enumerate` out',
    explanation:
      'In a plate, `via enumerate` sums out each element by itself, which takes as many passes as an element has values. That is possible where every cost ' +
      'depends on one element only. Where a cost outside of the plate depends on all of them, the values of all together would have to be counted out.',
    bad: 'data y: real\nmodel {\n  plate i in 9 { z[i] ~ bernoulli(logits = bias(1)) via enumerate }\n  y ~ normal(sum(z), 1)\n}\nmaximize likelihood',
    good: 'data y: real\nmodel {\n  plate i in 9 { z[i] ~ bernoulli(logits = bias(1)) }\n  y ~ normal(sum(z), 1)\n}\nmaximize likelihood',
  }),
  SBN4010: entry<{ readonly estimator: string }>({
    title: 'option of an estimator without a name',
    message: ({ estimator }) => `\`${estimator}\` takes no option without a name here`,
    hint: () => 'write `name = value`',
    explanation:
      'Options of estimators are named, but for the one number that a name asks for: `rloo(4)` is `rloo(draws = 4)`, `gumbel(0.5)` is `gumbel(temperature = 0.5)`.',
    bad: 'model { z ~ bernoulli(logits = bias(3)) via muprop(2) }\nminimize sum(z)',
    good: 'model { z ~ bernoulli(logits = bias(3)) via muprop(order = 2) }\nminimize sum(z)',
  }),
  SBN4011: entry<{ site: string; other: string }>({
    title: 'sites summed out in and outside of a plate',
    message: ({ site, other }) =>
      `\`${site}\` and \`${other}\` are in different plates, and cannot be summed out together`,
    hint: () => 'sum out one of the two, and draw the other',
    explanation:
      'The likelihood of a plate whose elements share a hidden value is a sum of products of sums. The compiler sums out sites of one plate, or sites outside ' +
      'of plates, at a time.',
    bad:
      'data x: real[5]\nmodel {\n  a ~ bernoulli(logits = bias(1)) via enumerate\n  plate i in 5 {\n    z[i] ~ bernoulli(logits = dense(a, 1)) via enumerate\n' +
      '    x[i] ~ normal(sum(z[i]), 1)\n  }\n}\nmaximize likelihood',
    good:
      'data x: real[5]\nmodel {\n  a ~ bernoulli(logits = bias(1))\n  plate i in 5 {\n    z[i] ~ bernoulli(logits = dense(a, 1)) via enumerate\n' +
      '    x[i] ~ normal(sum(z[i]), 1)\n  }\n}\nmaximize likelihood',
  }),
  SBN4012: entry<{ site: string }>({
    title: 'site summed out under several draws',
    message: ({ site }) => `\`${site}\` cannot be summed out under \`iwae\``,
    hint: () => 'write `maximize elbo` or `maximize likelihood`, or draw it: leave the `via enumerate` out',
    explanation:
      'Under `iwae(k)` each row has k draws of all latents, and their weights are averaged. Sites are summed out under one draw only.',
    bad: 'data x: real\nmodel {\n  z ~ bernoulli(logits = 0) via enumerate\n  x ~ normal(z, 1)\n}\nmaximize iwae(5)',
    good: 'data x: real\nmodel {\n  z ~ bernoulli(logits = 0)\n  x ~ normal(z, 1)\n}\nmaximize iwae(5)',
  }),
  SBN4013: entry<{ readonly site: string; readonly unit: number; readonly on: number }>({
    title: 'site whose elements depend on one another in a circle',
    message: ({ site, unit, on }) =>
      unit === on
        ? `element ${String(unit)} of \`${site}\` depends on itself`
        : `element ${String(unit)} of \`${site}\` depends on element ${String(on)}, which comes after it`,
    hint: () =>
      'read earlier elements only: `masked_dense(h, …)` leaves out the others, with a diagonal of -1 in one of its layers',
    explanation:
      'A site can read its own value if its elements can be drawn one after the other: the parameters of each may depend on earlier elements, and on no others. ' +
      'The compiler follows each element through the program, and through masks of constants.',
    bad: 'model { h: binary[4] ~ bernoulli(logits = dense(h, 4)) }\nminimize sum(h)',
    good: 'model { h: binary[4] ~ bernoulli(logits = masked_dense(h, 4)) }\nminimize sum(h)',
  }),
  SBN4014: entry<{ readonly site: string }>({
    title: 'site that reads itself and is no row of elements',
    message: ({ site }) => `\`${site}\` reads its own value, and is no row of elements`,
    hint: () => 'give it one axis, and one of classes behind it for one-hot values; `reshape` what is made of it',
    explanation:
      'The elements of a site that reads its own value are drawn one after the other, in the order of its one axis.',
    bad: 'model { h: binary[2, 2] ~ bernoulli(logits = reshape(masked_dense(flatten(h), 4), 2, 2)) }\nminimize sum(h)',
    good: 'model { h: binary[4] ~ bernoulli(logits = masked_dense(h, 4)) }\nminimize sum(h)',
  }),
  SBN5101: entry<{ readonly site: string }>({
    severity: 'warning',
    title: 'a site that no cost reaches',
    message: ({ site }) => `no cost depends on \`${site}\`, so nothing trains it`,
    label: () => 'influences no cost',
    explanation:
      'A latent site learns from the terms of the objective that its value influences. This one influences none.',
    bad: 'model {\n  a ~ bernoulli(logits = bias(3))\n  b ~ bernoulli(logits = bias(3))\n}\nminimize sum(b)',
    good: 'model {\n  a ~ bernoulli(logits = bias(3))\n  b ~ bernoulli(logits = bias(3))\n}\nminimize sum(b) + sum(a)',
  }),
  SBN5102: entry<{ readonly names: readonly string[] }>({
    severity: 'warning',
    title: 'a parameter that nothing trains',
    message: ({ names }) =>
      `nothing trains ${listNames(names)}: the objective has no slope by ${names.length === 1 ? 'it' : 'them'}`,
    hint: () =>
      'write a number in its place, or let it reach the objective other than through `detach` or a comparison',
    explanation:
      'A parameter is moved along its gradient. No gradient passes through `detach`, and a comparison is flat, so what is used nowhere else stays as it ' +
      'was initialised.',
    bad: 'param eta: real[3]\nparam shift: real[3] = 1\nmodel { b ~ bernoulli(logits = eta + detach(shift)) }\nminimize sum(b)',
    good: 'param eta: real[3]\nparam shift: real[3] = 1\nmodel { b ~ bernoulli(logits = eta + shift) }\nminimize sum(b)',
  }),
});
