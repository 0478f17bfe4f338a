/** The programs that need no gradient: evaluation, and draws of a graph's sites. */
import { BATCH, ProgramBuilder, type ValueId } from '@sbn/program';
import type { Marginalization } from '../marginalize/index.js';
import { emitPass, type Pass } from '../pass.js';
import type { GraphSite, StochasticGraph } from '../stochastic-graph.js';
import type { TypedObjective } from '../typed-model.js';
import { sumCosts } from './gradient.js';

/**
 * Per row, the draws of the latents that the objective has: log weight `−Σ f_c` under a bound, which is the log of the draws' mean weight
 * where there are several; the cost otherwise (with its sign as written). Where sites are summed out of a bound that is not the log
 * weight's mean, its term is an output of its own, `bound`.
 */
export function expandEvaluation({ graph, weights }: Marginalization, objective: TypedObjective): ProgramBuilder {
  const builder = new ProgramBuilder('evaluate');
  const cost = emitCost(builder, graph);
  if (objective.kind === 'cost') {
    builder.output('cost', 'total', objective.direction === 'minimize' ? cost : builder.negate(cost));
    return builder;
  }
  const hasOwnWeights = weights !== undefined && weights !== graph;
  builder.output('log_weight', 'total', builder.negate(hasOwnWeights ? emitCost(builder, weights) : cost));
  if (hasOwnWeights) builder.output('log_weight', 'bound', builder.negate(cost));
  return builder;
}

/** Σ_c f_c in a sampled pass, `[B]`. */
function emitCost(builder: ProgramBuilder, graph: StochasticGraph): ValueId {
  const pass = emitPass(builder, graph, '', () => ({ kind: 'sampled' }));
  return sumCosts(builder, graph, pass);
}

/** Draws every site of the graph, and gives its mean at the drawn parents. */
export function expandSampling(name: string, graph: StochasticGraph, sites = graph.sites): ProgramBuilder {
  const builder = new ProgramBuilder(name);
  const pass = emitPass(builder, graph, '', () => ({ kind: 'sampled' }));
  for (const site of sites) emitDraw(builder, pass, site);
  return builder;
}

export function emitDraw(builder: ProgramBuilder, pass: Pass, site: GraphSite): void {
  builder.output('sample', site.id, builder.reshape(pass.latent(site.id), [BATCH, ...site.shape]));
  emitMean(builder, pass, site);
}

export function emitMean(builder: ProgramBuilder, pass: Pass, site: GraphSite): void {
  builder.output('mean', site.id, builder.reshape(pass.valueOf(site.mean), [BATCH, ...site.shape]));
}
