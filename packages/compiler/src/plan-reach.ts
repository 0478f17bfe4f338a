/** What each latent site influences: asked for all sites at once, as models are long. */
import { at } from '@sbn/program';
import { namesIn } from './bit-rows.js';
import { reachDownstream, reachedSites } from './reachability.js';
import { createCostRows, latentSites, type GraphSite, type StochasticGraph } from './stochastic-graph.js';

export interface SiteReach {
  readonly site: GraphSite;
  /** The latent sites downstream, in order. */
  readonly downstream: readonly string[];
  /** The costs that the site or one downstream enters. */
  readonly costs: readonly string[];
  /** The site itself and those downstream, by their places among the latent sites. */
  readonly siteRow: Uint32Array;
  /** The costs by their places. */
  readonly costRow: Uint32Array;
}

/** By site, in topological order. */
export function planReach(graph: StochasticGraph): ReadonlyMap<string, SiteReach> {
  const latents = latentSites(graph);
  const ids = latents.map(({ id }) => id);
  const costNames = graph.costs.map(({ name }) => name);
  const parents = new Map(latents.map((site) => [site.id, site.parents]));
  const costRowOf = createCostRows(graph);
  const siteRows = reachedSites(parents);
  const costRows = reachDownstream(
    parents,
    ids.map((id) => costRowOf([id])),
  );
  return new Map(
    latents.map((site, place) => {
      const [siteRow, costRow] = [at(siteRows, place), at(costRows, place)];
      const downstream = namesIn(siteRow, ids, place);
      return [site.id, { site, downstream, costs: namesIn(costRow, costNames), siteRow, costRow }];
    }),
  );
}
