/**
 * The likelihood ratio, or REINFORCE (Williams 1992): sg(F_i − b_i) · ∇ log p_i(x_i | pa_i), with no relaxation at all.
 * With centring, an input-dependent baseline and normalisation it is NVIL (Mnih and Gregor 2014); with several draws and the mean
 * of the others as each one's baseline it is RLOO (Kool, van Hoof, Welling 2019).
 */
import { BASELINE_DEFAULTS, BASELINE_OPTIONS, describeBaselines, DRAWS, NORMALIZED } from './baselines.js';
import { NO_EXPANSION, type Estimator, type ExpansionContext, type SiteExpansion } from './estimator.js';
import { readOptions, type OptionSpec } from './options.js';
import { countDraws, emitBranches, emitScores, sumOfCosts } from './score.js';

const OPTIONS = { costs: ['local', 'full'], ...BASELINE_OPTIONS } as const;

const PLAIN = { costs: 'local', ...BASELINE_DEFAULTS } as const;

export const likelihoodRatio = scoreFunction({
  name: 'likelihood_ratio',
  options: OPTIONS,
  forms: { default: PLAIN },
});

export const nvil = scoreFunction({
  name: 'nvil',
  options: OPTIONS,
  forms: { default: { ...PLAIN, baseline: 'input', normalize: 'yes' } },
});

export const rloo = scoreFunction({
  name: 'rloo',
  options: { costs: OPTIONS.costs, draws: { ...DRAWS, least: 2 } },
  forms: { default: { costs: 'local', draws: '2' } },
  positional: ['draws'],
});

function scoreFunction(spec: OptionSpec): Estimator {
  return {
    name: spec.name,
    relaxes: false,
    assumesIndependence: false,
    plan: (context) => readOptions(context, spec),
    describe: ({ form }) => `${form['costs'] ?? ''}; ${describeBaselines(form)}`,
    expand: expandScoreFunction,
  };
}

function expandScoreFunction(context: ExpansionContext): SiteExpansion {
  const { site, base } = context;
  const branches = emitBranches(context, countDraws(context));
  const signals = branches.map((branch) => ({ branch, value: sumOfCosts(context, branch?.pass ?? base) }));
  const { scores, weighted, scale, state, auxiliary } = emitScores(context, signals);
  return {
    ...NO_EXPANSION,
    site: site.id,
    bias: scale === undefined ? undefined : NORMALIZED,
    scores,
    passes: branches.flatMap((branch) => (branch === undefined ? [] : [branch.pass])),
    statistic: scores[0]?.held,
    surrogate: weighted,
    state,
    auxiliary,
  };
}
