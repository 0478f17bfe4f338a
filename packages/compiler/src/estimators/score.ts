/** The pieces that every score-function estimator has: the cost it learns from, and the weighted scores. */
import { InternalError, type ProgramBuilder, type ValueId } from '@sbn/program';
import type { Branch } from '../draws.js';
import { regroup, sumToRows } from '../elements.js';
import type { Pass } from '../pass.js';
import { findCost, type CostTerm } from '../stochastic-graph.js';
import { emitBaselines, type Baselines } from './baselines.js';
import type { Auxiliary, Curvature, ExpansionContext, ScoreTerm, StateUpdate } from './estimator.js';

/** Costs that the site's elements influence block by block at the same level; finest first. */
export interface CostGroup {
  readonly level: number;
  readonly costs: readonly CostTerm[];
}

/** The term's costs by level: one group outside of plates. A cost that the site does not influence counts for the row. */
export function groupCosts({ graph, term, site }: ExpansionContext): readonly CostGroup[] {
  const reach = graph.reach.get(site.id)?.costs;
  const all = term.costs.map((name) => findCost(graph, name));
  if (reach === undefined) return [{ level: 1, costs: all }];
  const groups = new Map<number, CostTerm[]>();
  for (const cost of all) {
    const level = reach.get(cost.name) ?? 1;
    const group = groups.get(level);
    if (group === undefined) groups.set(level, [cost]);
    else group.push(cost);
  }
  return [...groups].map(([level, costs]) => ({ level, costs })).sort((a, b) => b.level - a.level);
}

/** F_i in `pass` for each element of the site, `[m·B]`: the sum of the term's costs, each over the block that the element is in. */
export function sumOfCosts(context: ExpansionContext, pass: Pass): ValueId {
  const { builder, site, term, base, trunk, sums } = context;
  const isShared = pass === base || (term.form['expansion'] === 'trunk' && pass === trunk());
  const shared = isShared ? sums.costs(term, pass) : undefined;
  if (shared !== undefined) return shared;
  return addUp(
    context,
    groupCosts(context).flatMap(({ level, costs }) =>
      costs.map(({ value }) => regroup(builder, pass.valueOf(value), level, site.elements)),
    ),
  );
}

/** The sum of the term's costs per row, `[B]`. */
export function totalCost(context: ExpansionContext, pass: Pass): ValueId {
  const { builder, graph, term } = context;
  return addUp(
    context,
    term.costs.map((name) => sumToRows(builder, pass.valueOf(findCost(graph, name).value))),
  );
}

export function addUp({ builder, term }: ExpansionContext, values: readonly ValueId[]): ValueId {
  const [first, ...rest] = values;
  if (first === undefined) throw new InternalError(`no cost reaches ${term.site}`);
  return rest.reduce((sum, value) => builder.add(sum, value), first);
}

/** How many times the site is drawn in a step: the option `draws`. */
export function countDraws({ term }: ExpansionContext): number {
  return Number(term.form['draws'] ?? 1);
}

/** The sampled pass, as `undefined`, and `count − 1` further draws of the site. */
export function emitBranches({ draws }: ExpansionContext, count: number): readonly (Branch | undefined)[] {
  return Array.from({ length: count }, (_, index) =>
    index === 0 ? undefined : draws.again(`draw${String(index + 1)}`),
  );
}

/** The learning signal of one draw, before a baseline is subtracted. */
export interface Signal {
  readonly branch: Branch | undefined;
  /** S for each element, `[m·B]`. */
  readonly value: ValueId;
  readonly curvature?: Curvature | undefined;
}

export interface WeightedScores {
  readonly scores: readonly ScoreTerm[];
  /** The mean over the draws of sg(S − b) · log p(x | pa), `[m·B]`. */
  readonly weighted: ValueId;
  /** What the site's gradient is divided by, as a factor; `undefined` for none. */
  readonly scale: ValueId | undefined;
  readonly state: readonly StateUpdate[];
  readonly auxiliary: readonly Auxiliary[];
}

/** Baselines of the estimator's options, subtracted from every signal, and the scores so weighted. */
export function emitScores(context: ExpansionContext, signals: readonly Signal[]): WeightedScores {
  const { builder } = context;
  const first = signals[0];
  if (first === undefined) throw new InternalError(`no draw of ${context.site.id}`);
  const baselines = emitBaselines(
    context,
    signals.map(({ value }) => value),
  );
  const terms = signals.map((signal, index) => {
    const baseline = baselines.baselines[index];
    const { value, branch, curvature } = signal;
    const { held, weighted } = weightScore(
      context,
      value,
      { baseline, scale: baselines.scale },
      curvature?.own,
      branch?.pass,
    );
    return { score: { branch, signal: value, baseline, curvature, held }, weighted };
  });
  const sum = terms.slice(1).reduce((total, { weighted }) => builder.add(total, weighted), terms[0]?.weighted ?? 0);
  const weighted = terms.length === 1 ? sum : builder.multiply(builder.constant(1 / terms.length), sum);
  const { scale, state, auxiliary } = baselines;
  return { scores: terms.map(({ score }) => score), weighted, scale, state, auxiliary };
}

/**
 * sg(S − b) · log p(x | pa), `[m·B]`, and its held factor, both times the scale where there is one. With `own`, `[B, …]` in
 * the shape of the units, each unit's score has a signal of its own, S + own_n. The draw is the one of `pass`, by default of
 * the sampled pass.
 */
export function weightScore(
  { builder, site, base }: ExpansionContext,
  signal: ValueId,
  { baseline, scale }: { readonly baseline: ValueId | undefined; readonly scale: Baselines['scale'] },
  own?: ValueId,
  pass: Pass = base,
): { readonly held: ValueId; readonly weighted: ValueId } {
  const centred = baseline === undefined ? signal : builder.subtract(signal, baseline);
  const perUnit = own === undefined ? centred : builder.add(alignWithUnits(builder, centred, own), own);
  const held = builder.emit('stop_gradient', [scale === undefined ? perUnit : builder.multiply(scale, perUnit)], {});
  const score = pass.valueOf(own === undefined ? site.logProbability : site.unitLogProbability);
  return { held, weighted: builder.sumEvent(builder.multiply(held, score)) };
}

/** A value per element, `[m·B]`, as one that broadcasts over the units of an element. */
export function alignWithUnits(builder: ProgramBuilder, rows: ValueId, units: ValueId): ValueId {
  const rank = builder.shapeOf(units).length;
  return builder.reshape(rows, [...builder.shapeOf(rows), ...Array.from({ length: rank - 1 }, () => 1)]);
}
