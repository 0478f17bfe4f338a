/** Which sums the learning signals of several sites have in common. */
import { at } from '@sbn/program';
import { countBits, emptyRow, setBit } from './bit-rows.js';
import type { SiteTerm } from './estimators/estimator.js';
import { onceOnly } from './once-only.js';
import { nestSums, type SumParts } from './nest-sums.js';
import type { SiteReach } from './plan-reach.js';
import { createCostRows, type StochasticGraph } from './stochastic-graph.js';

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

export function planSums(
  graph: StochasticGraph,
  all: readonly SiteTerm[],
  reach: ReadonlyMap<string, SiteReach>,
): SumPlan {
  const costs = new Map(graph.costs.map(({ name }, place) => [name, place]));
  const sites = new Map([...reach.keys()].map((id, place) => [id, place]));
  const terms = all.filter(({ site }) => reach.get(site)?.site.elements === 1);
  const costRowOf = onceOnly(() => createCostRows(graph));
  // An estimator can name other sites downstream than there are, and learn from some of the costs or from more.
  const known = (term: SiteTerm): SiteReach | undefined => {
    const own = reach.get(term.site);
    return own?.downstream === term.downstream ? own : undefined;
  };
  const reached = terms.map((term) => known(term)?.costRow ?? costRowOf()([term.site, ...term.downstream]));
  const own = terms.map((term, place) => {
    const row = at(reached, place);
    return countBits(row) === term.costs.length ? row : rowOfNames(term.costs, costs);
  });
  return {
    terms,
    costs: nestSums([rowOfNames([...costs.keys()], costs), ...own], costs.size),
    reached: own.some((row, place) => row !== reached[place]) ? nestSums(reached, costs.size) : [],
    below: nestSums(
      terms.map((term) => known(term)?.siteRow ?? rowOfNames([term.site, ...term.downstream], sites)),
      sites.size,
    ),
  };
}

function rowOfNames(names: readonly string[], places: ReadonlyMap<string, number>): Uint32Array {
  const row = emptyRow(places.size);
  for (const name of names) {
    const place = places.get(name);
    if (place !== undefined) setBit(row, place);
  }
  return row;
}
