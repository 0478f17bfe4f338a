/**
 * What the first-order expansion leaves in the signal is mostly quadratic in the site's own draw. With
 * δ = x_i − μ_i(pa_i), H the Hessian of F̄_i by x̄_i, v = Hδ, q_n = δ_nᵀ v_n for each independent unit n of the
 * site and q = Σ_n q_n, unit n can be given a signal of its own,
 *
 *     S_{i,n} = S_i − ½ (q − q_n)
 *
 * without any analytic term: ½(q − q_n) holds δ_m v_m and δ_m H_{mn} δ_n, m ≠ n, whose mean against the score of unit
 * n is zero, as the other units are independent of it with mean zero. Where a unit has a natural parameter η, and so the
 * score δ by it, all of ½q can be subtracted: its mean against the score is ½ H_{nn} E[δ_n³], and what is put back into the
 * gradient by η is ½ (E[δ³]/E[δ²]) δ_n v_n, of the same mean, as E[δ_n v_n] = H_{nn} E[δ_n²]. The ratio is 1 − 2μ for a
 * Bernoulli, 1 for a Poisson, 1 − 2p for a binomial, 1 + 2μ for a geometric distribution.
 */
import type { ProgramBuilder, ValueId } from '@sbn/program';
import { differentiate } from '../differentiate.js';
import { DISTRIBUTIONS } from '../distributions/index.js';
import { regroup } from '../elements.js';
import type { Pass } from '../pass.js';
import type { GraphSite } from '../stochastic-graph.js';
import type { Curvature, ExpansionContext, HessianProduct, Slope } from './estimator.js';
import { scaled } from './learned-scale.js';
import { addUp } from './score.js';

/** v = Hδ as the derivative of δᵀg by x̄_i, for the draw of `drawn`; `undefined` where the slopes are the same everywhere. */
export function emitHessianProduct(
  { builder, base, site }: ExpansionContext,
  pass: Pass,
  gradient: readonly Slope[],
  drawn: Pass,
): HessianProduct | undefined {
  if (gradient.length === 0) return undefined;
  const step = builder.subtract(drawn.latent(site.id), base.valueOf(site.mean));
  const products = gradient.flatMap(({ value: slope, level }) => {
    const [value] = differentiate(builder, [{ value: slope, adjoint: step }], [pass.latent(site.id)]);
    return value === undefined ? [] : [{ level, value }];
  });
  return products.length === 0 ? undefined : { step, products };
}

/** ½ δ_nᵀ v_n of each unit, times the scale, in the shape of the units. */
function emitUnits(
  builder: ProgramBuilder,
  site: GraphSite,
  step: ValueId,
  product: ValueId,
  scale: ValueId | undefined,
): ValueId {
  const half = scaled(builder, scale, builder.constant(0.5));
  const elements = builder.multiply(step, product);
  const { eventAxes } = DISTRIBUTIONS[site.distribution];
  const units = eventAxes === 0 ? elements : builder.sum(elements, [builder.shapeOf(elements).length - 1]);
  return builder.multiply(half, units);
}

/** `scale` is a factor on all of it, `[]`. */
export function emitQuadraticResidual(
  context: ExpansionContext,
  hessian: HessianProduct,
  scale: ValueId | undefined,
): Curvature {
  const { builder, site, base } = context;
  const { step, products } = hessian;
  const parts = products.map(({ level, value }) => ({ level, units: emitUnits(builder, site, step, value, scale) }));
  const own = addUp(
    context,
    parts.map(({ units }) => units),
  );
  // Every unit of the block that an element is in counts for it.
  const common = addUp(
    context,
    parts.map(({ level, units }) => regroup(builder, builder.sumEvent(units), level, site.elements)),
  );
  const parameters = Object.fromEntries(
    Object.entries(site.parameters).map(([name, value]) => [name, base.valueOf(value)]),
  );
  const natural = DISTRIBUTIONS[site.distribution].natural(builder, parameters);
  if (natural === undefined) return { ...hessian, common, own, correction: undefined, scale };
  const held = builder.emit('stop_gradient', [builder.multiply(natural.skew, own)], {});
  const correction = builder.sumEvent(builder.multiply(held, natural.parameter));
  return { ...hessian, common, own: undefined, correction, scale };
}
