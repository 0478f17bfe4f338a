/**
 * What a gradient estimator is to the compiler: how it is planned for a site, what it adds to the
 * program, and the record by which the judge decides whether it is unbiased.
 */
import type { Outcome } from '@sbn/dsl';
import type { Initializer, ProgramBuilder, StateInfo, ValueId } from '@sbn/program';
import type { Branch, ExtraDraw, SiteDraws } from '../draws.js';
import type { Pass } from '../pass.js';
import type { GraphSite, StochasticGraph } from '../stochastic-graph.js';
import type { EstimatorRequest } from '../typed-model.js';

/** The gradient of one latent site, as planned. Plain data: `--emit plan` prints it. */
export interface SiteTerm {
  readonly site: string;
  readonly estimator: string;
  /** The choices made, in the words of the options: `{ costs: 'local', expansion: 'rollout', … }`. */
  readonly form: Readonly<Record<string, string>>;
  /** Why the form is another than usual. */
  readonly note?: string;
  /** Names of the cost terms in the learning signal. */
  readonly costs: readonly string[];
  /** Latent sites that the site's value influences. */
  readonly downstream: readonly string[];
}

export interface PlanContext {
  readonly graph: StochasticGraph;
  readonly site: GraphSite;
  readonly request: EstimatorRequest | undefined;
  /** Cost terms that the site's value influences, directly or through a descendant. */
  readonly localCosts: readonly string[];
  /** How many times over the forward program is emitted if every site of the model has a rollout of its own. */
  readonly rolloutPasses: number;
  readonly downstream: readonly string[];
}

/** Carried from step to step. */
export interface StateUpdate {
  readonly info: StateInfo;
  readonly next: ValueId;
}

/**
 * Parameters of an estimator's own, trained along with the model by a loss of their own, per element `[m·B]`, of which only the
 * derivative by these parameters is taken.
 */
export interface Auxiliary {
  readonly parameters: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly initializer: Initializer;
  }[];
  readonly loss: ValueId;
}

/** Sums that are emitted for all sites together; `undefined` for a term that has no part in that. */
export interface SharedSums {
  /** Of the term's costs per row, `[B]`, in a pass that all sites have in common. */
  readonly costs: (term: SiteTerm, pass: Pass) => ValueId | undefined;
  /** Likewise of all costs that the term's site influences, whichever of them it learns from. */
  readonly reached: (term: SiteTerm, pass: Pass) => ValueId | undefined;
  /** Of all costs per row, `[B]`, in such a pass. */
  readonly allCosts: (pass: Pass) => ValueId;
  /** The slopes of the trunk by site, as those of costs of a level: the same for all terms. */
  readonly slopes: (level: number) => ReadonlyMap<string, Slope>;
  /** Σ_{k downstream} g_kᵀ(x_k − μ_k(pa_k)), `[B]`, at the sampled values and with the slopes of the trunk; no value where all slopes are zero. */
  readonly below: (term: SiteTerm) => { readonly value: ValueId | undefined } | undefined;
}

export interface ExpansionContext {
  readonly builder: ProgramBuilder;
  readonly graph: StochasticGraph;
  readonly term: SiteTerm;
  readonly site: GraphSite;
  /** The pass with the sampled values. */
  readonly base: Pass;
  /** A pass in which all latents are at their means given their parents' means; the same for all sites. */
  readonly trunk: () => Pass;
  /** g_k in the trunk by site: the derivative of all costs, which is that of any part that the site influences. */
  readonly trunkSlopes: () => ReadonlyMap<string, ValueId>;
  /** Sums that the signals of several sites have parts in common of. */
  readonly sums: SharedSums;
  /** Draws beyond those of the sampled pass. */
  readonly draws: SiteDraws;
}

/** A derivative of the expanded cost, by the value that stands for a site in the expansion. */
export interface Slope {
  readonly site: string;
  readonly value: ValueId;
  /** Of the costs that the estimator's site enters in blocks of this level: what the signal subtracts is summed over each block. */
  readonly level: number;
}

