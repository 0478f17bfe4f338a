/** The stochastic graph as text: sites, costs, and the program of all that is deterministic. */
import { formatShape, printProgram, type ValueId } from '@sbn/program';
import type { CostTerm, GraphSite, JointPosterior, StochasticGraph } from './stochastic-graph.js';

/** Deterministic, one site or cost a line; `%n` are values of the program below. */
export function printGraph(graph: StochasticGraph): string {
  const lines = [...graph.sites.map(printSite), ...graph.posteriors.map(printPosterior), ...graph.costs.map(printCost)];
  return `${lines.join('\n')}\n${printProgram(graph.forward)}`;
}

function printSite({ id, role, distribution, parameters, parents, typed, ...values }: GraphSite): string {
  const given = Object.entries(parameters).map(([name, value]) => `${name} = ${ref(value)}`);
  const shape = formatShape(typed.type.shape);
  const from = parents.length === 0 ? '' : ` from ${parents.join(', ')}`;
  const parts = `value ${ref(values.value)}, mean ${ref(values.mean)}, log p ${ref(values.logProbability)}`;
  return `${role} ${id}${shape} ~ ${distribution}(${given.join(', ')})${from}: ${parts}`;
}

function printPosterior({ sites, logWeights }: JointPosterior): string {
  return `summed out ${sites.map(({ id }) => id).join(', ')}: log weights ${ref(logWeights)}`;
}

function printCost({ name, value, isScore, dependsOn }: CostTerm): string {
  const on = dependsOn.length === 0 ? 'no latent' : dependsOn.join(', ');
  return `cost ${name} = ${ref(value)} of ${on}${isScore ? ' (score: no explicit gradient)' : ''}`;
}

const ref = (value: ValueId): string => `%${String(value)}`;
