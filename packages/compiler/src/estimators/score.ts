/** The two pieces that every score-function estimator has: the cost it learns from, and the weighted score. */
import { BATCH, InternalError, type ProgramBuilder, type ValueId } from '@sbn/program';
import type { Pass } from '../pass.js';
import type { Baselines } from './baselines.js';
import type { ExpansionContext } from './estimator.js';

/** F_i in `pass`: the sum of the term's costs per row, `[B]`. */
export function sumOfCosts({ builder, graph, term }: ExpansionContext, pass: Pass): ValueId {
  const values = graph.costs.filter((cost) => term.costs.includes(cost.name)).map((cost) => pass.valueOf(cost.value));
  const [first, ...rest] = values;
  if (first === undefined) throw new InternalError(`no cost reaches ${term.site}`);
  return rest.reduce((sum, value) => builder.add(sum, value), first);
}

/**
 * sg(S − b) · log p(x | pa), `[B]`, and its held factor, both times the scale where there is one. With `own`, `[B, …]` in
 * the shape of the units, each unit's score has a signal of its own, S + own_n.
 */
export function weightScore(
  { builder, site, base }: ExpansionContext,
  signal: ValueId,
  { baseline, scale }: Pick<Baselines, 'baseline' | 'scale'>,
  own?: ValueId,
): { readonly held: ValueId; readonly weighted: ValueId } {
  const centred = baseline === undefined ? signal : builder.subtract(signal, baseline);
  const perUnit = own === undefined ? centred : builder.add(alignWithUnits(builder, centred, own), own);
  const held = builder.emit('stop_gradient', [scale === undefined ? perUnit : builder.multiply(scale, perUnit)], {});
  const score = base.valueOf(own === undefined ? site.logProbability : site.unitLogProbability);
  return { held, weighted: builder.sumEvent(builder.multiply(held, score)) };
}

/** A value per row, `[B]`, as one that broadcasts over the units of a row. */
function alignWithUnits(builder: ProgramBuilder, rows: ValueId, units: ValueId): ValueId {
  const rank = builder.shapeOf(units).length;
  return builder.reshape(rows, [BATCH, ...Array.from({ length: rank - 1 }, () => 1)]);
}
