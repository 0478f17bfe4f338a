/**
 * The exact objective over given configurations: with one row per configuration of the latents (and
 * per data row), Σ_rows weight · p(latents) · f, and its derivative by the compiler's own
 * differentiation, with no estimator in it. What every estimator's expectation is compared with.
 */
import { BATCH, ProgramBuilder } from '@sbn/program';
import { differentiate } from '../differentiate.js';
import { emitPass } from '../pass.js';
import { latentSites, type StochasticGraph } from '../stochastic-graph.js';
import type { TypedParameter } from '../typed-model.js';
import { sumToRows } from '../elements.js';
import { addAll, sumCosts } from './gradient.js';

export function expandEnumeration(graph: StochasticGraph, parameters: readonly TypedParameter[]): ProgramBuilder {
  const builder = new ProgramBuilder('enumeration');
  const inputs = parameters.map(({ name, shape }) => builder.input('parameter', name, shape));
  const pass = emitPass(builder, graph, '', () => ({ kind: 'given' }));
  const cost = sumCosts(builder, graph, pass);
  const scores = latentSites(graph).map((site) => sumToRows(builder, pass.valueOf(site.logProbability)));
  const logProbability = scores.length === 0 ? builder.fill(0, [BATCH]) : addAll(builder, scores);
  const weight = builder.input('weight', 'rows', [BATCH]);
  const share = builder.multiply(weight, builder.emit('exp', [logProbability], {}));
  const objective = builder.sum(builder.multiply(share, cost), [0]);
  builder.output('loss', 'total', objective);
  if (inputs.length > 0) {
    const derivatives = differentiate(builder, [{ value: objective, adjoint: builder.constant(1) }], inputs);
    parameters.forEach(({ name, shape }, index) => {
      builder.output('gradient', name, derivatives[index] ?? builder.fill(0, shape));
    });
  }
  return builder;
}
