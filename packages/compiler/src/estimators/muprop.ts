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
import { at, BATCH, type ValueId } from '@sbn/program';
import { differentiate } from '../differentiate.js';
import { emitPass, type Pass } from '../pass.js';
import type { Estimator, ExpansionContext, SiteExpansion, Slope } from './estimator.js';
import { readOptions } from './options.js';
import { emitRunningMean } from './running-mean.js';
import { sumOfCosts, weightScore } from './score.js';
import { emitCurvature, emitQuadraticResidual } from './second-order.js';

const OPTIONS = {
  costs: ['local', 'full'],
  expansion: ['rollout', 'trunk'],
  residual: ['recursive', 'plain'],
  order: ['1', '2'],
  center: ['running', 'none'],
} as const;

const FORMS = {
  default: { costs: 'local', expansion: 'rollout', residual: 'recursive', order: '1', center: 'running' },
  algorithm1: { costs: 'full', expansion: 'trunk', residual: 'plain', order: '1', center: 'running' },
} as const;

export const muprop: Estimator = {
  name: 'muprop',
  relaxes: true,
  plan: (context) => readOptions(context, 'muprop', OPTIONS, FORMS),
  describe: ({ form }) => {
    const center = form['center'] === 'none' ? 'not centred' : 'centred';
    const order = form['order'] === '2' ? ', second order' : '';
    return `${form['costs'] ?? ''}, ${form['expansion'] ?? ''}, ${form['residual'] ?? ''}${order}; ${center}`;
  },
  expand: expandMuProp,
};

function expandMuProp(context: ExpansionContext): SiteExpansion {
  const { builder, term, site, base } = context;
  const pass = expansionPass(context);
  const sampledCost = sumOfCosts(context, base);
  const expandedCost = sumOfCosts(context, pass);
  const relaxed = [site.id, ...(term.form['residual'] === 'recursive' ? term.downstream : [])];
  const slopes = emitSlopes(context, pass, expandedCost, relaxed);

  // S_i = F_i(x) − F̄_i − g_iᵀ(x_i − x̄_i) − Σ_{k downstream} g_kᵀ(x_k − μ_k(pa_k))
  let signal = builder.subtract(sampledCost, expandedCost);
  for (const slope of slopes) {
    const reference = slope.site === site.id ? pass.latent(site.id) : base.valueOf(siteMean(context, slope.site));
    const step = builder.subtract(base.latent(slope.site), reference);
    signal = builder.subtract(signal, builder.sumEvent(builder.multiply(slope.value, step)));
  }
  const own = slopes.find((slope) => slope.site === site.id);
  const curvature =
    own !== undefined && term.form['order'] === '2' ? emitCurvature(context, pass, own.value) : undefined;
  const quadratic = curvature && emitQuadraticResidual(context, curvature);
  if (quadratic !== undefined) signal = builder.subtract(signal, quadratic.common);
  const centring = term.form['center'] === 'none' ? undefined : emitRunningMean(builder, site.id, signal);
  const { held, weighted } = weightScore(context, signal, centring?.baseline, quadratic?.own);

  const mean = base.valueOf(site.mean);
  const analytic = own && { slope: own.value, held: builder.emit('stop_gradient', [own.value], {}), mean };
  const linear = analytic && builder.sumEvent(builder.multiply(analytic.held, analytic.mean));
  const surrogate = [linear, quadratic?.correction].reduce<ValueId>(
    (sum, part) => (part === undefined ? sum : builder.add(sum, part)),
    weighted,
  );
  return {
    site: site.id,
    bias: undefined,
    signal,
    baseline: centring?.baseline,
    held,
    expandedCost,
    slopes,
    curvature,
    analytic,
    surrogate,
    state: centring?.state ?? [],
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
  const { builder } = context;
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
