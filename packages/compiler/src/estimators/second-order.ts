/**
 * What the first-order expansion leaves in the signal is mostly quadratic in the site's own draw. With
 * δ = x_i − μ_i(pa_i), H the Hessian of F̄_i by x̄_i, v = Hδ, q_n = δ_nᵀ v_n for each independent unit n of the
 * site and q = Σ_n q_n, the unit n can be given a signal of its own,
 *
 *     S_{i,n} = S_i − ½ (q − q_n)
 *
 * without any analytic term: ½(q − q_n) holds δ_m v_m and δ_m H_{mn} δ_n, m ≠ n, whose mean against the score of unit
 * n is zero, as the other units are independent of it with mean zero. For a Bernoulli all of ½q can be
 * subtracted, since E[δ³] = (1 − 2μ) E[δ²] says what is put back: ½ (1 − 2μ_n) δ_n v_n by the logit.
 */
import type { ProgramBuilder, ValueId } from '@sbn/program';
import { differentiate } from '../differentiate.js';
import { DISTRIBUTIONS } from '../distributions/index.js';
import type { Pass } from '../pass.js';
import type { GraphSite } from '../stochastic-graph.js';
import type { Curvature, ExpansionContext } from './estimator.js';
import { scaled } from './learned-scale.js';

/** v = Hδ as the derivative of δᵀg by x̄_i, `undefined` where the slope is the same everywhere. */
export function emitCurvature(
  { builder, base, site }: ExpansionContext,
  pass: Pass,
  slope: ValueId,
): Curvature | undefined {
  const step = builder.subtract(base.latent(site.id), base.valueOf(site.mean));
  const [product] = differentiate(builder, [{ value: slope, adjoint: step }], [pass.latent(site.id)]);
  return product === undefined ? undefined : { step, product };
}

/** δ_nᵀ v_n of each unit, in the shape of the units. */
function emitUnits(builder: ProgramBuilder, site: GraphSite, { step, product }: Curvature): ValueId {
  const elements = builder.multiply(step, product);
  const { eventAxes } = DISTRIBUTIONS[site.distribution];
  return eventAxes === 0 ? elements : builder.sum(elements, [builder.shapeOf(elements).length - 1]);
}

export interface QuadraticResidual {
  /** What is subtracted from the signal of every unit, `[B]`: ½q. */
  readonly common: ValueId;
  /** What each unit's signal gets back, `[B, …]`: ½q_n; `undefined` where `correction` stands for it. */
  readonly own: ValueId | undefined;
  /** Per row, `[B]`: its derivative by the parameters puts a Bernoulli's own term back. */
  readonly correction: ValueId | undefined;
}

/** `scale` is a factor on all of it, `[]`. */
export function emitQuadraticResidual(
  context: ExpansionContext,
  curvature: Curvature,
  scale: ValueId | undefined,
): QuadraticResidual {
  const { builder, site, base } = context;
  const half = scaled(builder, scale, builder.constant(0.5));
  const own = builder.multiply(half, emitUnits(builder, site, curvature));
  const common = builder.sumEvent(own);
  const logits = site.distribution === 'bernoulli' ? site.parameters['logits'] : undefined;
  if (logits === undefined) return { common, own, correction: undefined };
  // 1 − 2μ
  const skew = builder.subtract(builder.constant(1), builder.multiply(builder.constant(2), base.valueOf(site.mean)));
  const held = builder.emit('stop_gradient', [builder.multiply(skew, own)], {});
  const correction = builder.sumEvent(builder.multiply(held, base.valueOf(logits)));
  return { common, own: undefined, correction };
}
