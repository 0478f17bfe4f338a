/**
 * The likelihood ratio, or REINFORCE (Williams 1992): sg(F_i − b_i) · ∇ log p_i(x_i | pa_i), with no relaxation at all.
 * With centring, an input-dependent baseline and normalisation it is NVIL (Mnih and Gregor 2014).
 */
import { BASELINE_DEFAULTS, BASELINE_OPTIONS, describeBaselines, emitBaselines, NORMALIZED } from './baselines.js';
import type { Estimator, ExpansionContext, SiteExpansion } from './estimator.js';
import { readOptions } from './options.js';
import { sumOfCosts, weightScore } from './score.js';

const OPTIONS = { costs: ['local', 'full'], ...BASELINE_OPTIONS } as const;

const PLAIN = { costs: 'local', ...BASELINE_DEFAULTS } as const;

export const likelihoodRatio = scoreFunction('likelihood_ratio', PLAIN);

export const nvil = scoreFunction('nvil', { ...PLAIN, baseline: 'input', normalize: 'yes' });

/** An estimator of this form, with `defaults` for the options that are not given. */
function scoreFunction(name: string, defaults: Readonly<Record<keyof typeof OPTIONS, string>>): Estimator {
  return {
    name,
    relaxes: false,
    plan: (context) => readOptions(context, name, OPTIONS, { default: defaults }),
    describe: ({ form }) => `${form['costs'] ?? ''}; ${describeBaselines(form)}`,
    expand: expandScoreFunction,
  };
}

function expandScoreFunction(context: ExpansionContext): SiteExpansion {
  const { site, base } = context;
  const signal = sumOfCosts(context, base);
  const baselines = emitBaselines(context, signal);
  const { held, weighted } = weightScore(context, signal, baselines);
  return {
    site: site.id,
    bias: baselines.scale === undefined ? undefined : NORMALIZED,
    signal,
    baseline: baselines.baseline,
    held,
    expandedCost: undefined,
    slopes: [],
    curvature: undefined,
    analytic: undefined,
    surrogate: weighted,
    state: baselines.state,
    auxiliary: baselines.auxiliary,
  };
}
