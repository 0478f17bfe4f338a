/**
 * The stochastic graph: who influences whom. All that is deterministic in a model, from the
 * parameters of every site to the cost terms, is one program (`forward`) in which the values of the
 * latent sites are inputs. A pass through the model, sampled or mean-field or partly both, is this
 * program emitted again with other values put in their place.
 */
import { at, InternalError, type Instruction, type Program, type ValueId } from '@sbn/program';
import { addRow, bitsOf, emptyRow, setBit } from './bit-rows.js';
import type { Reach } from './element-reach.js';
import type { UnitOrder } from './order/order-units.js';
import type { DistributionName } from './distributions/index.js';
import type { TypedSite } from './typed-model.js';

export interface GraphSite {
  readonly id: string;
  readonly role: 'latent' | 'observed';
  readonly distribution: DistributionName;
  /** How many elements of plates each row has, m: 1 outside of plates. Values of the site have m·B in front, rows first. */
  readonly elements: number;
  /** Of one row's value, as inputs and outputs of programs have it: sizes of plates first. */
  readonly shape: readonly number[];
  /** Of the value of one element. */
  readonly elementShape: readonly number[];
  /** The value in `forward`, `[m·B, …]`: an input for a latent site. */
  readonly value: ValueId;
  /** The distribution's parameters in `forward`. */
  readonly parameters: Readonly<Record<string, ValueId>>;
  /** E[value | parents], `[m·B, …]`. */
  readonly mean: ValueId;
  /** log p of each independent unit of the value, `[m·B, …]`: an element, or a one-hot group. */
  readonly unitLogProbability: ValueId;
  /** log p(value | parents) per element, `[m·B]`: the sum over the units. */
  readonly logProbability: ValueId;
  /** Latent sites that the parameters depend on directly, the site itself left out. */
  readonly parents: readonly string[];
  /** For a site that reads its own value in the graph: the order in which its units are drawn. */
  readonly order: UnitOrder | undefined;
  readonly typed: TypedSite;
}

/** One summand of the cost that is minimised, per row `[B]`, or per element of the plates that it is in, `[m·B]`. */
export interface CostTerm {
  /** `log q(h1)`, `-log p(x)`, or `cost` for an expression; `cost 2` for its second summand. */
  readonly name: string;
  /** The site whose log-probability it is. */
  readonly site: string | undefined;
  readonly value: ValueId;
  /** log q of a latent site: as an explicit function of the parameters its gradient has mean zero and is left out. */
  readonly isScore: boolean;
  /** Latent sites whose value it depends on without passing through another site's draw. */
  readonly dependsOn: readonly string[];
}

/** Sites that were summed out together, inside of the logarithm of a likelihood. */
export interface JointPosterior {
  /** In topological order; they are no sites of the graph any more. */
  readonly sites: readonly GraphSite[];
  /**
   * log p(values, observed | drawn sites) of each of the K values that the sites can take together, up to a constant,
   * `[B, K]` in `forward`.
   */
  readonly logWeights: ValueId;
}

export interface StochasticGraph {
  readonly forward: Program;
  /** Latent sites in topological order, then observed ones. */
  readonly sites: readonly GraphSite[];
  readonly costs: readonly CostTerm[];
  /** For each latent site in a plate, how its elements enter what depends on it; a site of one element enters it at level 1. */
  readonly reach: ReadonlyMap<string, Reach>;
  /** For each latent site, the instructions of `forward` that depend on its value, in order. */
  readonly dependents: ReadonlyMap<string, readonly Instruction[]>;
  /** What is known of the sites that were summed out: none in a graph that was just lowered. */
  readonly posteriors: readonly JointPosterior[];
}

export function latentSites(graph: StochasticGraph): readonly GraphSite[] {
  return graph.sites.filter((site) => site.role === 'latent');
}

/** What is asked of a graph by name, again and again: kept with it. */
interface Names {
  readonly sites: ReadonlyMap<string, GraphSite>;
  readonly costs: ReadonlyMap<string, CostTerm>;
}
const namesOf = new WeakMap<StochasticGraph, Names>();

function named(graph: StochasticGraph): Names {
  const known = namesOf.get(graph);
  if (known !== undefined) return known;
  const names: Names = {
    sites: new Map(graph.sites.map((site) => [site.id, site])),
    costs: new Map(graph.costs.map((cost) => [cost.name, cost])),
  };
  namesOf.set(graph, names);
  return names;
}

/** @throws InternalError where there is none. */
export function findSite(graph: StochasticGraph, id: string): GraphSite {
  const site = named(graph).sites.get(id);
  if (site === undefined) throw new InternalError(`no site ${id}`);
  return site;
}

export function findCost(graph: StochasticGraph, name: string): CostTerm {
  const cost = named(graph).costs.get(name);
  if (cost === undefined) throw new InternalError(`no cost ${name}`);
  return cost;
}

/** The cost terms that one of `sites` enters, their descendants not counted. */
export function costsReached(graph: StochasticGraph, sites: readonly string[]): readonly CostTerm[] {
  return bitsOf(createCostRows(graph)(sites)).map((place) => at(graph.costs, place));
}

/** The same as a row of their places, for many sets of sites. */
export function createCostRows({ costs }: StochasticGraph): (sites: readonly string[]) => Uint32Array {
  const rows = new Map<string, Uint32Array>();
  costs.forEach(({ dependsOn }, place) => {
    for (const id of dependsOn) {
      const row = rows.get(id) ?? emptyRow(costs.length);
      setBit(row, place);
      rows.set(id, row);
    }
  });
  return (sites) => {
    const reached = emptyRow(costs.length);
    for (const id of sites) {
      const row = rows.get(id);
      if (row !== undefined) addRow(reached, row);
    }
    return reached;
  };
}
