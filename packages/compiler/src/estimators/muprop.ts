/**
 * MuProp (Gu, Levine, Sutskever, Mnih 2015, arXiv 1511.05176): the likelihood-ratio gradient with
 * the first-order Taylor expansion of the cost as control variate, whose expectation is put back
 * in analytically:
 *
 *     sg(S_i − b_i) · ∇ log p_i(x_i | pa_i) + sg(g_i)ᵀ ∇ μ_i(pa_i)
 *
 * The default form takes local costs, a rollout and the recursive residual (their Eq. 11 at the
 * expansion point of their section 6); `algorithm1`, or `form = algorithm1`, is what they ran. With
 * several draws of the site the expansion, which does not depend on them, is shared, and the first
 * term is their mean.
 */
import type { ValueId } from '@sbn/program';
import { differentiate } from '../differentiate.js';
import type { Branch } from '../draws.js';
import { regroup } from '../elements.js';
import { onceOnly } from '../once-only.js';
import { emitPass, type LatentRule, type Pass } from '../pass.js';
import { findSite, type GraphSite } from '../stochastic-graph.js';
import { describeBaselines, NORMALIZED } from './baselines.js';
import { NO_EXPANSION, type Estimator, type ExpansionContext, type SiteExpansion, type Slope } from './estimator.js';
import { planMuProp, planNamed } from './muprop-form.js';
import { declareScales, learnScales, scaled, type Scales } from './learned-scale.js';
import {
  addUp,
  countDraws,
  emitBranches,
  emitScores,
  groupCosts,
  sumOfCosts,
  type CostGroup,
  type Signal,
} from './score.js';
import { emitHessianProduct, emitQuadraticResidual } from './second-order.js';

export const muprop: Estimator = {
  name: 'muprop',
  relaxes: true,
  assumesIndependence: false,
  plan: planMuProp,
  describe: ({ form }) => {
    const words = [form['costs'], form['expansion'], form['residual']];
    if (form['order'] === '2') words.push('second order');
    if (form['scale'] === 'learned') words.push('learned scale');
    return `${words.join(', ')}; ${describeBaselines(form)}`;
  },
  expand: expandMuProp,
};

/** What the paper ran, by a name of its own. */
export const algorithm1: Estimator = { ...muprop, name: 'algorithm1', plan: planNamed('algorithm1') };

/** The second order whatever it costs. */
export const secondOrder: Estimator = { ...muprop, name: 'second_order', plan: planNamed('second_order') };

/** The expansion of a site's cost, the same for all of its draws. */
interface Expansion {
  readonly pass: Pass;
  readonly expandedCost: ValueId;
  /** ∂F̄_i/∂x̄_i, the part of each level. */
  readonly gradient: readonly Slope[];
  /** The same times the scale, where there is one. */
  readonly own: readonly Slope[];
  /** Of all sites that the signal subtracts a linear term of, times the scale likewise. */
  readonly slopes: () => readonly Slope[];
  readonly scales: Scales | undefined;
  /** Whether the slopes are those of the trunk as they are: what they make of the sites downstream is then part of a shared sum. */
  readonly hasSharedSlopes: boolean;
}

function expandMuProp(context: ExpansionContext): SiteExpansion {
  const { builder, site, base } = context;
  const expansion = emitExpansion(context);
  const { expandedCost, scales } = expansion;
  const branches = emitBranches(context, countDraws(context));
  const residuals = branches.map((branch) => emitResidual(context, expansion, branch));
  const weights = emitScores(context, residuals);
  const { scores, weighted, scale } = weights;

  const own = sumOfSlopes(context, expansion.own);
  const analytic =
    own === undefined
      ? undefined
      : {
          slope: own,
          held: builder.emit('stop_gradient', [scaled(builder, scale, own)], {}),
          mean: base.valueOf(site.mean),
        };
  const share = branches.length === 1 ? undefined : builder.constant(1 / branches.length);
  const corrections = residuals.flatMap(({ curvature }) =>
    curvature?.correction === undefined ? [] : [scaled(builder, share, scaled(builder, scale, curvature.correction))],
  );
  const parts = [
    ...(analytic === undefined ? [] : [builder.sumEvent(builder.multiply(analytic.held, analytic.mean))]),
    ...corrections,
  ];
  const learned = scales === undefined ? [] : [learnScales(context, scales, scores)];
  return {
    ...NO_EXPANSION,
    site: site.id,
    bias: scale === undefined ? undefined : NORMALIZED,
    scores,
    expandedCost,
    // As many as there are sites downstream, and no program but one is judged.
    get slopes() {
      return expansion.slopes();
    },
    analytic,
    passes: branches.flatMap((branch) => (branch === undefined ? [] : [branch.pass])),
    statistic: scores[0]?.held,
    surrogate: parts.reduce<ValueId>((sum, part) => builder.add(sum, part), weighted),
    state: weights.state,
    auxiliary: [...weights.auxiliary, ...learned],
  };
}

