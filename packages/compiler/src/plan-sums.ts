/** Which sums the learning signals of several sites have in common. */
import { rowOfBits } from './bit-rows.js';
import type { SiteTerm } from './estimators/estimator.js';
import { nestSums, type SumParts } from './nest-sums.js';
import { costsReached, latentSites, type StochasticGraph } from './stochastic-graph.js';

/** Which sums the plan needs, whatever pass they are of. */
export interface SumPlan {
  /** The terms that have a part in it: those of sites outside of plates, in topological order. */
  readonly terms: readonly SiteTerm[];
  /** Of all costs, and then of each term's. */
  readonly costs: readonly SumParts[];
  /** Of all costs that each term's site influences; nothing where those are the term's for all terms. */
  readonly reached: readonly SumParts[];
  /** Of each term's site and those downstream of it. */
  readonly below: readonly SumParts[];
}

export function planSums(graph: StochasticGraph, all: readonly SiteTerm[]): SumPlan {
  const costs = new Map(graph.costs.map(({ name }, place) => [name, place]));
  const sites = new Map(latentSites(graph).map(({ id }, place) => [id, place]));
  const elements = new Map(graph.sites.map((site) => [site.id, site.elements]));
  const terms = all.filter(({ site }) => elements.get(site) === 1);
  const rowsOf = (names: readonly string[], places: ReadonlyMap<string, number>): Uint32Array =>
    rowOfBits(
      names.flatMap((name) => places.get(name) ?? []),
      places.size,
    );
  const reached = terms.map(({ site, downstream }) =>
    costsReached(graph, [site, ...downstream]).map(({ name }) => name),
  );
  const isOther = terms.some(({ costs: own }, place) => own.length !== reached[place]?.length);
  return {
    terms,
    costs: nestSums([rowsOf([...costs.keys()], costs), ...terms.map((term) => rowsOf(term.costs, costs))], costs.size),
    reached: isOther
      ? nestSums(
          reached.map((names) => rowsOf(names, costs)),
          costs.size,
        )
      : [],
    below: nestSums(
      terms.map(({ site, downstream }) => rowsOf([site, ...downstream], sites)),
      sites.size,
    ),
  };
}
