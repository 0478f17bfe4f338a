/** The pieces that every score-function estimator has: the cost it learns from, and the weighted scores. */
import { BATCH, InternalError, type ProgramBuilder, type ValueId } from '@sbn/program';
import type { Branch } from '../draws.js';
import type { Pass } from '../pass.js';
import { emitBaselines, type Baselines } from './baselines.js';
import type { Auxiliary, Curvature, ExpansionContext, ScoreTerm, StateUpdate } from './estimator.js';

/** F_i in `pass`: the sum of the term's costs per row, `[B]`. */
export function sumOfCosts({ builder, graph, term }: ExpansionContext, pass: Pass): ValueId {
  const values = graph.costs.filter((cost) => term.costs.includes(cost.name)).map((cost) => pass.valueOf(cost.value));
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
  /** S per row, `[B]`. */
  readonly value: ValueId;
  readonly curvature?: Curvature | undefined;
}

export interface WeightedScores {
  readonly scores: readonly ScoreTerm[];
  /** The mean over the draws of sg(S − b) · log p(x | pa), `[B]`. */
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
 * sg(S − b) · log p(x | pa), `[B]`, and its held factor, both times the scale where there is one. With `own`, `[B, …]` in
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

/** A value per row, `[B]`, as one that broadcasts over the units of a row. */
export function alignWithUnits(builder: ProgramBuilder, rows: ValueId, units: ValueId): ValueId {
  const rank = builder.shapeOf(units).length;
  return builder.reshape(rows, [BATCH, ...Array.from({ length: rank - 1 }, () => 1)]);
}
