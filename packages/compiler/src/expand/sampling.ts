/** The programs that need no gradient: evaluation, the prior's and the posterior's samples. */
import { BATCH, ProgramBuilder, type Program } from '@sbn/program';
import { emitPass } from '../pass.js';
import { latentSites, type StochasticGraph } from '../stochastic-graph.js';
import type { TypedObjective } from '../typed-model.js';
import { addAll } from './gradient.js';

/** Per row, one draw of the latents: log weight `−Σ f_c` under a bound, the cost otherwise (with its sign as written). */
export function expandEvaluation(graph: StochasticGraph, objective: TypedObjective): Program {
  const builder = new ProgramBuilder('evaluate');
  const pass = emitPass(builder, graph, '', () => ({ kind: 'sampled' }));
  const cost = addAll(
    builder,
    graph.costs.map(({ value }) => pass.valueOf(value)),
  );
  if (objective.kind === 'bound') builder.output('log_weight', 'total', builder.negate(cost));
  else builder.output('cost', 'total', objective.direction === 'minimize' ? cost : builder.negate(cost));
  return builder.finish();
}

/** Draws every site of the prior's graph, or every latent one of the posterior's, and gives its mean at the drawn parents. */
export function expandSampling(name: 'sample' | 'posterior', graph: StochasticGraph): Program {
  const builder = new ProgramBuilder(name);
  const pass = emitPass(builder, graph, '', () => ({ kind: 'sampled' }));
  for (const site of name === 'sample' ? graph.sites : latentSites(graph)) {
    builder.output('sample', site.id, pass.latent(site.id));
    builder.output('mean', site.id, builder.broadcast(pass.valueOf(site.mean), [BATCH, ...site.typed.type.shape]));
  }
  return builder.finish();
}
