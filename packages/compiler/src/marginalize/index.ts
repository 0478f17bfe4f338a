/**
 * From the stochastic graph to one without the sites that are to be summed out (`via enumerate`).
 *
 * Requires a lowered graph. Ensures that the sites left are drawn, and that no cost depends on one that is gone: an
 * expectation over it stands in the cost's place or, for `maximize likelihood`, inside of the cost's logarithm.
 */
import type { Outcome } from '@sbn/dsl';
import type { StochasticGraph } from '../stochastic-graph.js';
import type { EstimatorRequest, TypedObjective } from '../typed-model.js';
import { chooseSites, ENUMERATE, findNested, findTooMany, MOST_VALUES } from './choose-sites.js';
import { groupCosts, type CostGroup } from './groups.js';
import { sumOut } from './sum-out.js';
import { countValues } from './supports.js';

export { ENUMERATE } from './choose-sites.js';

export interface SummedSite {
  readonly site: string;
  /** How many values it takes. */
  readonly values: number;
  /** How often the largest part of the forward program that depends on it is emitted: values of the sites summed with it. */
  readonly passes: number;
  /** Names of the costs that depend on it, itself or through a site that was summed out with it. */
  readonly costs: readonly string[];
}

export interface Marginalization {
  /** What is trained. */
  readonly graph: StochasticGraph;
  /**
   * What importance weights are made of: the sum is inside of the logarithm here for any bound. `undefined` where there
   * is no bound, or too many values would have to be summed together.
   */
  readonly weights: StochasticGraph | undefined;
  readonly summed: readonly SummedSite[];
}

export function marginalize(
  graph: StochasticGraph,
  objective: TypedObjective,
  fileRequest: EstimatorRequest | undefined,
): Outcome<Marginalization> {
  const { value: chosen, diagnostics } = chooseSites(graph, objective, fileRequest);
  if (chosen === undefined) return { value: undefined, diagnostics };
  const isBound = objective.kind === 'bound';
  if (chosen.length === 0) return { value: { graph, weights: isBound ? graph : undefined, summed: [] }, diagnostics };
  const mode = isBound && objective.name === 'likelihood' ? 'inside' : 'outside';
  const groups = groupCosts(graph, chosen, mode);
  const tooMany = [...findTooMany(chosen, groups), ...(mode === 'inside' ? findNested(groups) : [])];
  if (tooMany.length > 0) return { value: undefined, diagnostics: [...diagnostics, ...tooMany] };
  const trained = sumOut(graph, chosen, mode);
  const inside = groupCosts(graph, chosen, 'inside');
  const fits = inside.every(({ sites }) => countValues(...sites) <= MOST_VALUES) && findNested(inside).length === 0;
  const weights = !isBound
    ? undefined
    : mode === 'inside'
      ? trained
      : fits
        ? sumOut(graph, chosen, 'inside')
        : undefined;
  return {
    value: { graph: trained, weights, summed: chosen.map(({ id }) => describeSum(id, groups)) },
    diagnostics,
  };
}

/** `enumerate (12 values; 12 passes through what depends on it)` */
export function describeSummed({ values, passes }: SummedSite): string {
  return `${ENUMERATE} (${String(values)} values; ${String(passes)} passes through what depends on it)`;
}

function describeSum(id: string, groups: readonly CostGroup[]): SummedSite {
  const own = groups.filter(({ sites }) => sites.some((site) => site.id === id));
  const site = own.flatMap(({ sites }) => sites).find((candidate) => candidate.id === id);
  return {
    site: id,
    values: site === undefined ? 0 : countValues(site),
    passes: Math.max(0, ...own.map(({ sites }) => countValues(...sites))),
    costs: own.flatMap(({ costs }) => costs.map(({ name }) => name)),
  };
}
