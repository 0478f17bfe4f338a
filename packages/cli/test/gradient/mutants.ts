/** MuProp gone wrong, one mistake each: what both the enumeration and the judge must catch. */
import {
  differentiate,
  emitPass,
  ESTIMATORS,
  NO_EXPANSION,
  sumOfCosts,
  weightScore,
  type HessianProduct,
  type Estimator,
  type EstimatorTable,
  type ExpansionContext,
  type Pass,
  type SiteExpansion,
} from '@sbn/compiler';
import type { ValueId } from '@sbn/program';

interface Mutation {
  /** The mean that the analytic term differentiates. */
  readonly mean?: (context: ExpansionContext) => ValueId;
  /** What the slope of the analytic term becomes. */
  readonly slope?: (context: ExpansionContext, slope: ValueId) => ValueId;
  /** Whether the coefficients keep their gradient. */
  readonly unstopped?: boolean;
  /** A baseline other than none. */
  readonly baseline?: (context: ExpansionContext, signal: ValueId) => ValueId;
  /** The value in the expansion of the site: its own draw in place of its mean. */
  readonly expandAtDraw?: boolean;
  /** Leaves the analytic term out. */
  readonly withoutAnalytic?: boolean;
  /** A second-order term ½ δᵀHδ that is subtracted whole: along which step, and at which curvature. */
  readonly secondOrder?: 'along another step' | 'at the draw';
}

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  mean_field_parents: { mean: ({ trunk, site }) => trunk().valueOf(site.mean) },
  slope_of_another_scale: {
    slope: ({ builder }, slope) => builder.multiply(slope, builder.constant(0.5)),
  },
  unstopped_signal: { unstopped: true },
  batch_centring: { baseline: ({ builder }, signal) => builder.meanRows(signal) },
  own_draw_in_expansion: { expandAtDraw: true },
  analytic_term_missing: { withoutAnalytic: true },
  curvature_along_another_step: { secondOrder: 'along another step' },
  curvature_at_the_draw: { secondOrder: 'at the draw' },
};

export const MUTANTS: readonly string[] = Object.keys(MUTATIONS);

export const ESTIMATORS_WITH_MUTANTS: EstimatorTable = new Map([
  ...ESTIMATORS,
  ...Object.entries(MUTATIONS).map(([name, mutation]) => [name, mutant(name, mutation)] as const),
]);

function mutant(name: string, mutation: Mutation): Estimator {
  return {
    name,
    relaxes: true,
    plan: ({ site, localCosts, downstream }) => ({
      value: { site: site.id, estimator: name, form: {}, costs: localCosts, downstream },
      diagnostics: [],
    }),
    describe: () => name,
    expand: (context) => expandMutant(context, mutation),
  };
}

/** Hδ along the value itself in place of its distance from the mean, or with an H that the draw has a part in. */
function emitWrongCurvature(
  { builder, base, site }: ExpansionContext,
  mistake: 'along another step' | 'at the draw',
  pass: Pass,
  slope: ValueId,
): HessianProduct | undefined {
  const draw = base.latent(site.id);
  const right = builder.subtract(draw, base.valueOf(site.mean));
  const step = mistake === 'along another step' ? draw : right;
  const [product] = differentiate(builder, [{ value: slope, adjoint: step }], [pass.latent(site.id)]);
  if (product === undefined) return undefined;
  return { step, product: mistake === 'at the draw' ? builder.multiply(product, draw) : product };
}

/** ½ δᵀHδ per row: without what would put its mean back. */
function halfProduct({ builder }: ExpansionContext, { step, product }: HessianProduct): ValueId {
  return builder.multiply(builder.constant(0.5), builder.sumEvent(builder.multiply(step, product)));
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
  const ones = builder.add(builder.multiply(expandedCost, builder.constant(0)), builder.constant(1));
  const [slope] = differentiate(builder, [{ value: expandedCost, adjoint: ones }], [pass.latent(site.id)]);
  if (slope === undefined) throw new Error('a tiny model whose cost has no slope');
  const step = builder.subtract(base.latent(site.id), base.valueOf(site.mean));
  const linear = builder.sumEvent(builder.multiply(slope, step));
  const firstOrder = builder.subtract(builder.subtract(sumOfCosts(context, base), expandedCost), linear);
  const { secondOrder } = mutation;
  const curvature = secondOrder === undefined ? undefined : emitWrongCurvature(context, secondOrder, pass, slope);
  const common = curvature && halfProduct(context, curvature);
  const signal = common === undefined ? firstOrder : builder.subtract(firstOrder, common);
  const baseline = mutation.baseline?.(context, signal);
  const { held, weighted } = weightScore(context, signal, { baseline, scale: undefined });

  const used = mutation.slope?.(context, slope) ?? slope;
  const stopped = builder.emit('stop_gradient', [used], {});
  const mean = mutation.mean?.(context) ?? base.valueOf(site.mean);
  const analyticTerm = builder.sumEvent(builder.multiply(stopped, mean));
  const score = mutation.unstopped === true ? builder.multiply(signal, base.valueOf(site.logProbability)) : weighted;
  const surrogate = mutation.withoutAnalytic === true ? score : builder.add(score, analyticTerm);
  return {
    ...NO_EXPANSION,
    site: site.id,
    scores: [
      {
        branch: undefined,
        signal,
        baseline,
        curvature:
          curvature === undefined || common === undefined
            ? undefined
            : { ...curvature, common, own: undefined, correction: undefined, scale: undefined },
        held,
      },
    ],
    expandedCost,
    slopes: [{ site: site.id, value: slope }],
    analytic: mutation.withoutAnalytic === true ? undefined : { slope: used, held: stopped, mean },
    statistic: held,
    surrogate,
  };
}
