/**
 * From the gradient plan to the program of one training step: the sampled pass, each site's
 * expansion and surrogate, and the backward pass over their sum.
 */
import {
  at,
  BATCH,
  InternalError,
  ProgramBuilder,
  type DrawInfo,
  type Initializer,
  type StateInfo,
  type ValueId,
  type Verdict,
} from '@sbn/program';
import { differentiate } from '../differentiate.js';
import { createSiteDraws, type ExtraDraw, type GradientMode } from '../draws.js';
import { elementsOf, sumToRows } from '../elements.js';
import type { ExpansionContext, SharedSums, SiteExpansion } from '../estimators/estimator.js';
import type { EstimatorTable } from '../estimators/index.js';
import type { GradientPlan } from '../gradient-plan.js';
import { gatherEvidence, judgeSite } from '../judge/index.js';
import { emitPass, type Pass } from '../pass.js';
import type { StochasticGraph } from '../stochastic-graph.js';
import { latentSites } from '../stochastic-graph.js';
import type { TypedParameter } from '../typed-model.js';
import { onceOnly } from '../once-only.js';
import { meanOverRows, weightedSum, type OverRows } from './over-rows.js';
import { shareSums } from './shared-sums.js';

export interface GradientExpansion {
  /** The program, before it is finished. */
  readonly builder: ProgramBuilder;
  readonly state: readonly StateInfo[];
  /** Parameters of the estimators' own, with the site that each belongs to. */
  readonly auxiliary: readonly AuxiliaryParameter[];
  /** What the estimators draw beyond one value per site. */
  readonly draws: readonly DrawInfo[];
  /** The model's parameters that the objective has no derivative by: their gradient is 0 whatever the values are. */
  readonly underived: ReadonlySet<string>;
  /** The verdict on each term, by site. */
  readonly judge: () => ReadonlyMap<string, Verdict>;
}

export interface AuxiliaryParameter {
  readonly site: string;
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
}

export function expandGradient(
  graph: StochasticGraph,
  plan: GradientPlan,
  parameters: readonly TypedParameter[],
  estimators: EstimatorTable,
  mode: GradientMode,
): GradientExpansion {
  const builder = new ProgramBuilder(mode === 'step' ? 'gradient' : 'configuration');
  const base = emitPass(builder, graph, '', () => (mode === 'step' ? { kind: 'sampled' } : { kind: 'given' }));
  const { contexts, expansions, extra, sums } = expandSites(builder, graph, plan, estimators, base, mode);
  const judge = (): ReadonlyMap<string, Verdict> => {
    const evidence = gatherEvidence(builder, graph, base, extra, expansions);
    return new Map(
      contexts.map((context, index) => [context.site.id, judgeSite(evidence, context, at(expansions, index))]),
    );
  };

  const overRows = mode === 'step' ? meanOverRows(builder) : weightedSum(builder);
  const { rows } = overRows;
  const cost = sums.allCosts(base);
  builder.output('loss', 'total', rows(cost));
  const explicit = meanOverPasses(builder, graph, base, plan, expansions, sums);
  const surrogates = expansions.map(({ surrogate }) => sumToRows(builder, surrogate));
  const underived = emitGradients(builder, overRows, addAll(builder, [...explicit, ...surrogates]), parameters);
  const auxiliary = expansions.flatMap((expansion) => emitAuxiliary(builder, expansion, overRows));
  if (mode === 'step') {
    for (const { name, value } of graph.costs)
      builder.output('term', name, rows(sumToRows(builder, base.valueOf(value))));
    for (const expansion of expansions) emitStatistics(builder, expansion, rows);
  } else {
    builder.output('cost', 'total', cost);
    const scores = latentSites(graph).map((site) => sumToRows(builder, base.valueOf(site.logProbability)));
    builder.output('log_probability', 'latents', sumOrZero(builder, scores));
    for (const { site } of expansions) {
      const own = extra.filter(({ info }) => info.site === site);
      const logs = own.flatMap(({ logProbability }) =>
        logProbability === undefined ? [] : sumToRows(builder, logProbability),
      );
      if (own.length > 0) builder.output('log_probability', site, sumOrZero(builder, logs));
    }
  }
  const state = expansions.flatMap((expansion) => expansion.state.map(({ info }) => info));
  const draws = extra.map(({ info }) => info);
  return { builder, state, auxiliary, draws, underived: new Set(underived), judge };
}