/** A Hessian-vector product of the expanded cost: v = Hδ, δ = x_i − μ_i(pa_i), as a sum over the levels of its costs. */
export interface HessianProduct {
  readonly step: ValueId;
  readonly products: readonly { readonly level: number; readonly value: ValueId }[];
}

/** The second-order term of a signal. */
export interface Curvature extends HessianProduct {
  /** What is subtracted from the signal of every unit, `[m·B]`: ½q. */
  readonly common: ValueId;
  /** What each unit's signal gets back, `[m·B, …]`: ½q_n; `undefined` where `correction` stands for it. */
  readonly own: ValueId | undefined;
  /** Per element, `[m·B]`: its derivative by the parameters puts each unit's own term back. */
  readonly correction: ValueId | undefined;
  /** A factor on all of it, `[]`. */
  readonly scale: ValueId | undefined;
}

/** A weighted score, sg(S_i − b_i) · ∇ log p_i(x_i | pa_i), of the sampled pass or of another draw of the site. */
export interface ScoreTerm {
  /** The other draw; `undefined` for the sampled pass. */
  readonly branch: Branch | undefined;
  /** S_i for each element, `[m·B]`, before the baseline is subtracted. */
  readonly signal: ValueId;
  /** b_i, `[]` or `[m·B]`: whatever is subtracted from the signal. */
  readonly baseline: ValueId | undefined;
  /** The second-order term, where the signal has one. */
  readonly curvature: Curvature | undefined;
  /** The factor of the score, with its gradient stopped: `[m·B]`, or `[m·B, …]` where each unit has its own. */
  readonly held: ValueId;
}

/** An antithetic pair: the sampled pass and its partner, with the factor of the logits, `[B, …]`, its gradient stopped. */
export interface AntitheticPair {
  readonly partner: ExtraDraw;
  readonly branch: Branch;
  /** P(x̃ = 1 | x) of each unit. */
  readonly probability: ValueId;
  readonly held: ValueId;
}

/** What an estimator emitted for a site: everything that the conditions of unbiasedness speak of. */
export interface SiteExpansion {
  readonly site: string;
  /** Why the estimator is biased by its nature; an estimator that says so is not judged further. */
  readonly bias: string | undefined;
  readonly scores: readonly ScoreTerm[];
  /** F̄_i: values that the unbiasedness needs to be free of the site's own draws are this and every g⁽ⁱ⁾_k. */
  readonly expandedCost: ValueId | undefined;
  readonly slopes: readonly Slope[];
  /** The analytic term sg(g_i)ᵀ μ_i, where the signals subtract g_iᵀ x_i. */
  readonly analytic: { readonly slope: ValueId; readonly held: ValueId; readonly mean: ValueId } | undefined;
  readonly pair: AntitheticPair | undefined;
  /** Further passes whose draws are as good as the sampled pass's: the explicit gradient of the costs is averaged over them. */
  readonly passes: readonly Pass[];
  /** What the statistics of the learning signal are of, `[m·B]` or `[m·B, …]`. */
  readonly statistic: ValueId | undefined;
  /** Per element of the site, `[m·B]`: its derivative by the parameters is the site's part of the gradient. */
  readonly surrogate: ValueId;
  readonly state: readonly StateUpdate[];
  readonly auxiliary: readonly Auxiliary[];
}

/** What most estimators leave out; an expansion says what it has. */
export const NO_EXPANSION = {
  bias: undefined,
  scores: [],
  expandedCost: undefined,
  slopes: [],
  analytic: undefined,
  pair: undefined,
  passes: [],
  statistic: undefined,
  state: [],
  auxiliary: [],
} as const satisfies Partial<SiteExpansion>;

export interface Estimator {
  readonly name: string;
  /** Whether it puts means in the place of values, which every operation between a site and its costs must allow. */
  readonly relaxes: boolean;
  /** Whether it rests on the units of a site being independent given its parents: it then cannot serve one that reads itself. */
  readonly assumesIndependence: boolean;
  readonly plan: (context: PlanContext) => Outcome<SiteTerm>;
  readonly expand: (context: ExpansionContext) => SiteExpansion;
  /** The form in a few words, for `explain`. */
  readonly describe: (term: SiteTerm) => string;
}
