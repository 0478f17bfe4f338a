/** Turns what was built into a graph: values are numbered anew, and who depends on whom is read off the program. */
import type { ProgramBuilder, ValueId } from '@sbn/program';
import { findReach } from '../element-reach.js';
import { orderUnits } from '../order/order-units.js';
import { dependenceOnLatents } from '../reachability.js';
import type { CostTerm, GraphSite, JointPosterior, StochasticGraph } from '../stochastic-graph.js';

export type BuiltSite = Omit<GraphSite, 'parents' | 'order'>;

export type BuiltCost = Omit<CostTerm, 'dependsOn'>;

/** Sites and costs, with values of the builder. */
export interface BuiltGraph {
  readonly sites: readonly BuiltSite[];
  readonly costs: readonly BuiltCost[];
  readonly posteriors?: readonly JointPosterior[];
}

export function connectGraph(builder: ProgramBuilder, { sites, costs, posteriors = [] }: BuiltGraph): StochasticGraph {
  const { program: forward, numberOf: moved } = builder.finishNumbered();
  const { latentsOf, dependents: dependentsOf } = dependenceOnLatents(forward);
  const dependents = dependentsOf();
  const connectedSites = sites.map((site): GraphSite => {
    const connected = {
      ...site,
      value: moved(site.value),
      mean: moved(site.mean),
      unitLogProbability: moved(site.unitLogProbability),
      logProbability: moved(site.logProbability),
      parameters: mapValues(site.parameters, moved),
    };
    const read = latentsOf(Object.values(connected.parameters));
    const order = read.includes(site.id) ? orderUnits(forward, connected, dependents.get(site.id) ?? []) : undefined;
    return { ...connected, parents: read.filter((id) => id !== site.id), order };
  });
  const connectedCosts = costs.map((cost) => {
    const value = moved(cost.value);
    return { ...cost, value, dependsOn: latentsOf([value]) };
  });
  return {
    forward,
    sites: connectedSites,
    costs: connectedCosts,
    dependents,
    reach: findReach(forward, connectedSites, connectedCosts),
    posteriors: posteriors.map((posterior) => ({ ...posterior, logWeights: moved(posterior.logWeights) })),
  };
}

function mapValues(
  parameters: Readonly<Record<string, ValueId>>,
  change: (value: ValueId) => ValueId,
): Readonly<Record<string, ValueId>> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, change(value)]));
}