function emitExpansion(context: ExpansionContext): Expansion {
  const { builder, term, site } = context;
  const pass = expansionPass(context);
  const expandedCost = sumOfCosts(context, pass);
  // Of a long model, all of them together are many: listed where they are asked for.
  const relaxed = (): readonly string[] => [site.id, ...(term.form['residual'] === 'recursive' ? term.downstream : [])];
  const scales = term.form['scale'] === 'learned' ? declareScales(context) : undefined;
  const scaleAll = (slopes: readonly Slope[]): readonly Slope[] =>
    scales === undefined
      ? slopes
      : slopes.map((slope) => ({ ...slope, value: scaled(builder, scales.linear, slope.value) }));
  const level = trunkLevel(context);
  if (level !== undefined && scales === undefined) {
    const gradient = trunkSlopesOf(context, level, [site.id]);
    const slopes = onceOnly(() => trunkSlopesOf(context, level, relaxed()));
    return { pass, expandedCost, gradient, own: gradient, slopes, scales, hasSharedSlopes: true };
  }
  const unscaled =
    level === undefined
      ? groupCosts(context).flatMap((group) => emitSlopes(context, pass, group, relaxed()))
      : trunkSlopesOf(context, level, relaxed());
  const all = scaleAll(unscaled);
  const isOwn = (slope: Slope): boolean => slope.site === site.id;
  const [gradient, own] = [unscaled.filter(isOwn), all.filter(isOwn)];
  return { pass, expandedCost, gradient, own, slopes: () => all, scales, hasSharedSlopes: false };
}

/** g_i: the site's own slopes at all levels together. */
function sumOfSlopes(context: ExpansionContext, own: readonly Slope[]): ValueId | undefined {
  if (own.length === 0) return undefined;
  return addUp(
    context,
    own.map(({ value }) => value),
  );
}

/** S_i = F_i(x) − F̄_i − g_iᵀ(x_i − x̄_i) − Σ_{k downstream} g_kᵀ(x_k − μ_k(pa_k)), at one draw; without its quadratic part at order 2. */
function emitResidual(
  context: ExpansionContext,
  { pass, expandedCost, gradient, own, slopes, scales, hasSharedSlopes }: Expansion,
  branch: Branch | undefined,
): Signal {
  const { builder, site, term, sums } = context;
  const drawn = branch?.pass ?? context.base;
  let value = builder.subtract(sumOfCosts(context, drawn), expandedCost);
  const below =
    hasSharedSlopes && branch === undefined && term.form['residual'] === 'recursive' ? sums.below(term) : undefined;
  for (const slope of below === undefined ? slopes() : own) {
    const isFree = slope.site === site.id && site.order === undefined;
    const reference = isFree ? pass.latent(site.id) : drawn.valueOf(siteMean(context, slope.site));
    const step = builder.subtract(drawn.latent(slope.site), reference);
    const linear = builder.sumEvent(builder.multiply(slope.value, step));
    value = builder.subtract(value, regroup(builder, linear, slope.level, site.elements));
  }
  if (below?.value !== undefined) value = builder.subtract(value, below.value);
  const hessian = term.form['order'] === '2' ? emitHessianProduct(context, pass, gradient, drawn) : undefined;
  if (hessian === undefined) return { branch, value };
  const curvature = emitQuadraticResidual(context, hessian, scales?.quadratic);
  return { branch, value: builder.subtract(value, curvature.common), curvature };
}

const MEAN: LatentRule = { kind: 'mean' };
const BASE: LatentRule = { kind: 'base' };

/** Rollout: all that is not downstream at its sampled value, the site and its descendants at their means given that. */
function expansionPass({ builder, graph, term, site, base, trunk }: ExpansionContext): Pass {
  if (term.form['expansion'] === 'trunk') return trunk();
  const relaxed = [site.id, ...term.downstream];
  const isRelaxed = new Set(relaxed);
  const ruleOf = ({ id }: GraphSite): LatentRule => (isRelaxed.has(id) ? MEAN : BASE);
  return emitPass(builder, graph, `rollout(${site.id})`, ruleOf, base, relaxed);
}

/** The level of all costs, where their slopes are those of the trunk, which are there already. */
function trunkLevel(context: ExpansionContext): number | undefined {
  const { graph, site, term } = context;
  if (term.form['expansion'] !== 'trunk') return undefined;
  if (!graph.reach.has(site.id)) return 1;
  const [group, ...others] = groupCosts(context);
  return others.length === 0 ? group?.level : undefined;
}

function trunkSlopesOf({ sums }: ExpansionContext, level: number, sites: readonly string[]): readonly Slope[] {
  const all = sums.slopes(level);
  const slopes: Slope[] = [];
  for (const site of sites) {
    const slope = all.get(site);
    if (slope !== undefined) slopes.push(slope);
  }
  return slopes;
}

/** g⁽ⁱ⁾_k, total derivatives of the costs of one level in F̄_i; a site that they do not depend on differentiably has none. */
function emitSlopes(
  context: ExpansionContext,
  pass: Pass,
  { level, costs }: CostGroup,
  sites: readonly string[],
): readonly Slope[] {
  const { builder } = context;
  const variables = sites.map((id) => pass.lever(id));
  const seeds = costs.map((cost) => {
    const value = pass.valueOf(cost.value);
    return { value, adjoint: builder.fill(1, builder.shapeOf(value)) };
  });
  const derivatives = differentiate(builder, seeds, variables);
  return sites.flatMap((site, index) => {
    const value = derivatives[index];
    return value === undefined ? [] : [{ site, value, level }];
  });
}

function siteMean({ graph }: ExpansionContext, id: string): ValueId {
  return findSite(graph, id).mean;
}
