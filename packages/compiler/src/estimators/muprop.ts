/**
 * MuProp (Gu, Levine, Sutskever, Mnih 2015, arXiv 1511.05176): the likelihood-ratio gradient with
 * the first-order Taylor expansion of the cost as control variate, whose expectation is put back
 * in analytically:
 *
 *     sg(S_i − b_i) · ∇ log p_i(x_i | pa_i) + sg(g_i)ᵀ ∇ μ_i(pa_i)
 *
 * The default form takes local costs, a rollout and the recursive residual (their Eq. 11 at the
 * expansion point of their section 6); `form = "algorithm1"` is what they ran.
 */
import type { Outcome } from '@sbn/dsl';
import { at, BATCH, type ValueId } from '@sbn/program';
import { differentiate } from '../differentiate.js';
import { emitPass, type Pass } from '../pass.js';
import { BASELINE_DEFAULTS, BASELINE_OPTIONS, describeBaselines, emitBaselines, NORMALIZED } from './baselines.js';
import type { Estimator, ExpansionContext, PlanContext, SiteExpansion, SiteTerm, Slope } from './estimator.js';
import { readOptions } from './options.js';
import { declareScales, learnScales, scaled } from './learned-scale.js';
import { sumOfCosts, weightScore } from './score.js';
import { emitCurvature, emitQuadraticResidual } from './second-order.js';

const OPTIONS = {
  costs: ['local', 'full'],
  expansion: ['rollout', 'trunk'],
  residual: ['recursive', 'plain'],
  order: ['1', '2'],
  scale: ['fixed', 'learned'],
  ...BASELINE_OPTIONS,
} as const;

const DEFAULT = {
  costs: 'local',
  expansion: 'rollout',
  residual: 'recursive',
  order: '1',
  scale: 'fixed',
  ...BASELINE_DEFAULTS,
} as const;

const FORMS = {
  default: DEFAULT,
  algorithm1: { ...DEFAULT, costs: 'full', expansion: 'trunk', residual: 'plain' },
} as const;

/** A rollout for each site is too dear where together they are more passes through the model than this. */
const MOST_ROLLOUT_PASSES = 16;

function planMuProp(context: PlanContext): Outcome<SiteTerm> {
  const { rolloutPasses } = context;
  if (rolloutPasses <= MOST_ROLLOUT_PASSES) return readOptions(context, 'muprop', OPTIONS, FORMS);
  const planned = readOptions(context, 'muprop', OPTIONS, { ...FORMS, default: { ...DEFAULT, expansion: 'trunk' } });
  const { value } = planned;
  const isChosen = ['expansion', 'form'].some((option) => context.request?.options.has(option) === true);
  if (value === undefined || isChosen) return planned;
  const note = `trunk, as rollouts would take ${String(Math.round(rolloutPasses))} passes`;
  return { ...planned, value: { ...value, note } };
}

export const muprop: Estimator = {
  name: 'muprop',
  relaxes: true,
  plan: planMuProp,
  describe: ({ form }) => {
    const words = [form['costs'], form['expansion'], form['residual']];
    if (form['order'] === '2') words.push('second order');
    if (form['scale'] === 'learned') words.push('learned scale');
    return `${words.join(', ')}; ${describeBaselines(form)}`;
  },
  expand: expandMuProp,
};

function expandMuProp(context: ExpansionContext): SiteExpansion {
  const { builder, term, site, base } = context;
  const pass = expansionPass(context);
  const expandedCost = sumOfCosts(context, pass);
  const relaxed = [site.id, ...(term.form['residual'] === 'recursive' ? term.downstream : [])];
  const unscaled = emitSlopes(context, pass, expandedCost, relaxed);
  const scales = term.form['scale'] === 'learned' ? declareScales(context) : undefined;
  const slopes = unscaled.map(({ site: id, value }) => ({ site: id, value: scaled(builder, scales?.linear, value) }));

  // S_i = F_i(x) − F̄_i − g_iᵀ(x_i − x̄_i) − Σ_{k downstream} g_kᵀ(x_k − μ_k(pa_k))
  let signal = builder.subtract(sumOfCosts(context, base), expandedCost);
  for (const slope of slopes) {
    const reference = slope.site === site.id ? pass.latent(site.id) : base.valueOf(siteMean(context, slope.site));
    const step = builder.subtract(base.latent(slope.site), reference);
    signal = builder.subtract(signal, builder.sumEvent(builder.multiply(slope.value, step)));
  }
  const hessian = unscaled.find((slope) => slope.site === site.id);
  const curvature =
    hessian === undefined || term.form['order'] !== '2' ? undefined : emitCurvature(context, pass, hessian.value);
  const quadratic = curvature && emitQuadraticResidual(context, curvature, scales?.quadratic);
  if (quadratic !== undefined) signal = builder.subtract(signal, quadratic.common);
  const baselines = emitBaselines(context, signal);
  const { held, weighted } = weightScore(context, signal, baselines, quadratic?.own);

  const own = slopes.find((slope) => slope.site === site.id);
  const analytic = own && {
    slope: own.value,
    held: builder.emit('stop_gradient', [scaled(builder, baselines.scale, own.value)], {}),
    mean: base.valueOf(site.mean),
  };
  const parts = [
    analytic && builder.sumEvent(builder.multiply(analytic.held, analytic.mean)),
    quadratic?.correction === undefined ? undefined : scaled(builder, baselines.scale, quadratic.correction),
  ];
  const learned = scales === undefined ? [] : [learnScales(context, scales, signal, baselines)];
  return {
    site: site.id,
    bias: baselines.scale === undefined ? undefined : NORMALIZED,
    signal,
    baseline: baselines.baseline,
    held,
    expandedCost,
    slopes,
    curvature,
    analytic,
    surrogate: parts.reduce<ValueId>((sum, part) => (part === undefined ? sum : builder.add(sum, part)), weighted),
    state: baselines.state,
    auxiliary: [...baselines.auxiliary, ...learned],
  };
}

/** Rollout: all that is not downstream at its sampled value, the site and its descendants at their means given that. */
function expansionPass({ builder, graph, term, site, base, trunk }: ExpansionContext): Pass {
  if (term.form['expansion'] === 'trunk') return trunk();
  const relaxed = new Set([site.id, ...term.downstream]);
  return emitPass(
    builder,
    graph,
    `rollout(${site.id})`,
    ({ id }) => ({ kind: relaxed.has(id) ? 'mean' : 'base' }),
    base,
  );
}

/** g⁽ⁱ⁾_k, total derivatives of F̄_i; a site that F̄_i does not depend on differentiably has none. */
function emitSlopes(context: ExpansionContext, pass: Pass, cost: ValueId, sites: readonly string[]): readonly Slope[] {
  const { builder, term, trunkSlopes } = context;
  if (term.form['expansion'] === 'trunk') {
    return sites.flatMap((site) => {
      const value = trunkSlopes().get(site);
      return value === undefined ? [] : [{ site, value }];
    });
  }
  const variables = sites.map((id) => pass.latent(id));
  const derivatives = differentiate(builder, [{ value: cost, adjoint: builder.fill(1, [BATCH]) }], variables);
  return sites.flatMap((site, index) => {
    const value = derivatives[index];
    return value === undefined ? [] : [{ site, value }];
  });
}

function siteMean({ graph }: ExpansionContext, id: string): ValueId {
  return at(
    graph.sites.filter((site) => site.id === id),
    0,
  ).mean;
}
