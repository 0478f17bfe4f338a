/** MuProp gone wrong, one mistake each. */
import {
  differentiate,
  emitHessianProduct,
  emitPass,
  emitQuadraticResidual,
  NO_EXPANSION,
  sumOfCosts,
  type Curvature,
  type Estimator,
  type ExpansionContext,
  type Pass,
  type SiteExpansion,
  type Slope,
} from '@sbn/compiler';
import { BATCH, type ValueId } from '@sbn/program';
import { mutant } from './mutant.js';

interface Mutation {
  /** The mean that the analytic term differentiates. */
  readonly mean?: (context: ExpansionContext) => ValueId;
  /** What the slope of the analytic term becomes. */
  readonly slope?: (context: ExpansionContext, slope: ValueId) => ValueId;
  /** What the signal subtracts from the draw: its mean at the sampled parents. */
  readonly reference?: (context: ExpansionContext, pass: Pass) => ValueId;
  /** What the slope in the signal becomes. */
  readonly slopeInSignal?: (context: ExpansionContext, slope: ValueId) => ValueId;
  /** What keeps its gradient. */
  readonly unstopped?: 'signal' | 'slope';
  /** A baseline other than none. */
  readonly baseline?: (context: ExpansionContext, signal: ValueId) => ValueId | undefined;
  /** What the score's factor becomes, with its gradient stopped after that. */
  readonly factor?: (context: ExpansionContext, factor: ValueId) => ValueId;
  /** The costs in the signal. */
  readonly costs?: (context: ExpansionContext, local: readonly string[]) => readonly string[];
  /** How often the first of the costs counts in the signal, beside once. */
  readonly firstCostAgain?: number;
  /** The value in the expansion of the site: its own draw in place of its mean. */
  readonly expandAtDraw?: boolean;
  /** What the analytic term is multiplied by; 0 leaves it out. */
  readonly analytic?: number;
  /** A second-order term. */
  readonly curvature?: (context: ExpansionContext, pass: Pass, slope: ValueId) => Curvature | undefined;
  /** How often the second-order term is subtracted: once. */
  readonly subtracted?: number;
  /** Added to what is differentiated. */
  readonly surplus?: (context: ExpansionContext) => ValueId;
  /** Passes that the explicit gradient of the costs is averaged over, beside the sampled one. */
  readonly passes?: (context: ExpansionContext) => readonly Pass[];
}

/** What is right, with and without a second-order term: nothing may be said of these. */
const RIGHT = {
  right_first_order: {},
  /** Right where the units of a site are independent. */
  reference_at_the_expansion: { reference: ({ site }, pass) => pass.latent(site.id) },
  right_second_order: { curvature: rightCurvature },
} as const satisfies Readonly<Record<string, Mutation>>;

const WRONG = {
  mean_field_parents: { mean: ({ trunk, site }) => trunk().valueOf(site.mean) },
  slope_of_another_scale: { slope: times(0.5) },
  slope_in_the_signal_of_another_scale: { slopeInSignal: times(0.5) },
  slope_at_the_mean_field: { slope: ({ trunkSlopes, site }, slope) => trunkSlopes().get(site.id) ?? slope },
  unstopped_signal: { unstopped: 'signal' },
  unstopped_slope: { unstopped: 'slope' },
  residual_alone_normalised: { factor: times(0.5) },
  batch_centring: { baseline: ({ builder }, signal) => builder.meanRows(signal) },
  baseline_of_the_draw: { baseline: (context) => emitSum(context, context.site.id) },
  baseline_of_a_descendant: { baseline: (context) => emitSum(context, context.term.downstream[0]) },
  own_draw_in_expansion: { expandAtDraw: true },
  analytic_term_missing: { analytic: 0 },
  analytic_term_of_the_wrong_sign: { analytic: -1 },
  analytic_term_twice: { analytic: 2 },
  cost_left_out: { costs: (_, local) => local.slice(0, -1) },
  cost_counted_twice: { firstCostAgain: 1 },
  curvature_along_another_step: {
    curvature: (context, pass, slope) => {
      const { base, site, builder } = context;
      const step = base.latent(site.id);
      const [product] = differentiate(builder, [{ value: slope, adjoint: step }], [pass.latent(site.id)]);
      return product === undefined
        ? undefined
        : emitQuadraticResidual(context, { step, products: [{ level: 1, value: product }] }, undefined);
    },
  },
  curvature_at_the_draw: {
    curvature: (context, pass, slope) => {
      const { base, site, builder } = context;
      const hessian = emitHessianProduct(context, pass, [ownSlope(context, slope)], base);
      if (hessian === undefined) return undefined;
      const products = hessian.products.map(({ level, value }) => ({
        level,
        value: builder.multiply(value, base.latent(site.id)),
      }));
      return emitQuadraticResidual(context, { ...hessian, products }, undefined);
    },
  },
  curvature_without_its_correction: {
    curvature: (...given) => {
      const right = rightCurvature(...given);
      return right && { ...right, correction: undefined };
    },
  },
  correction_without_the_skew: {
    curvature: (context, pass, slope) => {
      const right = rightCurvature(context, pass, slope);
      const { builder, base, site } = context;
      const logits = site.parameters['logits'];
      if (right?.correction === undefined || logits === undefined) throw new Error('for a Bernoulli with logits');
      const [product] = right.products;
      if (product === undefined) throw new Error('outside of plates there is one level');
      const own = builder.multiply(builder.constant(0.5), builder.multiply(right.step, product.value));
      const held = builder.emit('stop_gradient', [own], {});
      return { ...right, correction: builder.sumEvent(builder.multiply(held, base.valueOf(logits))) };
    },
  },
  second_order_subtracted_twice: { curvature: rightCurvature, subtracted: 2 },
  second_order_put_back_alone: { curvature: rightCurvature, subtracted: 0 },
  surplus_of_the_mean: { surplus: ({ builder, base, site }) => builder.sumEvent(base.valueOf(site.mean)) },
  explicit_gradient_at_the_mean_field: { passes: ({ trunk }) => [trunk()] },
} as const satisfies Readonly<Record<string, Mutation>>;

