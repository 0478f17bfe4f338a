/**
 * The program behind `sbn profile`: for one draw of the latents per row, what each site's estimator makes of it, row by
 * row. It has the expansions of the gradient program, differentiated by the parameters of the sites' distributions (the
 * logits of a Bernoulli) at the sampled parents and not by those of the model: there the estimators differ, and
 * how the model makes logits out of its parameters does not enter.
 *
 * Requires a graph that is lowered with parameters of their own for each row.
 */
import { at, BATCH, ProgramBuilder, type ValueId } from '@sbn/program';
import { differentiate } from '../differentiate.js';
import type { EstimatorTable } from '../estimators/index.js';
import type { GradientPlan } from '../gradient-plan.js';
import { emitPass, type Pass } from '../pass.js';
import { costsReached, type CostTerm, type StochasticGraph } from '../stochastic-graph.js';
import { elementsOf, sumToRows } from '../elements.js';
import { addAll, expandSites } from './gradient.js';

export function expandProfile(graph: StochasticGraph, plan: GradientPlan, estimators: EstimatorTable): ProgramBuilder {
  const builder = new ProgramBuilder('profile');
  const base = emitPass(builder, graph, '', () => ({ kind: 'sampled' }));
  const { contexts, expansions, sums } = expandSites(builder, graph, plan, estimators, base, 'step');
  contexts.forEach(({ site, term }, index) => {
    const parameters = Object.values(site.parameters).map(base.valueOf);
    const reachedCosts = (): readonly CostTerm[] => costsReached(graph, [site.id, ...term.downstream]);
    builder.within(site.id, () => {
      const derivative = (values: ValueId): ValueId => emitRowDerivatives(builder, values, parameters);
      builder.output('site_gradient', site.id, derivative(at(expansions, index).surrogate));
      builder.output('site_score', site.id, derivative(base.valueOf(site.logProbability)));
      builder.output('site_cost', site.id, sums.reached(term, base) ?? sumInPass(builder, base, reachedCosts()));
    });
  });
  return builder;
}

function sumInPass(builder: ProgramBuilder, pass: Pass, costs: readonly CostTerm[]): ValueId {
  return addAll(
    builder,
    costs.map(({ value }) => sumToRows(builder, pass.valueOf(value))),
  );
}

/**
 * The derivative of `values`, `[m·B]`, by values that differ between rows, side by side: `[B, n]`. That of the sum over rows is
 * each row's own, as no row of a value enters another row.
 */
function emitRowDerivatives(builder: ProgramBuilder, values: ValueId, variables: readonly ValueId[]): ValueId {
  const derivatives = differentiate(
    builder,
    [{ value: values, adjoint: builder.fill(1, builder.shapeOf(values)) }],
    variables,
  );
  const flat = variables.map((variable, index) => {
    const shape = builder.shapeOf(variable);
    const elements = elementsOf(builder, variable);
    const width = shape.slice(1).reduce<number>((size, dim) => size * (typeof dim === 'number' ? dim : NaN), elements);
    return builder.reshape(derivatives[index] ?? builder.fill(0, shape), [BATCH, width]);
  });
  return flat.length === 1 ? at(flat, 0) : builder.emit('concat', flat, { axis: 1 });
}
