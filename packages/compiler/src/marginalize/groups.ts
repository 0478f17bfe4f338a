/** Which costs are summed over which sites. */
import type { CostTerm, GraphSite, StochasticGraph } from '../stochastic-graph.js';

/**
 * `outside`: the expectation of each cost, E[f_c], for objectives that are linear in the distribution of the sites.
 * `inside`: the logarithm of an expected likelihood, −log E[exp(−Σ_c f_c)], where the costs are negative log weights.
 */
export type SumMode = 'outside' | 'inside';

/** Costs that are summed over the same sites. */
export interface CostGroup {
  /** In topological order: what the costs depend on, and the summed-out ancestors of that. */
  readonly sites: readonly GraphSite[];
  readonly costs: readonly CostTerm[];
}

/**
 * The costs that depend on a site of `enumerated`. Outside of the logarithm, costs of the same needed set are a group; inside,
 * all costs that needed sets in common connect: what is left apart is independent given the drawn sites.
 */
export function groupCosts(
  graph: StochasticGraph,
  enumerated: readonly GraphSite[],
  mode: SumMode,
): readonly CostGroup[] {
  let groups: { readonly needed: ReadonlySet<string>; readonly costs: readonly CostTerm[] }[] = [];
  for (const cost of graph.costs) {
    const needed = neededBy(cost, enumerated);
    if (needed.size === 0) continue;
    const joins = (other: ReadonlySet<string>): boolean =>
      mode === 'inside' ? [...needed].some((id) => other.has(id)) : isSame(needed, other);
    const joined = groups.filter((group) => joins(group.needed));
    groups = [
      ...groups.filter((group) => !joined.includes(group)),
      {
        needed: new Set([...joined.flatMap((group) => [...group.needed]), ...needed]),
        costs: [...joined.flatMap((group) => group.costs), cost],
      },
    ];
  }
  return groups.map(({ needed, costs }) => ({ sites: enumerated.filter(({ id }) => needed.has(id)), costs }));
}

/** The cost's own sites, and their ancestors, among `enumerated` (in topological order). */
function neededBy(cost: CostTerm, enumerated: readonly GraphSite[]): ReadonlySet<string> {
  const needed = new Set(cost.dependsOn);
  for (const site of enumerated.toReversed()) {
    if (needed.has(site.id)) for (const parent of site.parents) needed.add(parent);
  }
  return new Set(enumerated.flatMap(({ id }) => (needed.has(id) ? [id] : [])));
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}
