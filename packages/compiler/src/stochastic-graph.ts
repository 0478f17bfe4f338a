/**
 * The stochastic graph: who influences whom. All that is deterministic in a model, from the
 * parameters of every site to the cost terms, is one program (`forward`) in which the values of the
 * latent sites are inputs. A pass through the model, sampled or mean-field or partly both, is this
 * program emitted again with other values put in their place.
 */
import type { Instruction, Program, ValueId } from '@sbn/program';
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

/** The cost terms that one of `sites` enters, their descendants not counted. */
export function costsReached(graph: StochasticGraph, sites: readonly string[]): readonly CostTerm[] {
  const chosen = new Set(sites);
  return graph.costs.filter(({ dependsOn }) => dependsOn.some((id) => chosen.has(id)));
}