/** Each cost in the sampled pass; or its mean over that and the further draws that reach it, each as good as the other. */
function meanOverPasses(
  builder: ProgramBuilder,
  graph: StochasticGraph,
  base: Pass,
  plan: GradientPlan,
  expansions: readonly SiteExpansion[],
  sums: SharedSums,
): readonly ValueId[] {
  const drawing = expansions.flatMap(({ site, passes }) => {
    if (passes.length === 0) return [];
    const term = plan.terms.find((candidate) => candidate.site === site);
    return term === undefined ? [] : [{ passes, costs: new Set(term.costs) }];
  });
  if (drawing.length === 0 && graph.costs.every(({ isScore }) => !isScore)) return [sums.allCosts(base)];
  return graph.costs.flatMap((cost) => {
    if (cost.isScore) return [];
    const reaching = drawing.filter(({ costs }) => costs.has(cost.name));
    const passes = [base, ...reaching.flatMap((expansion) => expansion.passes)];
    const values = [...new Set(passes.map((pass) => pass.valueOf(cost.value)))].map((value) =>
      sumToRows(builder, value),
    );
    const sum = addAll(builder, values);
    return [values.length === 1 ? sum : builder.multiply(builder.constant(1 / values.length), sum)];
  });
}

function sumOrZero(builder: ProgramBuilder, values: readonly ValueId[]): ValueId {
  return values.length === 0 ? builder.fill(0, [BATCH]) : addAll(builder, values);
}

/** What the estimators add to a program; the terms' contexts and expansions are in the order of the plan. */
export interface ExpandedSites {
  readonly contexts: readonly ExpansionContext[];
  readonly expansions: readonly SiteExpansion[];
  readonly extra: readonly ExtraDraw[];
  readonly sums: SharedSums;
}

/** Expands each term of the plan into a program whose sampled pass is `base`. */
export function expandSites(
  builder: ProgramBuilder,
  graph: StochasticGraph,
  plan: GradientPlan,
  estimators: EstimatorTable,
  base: Pass,
  mode: GradientMode,
): ExpandedSites {
  const trunk = onceOnly(() => emitPass(builder, graph, 'trunk', () => ({ kind: 'mean' })));
  const trunkSlopes = onceOnly(() => emitTrunkSlopes(builder, graph, trunk()));
  const sums = shareSums(builder, graph, plan.sums, base, trunkSlopes);
  const sites = new Map(graph.sites.map((site) => [site.id, site]));
  const extra: ExtraDraw[] = [];
  const contexts = plan.terms.map((term): ExpansionContext => {
    const site = sites.get(term.site);
    if (site === undefined) throw new InternalError(`no site ${term.site}`);
    const made = (draw: ExtraDraw): void => void extra.push(draw);
    const draws = createSiteDraws({ builder, graph, base, mode }, site, term.downstream, made);
    return { builder, graph, term, site, base, trunk, trunkSlopes, sums, draws };
  });
  const expansions = contexts.map((context) => {
    const { site, term } = context;
    const expand = estimators.get(term.estimator)?.expand;
    if (expand === undefined) throw new InternalError(`no estimator ${term.estimator}`);
    return builder.within(site.id, () => expand(context));
  });
  return { contexts, expansions, extra, sums };
}

/**
 * The derivative of all costs by the value of every latent site in the trunk, by site: one backward pass for all of
 * them, as a cost that a site does not influence has no derivative by it.
 */
