/** The likelihood ratio, or REINFORCE (Williams 1992): sg(F_i − b_i) · ∇ log p_i(x_i | pa_i), with no relaxation at all. */
import type { Estimator } from './estimator.js';
import { readOptions } from './options.js';
import { emitRunningMean } from './running-mean.js';
import { sumOfCosts, weightScore } from './score.js';

const OPTIONS = { costs: ['local', 'full'], center: ['running', 'none'] } as const;

const FORMS = { default: { costs: 'local', center: 'running' } } as const;

export const likelihoodRatio: Estimator = {
  name: 'likelihood_ratio',
  relaxes: false,
  plan: (context) => readOptions(context, 'likelihood_ratio', OPTIONS, FORMS),
  describe: ({ form }) => `${form['costs'] ?? ''}; ${form['center'] === 'none' ? 'not centred' : 'centred'}`,
  expand: (context) => {
    const { builder, site, base, term } = context;
    const signal = sumOfCosts(context, base);
    const centring = term.form['center'] === 'none' ? undefined : emitRunningMean(builder, site.id, signal);
    const { held, weighted } = weightScore(context, signal, centring?.baseline);
    return {
      site: site.id,
      bias: undefined,
      signal,
      baseline: centring?.baseline,
      held,
      expandedCost: undefined,
      slopes: [],
      curvature: undefined,
      analytic: undefined,
      surrogate: weighted,
      state: centring?.state ?? [],
    };
  },
};
