/** Which sums the learning signals of several sites have in common. */
import { at } from '@sbn/program';
import { countBits, rowOfBits } from './bit-rows.js';
import type { SiteTerm } from './estimators/estimator.js';
import { nestSums, type SumParts } from './nest-sums.js';
import { createCostRows, latentSites, type StochasticGraph } from './stochastic-graph.js';

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
  const costRowOf = createCostRows(graph);
  const reached = terms.map(({ site, downstream }) => costRowOf([site, ...downstream]));
  // A term learns from all costs that its site influences, from some of them, or from others as well.
  const own = terms.map((term, place) => {
    const row = at(reached, place);
    return countBits(row) === term.costs.length ? row : rowsOf(term.costs, costs);
  });
  return {
    terms,
    costs: nestSums([rowsOf([...costs.keys()], costs), ...own], costs.size),
    reached: own.some((row, place) => row !== reached[place]) ? nestSums(reached, costs.size) : [],
    below: nestSums(
      terms.map(({ site, downstream }) => rowsOf([site, ...downstream], sites)),
      sites.size,
    ),
  };
}