function emitTrunkSlopes(builder: ProgramBuilder, graph: StochasticGraph, trunk: Pass): ReadonlyMap<string, ValueId> {
  const sites = latentSites(graph);
  const seed = {
    value: sumCosts(builder, graph, trunk),
    adjoint: builder.fill(1, [BATCH]),
  };
  const derivatives = differentiate(
    builder,
    [seed],
    sites.map(({ id }) => trunk.lever(id)),
  );
  const slopes = new Map<string, ValueId>();
  sites.forEach(({ id }, index) => {
    const slope = derivatives[index];
    if (slope !== undefined) slopes.set(id, slope);
  });
  return slopes;
}

/**
 * The derivative of the rows' `objective`, [B], by each of `parameters`: zero where it does not depend on one. For the model's
 * parameters the objective is Σ_c f_c at fixed values (scores left out: their explicit gradient has mean zero) + Σ_i surrogate_i.
 * What is differentiated is the sum over rows. The factor 1/B of a mean comes after it, once for each element of a parameter: on the
 * way it would be one more pass over what has an element for each row. Gives the names of the parameters without a derivative.
 */
function emitGradients(
  builder: ProgramBuilder,
  { sum, factor }: OverRows,
  objective: ValueId,
  parameters: readonly { readonly name: string; readonly shape: readonly number[] }[],
): readonly string[] {
  if (parameters.length === 0) return [];
  const underived: string[] = [];
  const values = parameters.map(({ name, shape }) => builder.input('parameter', name, shape));
  const derivatives = differentiate(builder, [{ value: sum(objective), adjoint: builder.constant(1) }], values);
  const scale = factor?.();
  parameters.forEach(({ name, shape }, index) => {
    const derivative = derivatives[index];
    if (derivative === undefined) {
      underived.push(name);
      builder.output('gradient', name, builder.fill(0, shape));
    } else builder.output('gradient', name, scale === undefined ? derivative : builder.multiply(derivative, scale));
  });
  return underived;
}

/** The gradients of an estimator's own parameters, by its own loss. */
function emitAuxiliary(
  builder: ProgramBuilder,
  { site, auxiliary }: SiteExpansion,
  overRows: OverRows,
): readonly AuxiliaryParameter[] {
  return auxiliary.flatMap(({ parameters, loss }) => {
    emitGradients(builder, overRows, sumToRows(builder, loss), parameters);
    return parameters.map((parameter) => ({ site, ...parameter }));
  });
}

function emitStatistics(builder: ProgramBuilder, expansion: SiteExpansion, rows: (value: ValueId) => ValueId): void {
  if (expansion.statistic !== undefined) {
    const signal = meanOverUnits(builder, expansion.statistic);
    const mean = (values: ValueId): ValueId => {
      const elements = elementsOf(builder, values);
      const sum = rows(sumToRows(builder, values));
      return elements === 1 ? sum : builder.multiply(builder.constant(1 / elements), sum);
    };
    builder.output('signal_mean', expansion.site, mean(signal));
    builder.output('signal_square', expansion.site, mean(builder.emit('square', [signal], {})));
  }
  for (const { info, next } of expansion.state) builder.output('state', info.name, next);
}

/** `[m·B, …]` → `[m·B]`, where each unit has a signal of its own. */
function meanOverUnits(builder: ProgramBuilder, held: ValueId): ValueId {
  const units = builder.shapeOf(held).slice(1);
  const count = units.reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : NaN), 1);
  return count === 1 ? builder.sumEvent(held) : builder.multiply(builder.sumEvent(held), builder.constant(1 / count));
}

/** Σ_c f_c per row, `[B]`. */
export function sumCosts(builder: ProgramBuilder, { costs }: StochasticGraph, pass: Pass): ValueId {
  return addAll(
    builder,
    costs.map(({ value }) => sumToRows(builder, pass.valueOf(value))),
  );
}

export function addAll(builder: ProgramBuilder, values: readonly ValueId[]): ValueId {
  const [first, ...rest] = values;
  if (first === undefined) throw new InternalError('a sum of nothing');
  return rest.reduce((sum, value) => builder.add(sum, value), first);
}