/** Costs that the site cannot influence: of mean zero against its score, noise alone. */
const NOISY = {
  costs_of_others: { costs: ({ graph }) => graph.costs.map(({ name }) => name) },
} as const satisfies Readonly<Record<string, Mutation>>;

const estimatorsOf = (mutations: Readonly<Record<string, Mutation>>): readonly Estimator[] =>
  Object.entries(mutations).map(([name, mutation]) => mutant(name, (context) => expandMutant(context, mutation)));

export const RIGHT_MUPROP = estimatorsOf(RIGHT);
export const WRONG_MUPROP = estimatorsOf(WRONG);
export const NOISY_MUPROP = estimatorsOf(NOISY);

function times(factor: number): (context: ExpansionContext, value: ValueId) => ValueId {
  return ({ builder }, value) => builder.multiply(value, builder.constant(factor));
}

function emitSum({ builder, base }: ExpansionContext, site: string | undefined): ValueId | undefined {
  return site === undefined ? undefined : builder.sumEvent(base.latent(site));
}

/** Outside of plates all costs are at one level. */
function ownSlope({ site }: ExpansionContext, value: ValueId): Slope {
  return { site: site.id, value, level: 1 };
}

function rightCurvature(context: ExpansionContext, pass: Pass, slope: ValueId): Curvature | undefined {
  const hessian = emitHessianProduct(context, pass, [ownSlope(context, slope)], context.base);
  return hessian && emitQuadraticResidual(context, hessian, undefined);
}

/** Rollout with the plain residual, but for the mutation. */
function expandMutant(context: ExpansionContext, mutation: Mutation): SiteExpansion {
  const { builder, graph, site, base, term } = context;
  const relaxed = new Set(term.downstream);
  const own = mutation.expandAtDraw === true ? 'base' : 'mean';
  const pass = emitPass(
    builder,
    graph,
    'mutant',
    ({ id }) => ({ kind: id === site.id ? own : relaxed.has(id) ? 'mean' : 'base' }),
    base,
  );
  const expandedCost = sumOfCosts(context, pass);
  const [slope] = differentiate(
    builder,
    [{ value: expandedCost, adjoint: builder.fill(1, [BATCH]) }],
    [pass.latent(site.id)],
  );
  if (slope === undefined) throw new Error('a tiny model whose cost has no slope');
  const costs = mutation.costs?.(context, term.costs) ?? term.costs;
  const drawnCost = sumOfCosts({ ...context, term: { ...term, costs } }, base);
  const reference = mutation.reference?.(context, pass) ?? base.valueOf(site.mean);
  const step = builder.subtract(base.latent(site.id), reference);
  const inSignal = mutation.slopeInSignal?.(context, slope) ?? slope;
  const linear = builder.sumEvent(builder.multiply(inSignal, step));
  let signal = builder.subtract(builder.subtract(drawnCost, expandedCost), linear);
  for (let again = 0; again < (mutation.firstCostAgain ?? 0); again += 1) {
    signal = builder.add(signal, sumOfCosts({ ...context, term: { ...term, costs: costs.slice(0, 1) } }, base));
  }
  const curvature = mutation.curvature?.(context, pass, slope);
  for (let count = 0; curvature !== undefined && count < (mutation.subtracted ?? 1); count += 1) {
    signal = builder.subtract(signal, curvature.common);
  }
  const baseline = mutation.baseline?.(context, signal);
  const centred = baseline === undefined ? signal : builder.subtract(signal, baseline);
  const factor = mutation.factor?.(context, centred) ?? centred;
  const held = builder.emit('stop_gradient', [factor], {});
  const used = mutation.slope?.(context, slope) ?? slope;
  const heldSlope = builder.emit('stop_gradient', [used], {});
  const mean = mutation.mean?.(context) ?? base.valueOf(site.mean);
  const { analytic = 1, unstopped } = mutation;
  const analyticTerm = builder.sumEvent(builder.multiply(unstopped === 'slope' ? used : heldSlope, mean));
  const parts = [
    builder.multiply(unstopped === 'signal' ? factor : held, base.valueOf(site.logProbability)),
    ...(analytic === 0 ? [] : [analytic === 1 ? analyticTerm : times(analytic)(context, analyticTerm)]),
    ...(curvature?.correction === undefined ? [] : [curvature.correction]),
    ...(mutation.surplus === undefined ? [] : [mutation.surplus(context)]),
  ];
  return {
    ...NO_EXPANSION,
    site: site.id,
    scores: [{ branch: undefined, signal, baseline, curvature, held }],
    expandedCost,
    slopes: [ownSlope(context, inSignal)],
    analytic: analytic === 0 ? undefined : { slope: used, held: heldSlope, mean },
    passes: mutation.passes?.(context) ?? [],
    statistic: held,
    surrogate: parts.reduce((sum, part) => builder.add(sum, part)),
  };
}
