import { BATCH, type ValueId } from '@sbn/program';
import { differentiate } from '../differentiate.js';
import { emitPass } from '../pass.js';
import type { ExpansionContext } from './estimator.js';
import { totalCost } from './score.js';

/** ∂F_i/∂x_i at the sampled values, straight through the draws downstream; `undefined` where there is none. */
export function emitStraightSlope(context: ExpansionContext): ValueId | undefined {
  const { builder, graph, site, base, term } = context;
  const below = new Set([site.id, ...term.downstream]);
  const origin = `straight(${site.id})`;
  const pass = emitPass(builder, graph, origin, ({ id }) => ({ kind: below.has(id) ? 'straight' : 'base' }), base);
  const seed = { value: totalCost(context, pass), adjoint: builder.fill(1, [BATCH]) };
  return differentiate(builder, [seed], [pass.latent(site.id)])[0];
}
