/**
 * What a learning signal is made of. A signal is a sum with signs; each summand that depends on the draw must be one of
 *  - a cost of the site at the draw, each once, and none missing: in a plate, over all elements that the site's own influences,
 *  - −g_iᵀ(x_i − x̄_i) with a part of the slope g_i of the analytic term, each once,
 *  - ∓g_kᵀ(x_k − μ_k(pa_k)) for a site k downstream, which has mean zero whatever stands in front of it,
 *  - the second-order term that condition 6 speaks of, once,
 * as then nothing is subtracted whose mean is not zero or put back.
 */
import type { ProgramBuilder, ValueId } from '@sbn/program';
import { ungroup } from '../elements.js';
import type { ScoreTerm, SiteExpansion, SiteTerm, Slope } from '../estimators/estimator.js';
import type { Pass } from '../pass.js';
import { holdsAllParts } from './all-parts.js';
import { linearTermOf, type Summand } from './contents.js';
import { costsAt, dependenceOnDraw, type Depends, type Evidence, type Reach } from './evidence.js';

/**
 * Takes sums, differences and negations apart, but for the values in `whole`, and leaves out what is not `wanted`: a sum that is not has
 * no part that is. Sums share parts, and are as deep as a model is long.
 */
export function splitSum(
  builder: ProgramBuilder,
  value: ValueId,
  whole: { readonly has: (value: ValueId) => boolean },
  wanted: (value: ValueId) => boolean = () => true,
): readonly Summand[] {
  const summands: Summand[] = [];
  const waiting: ValueId[] = [value];
  const signs: (1 | -1)[] = [1];
  const wait = (part: ValueId, sign: 1 | -1): void => {
    waiting.push(part);
    signs.push(sign);
  };
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const sign = signs.pop() ?? 1;
    const isWhole = whole.has(next);
    if (!isWhole && !wanted(next)) continue;
    const definition = builder.definition(next);
    if (isWhole || 'role' in definition) {
      summands.push({ value: next, sign });
      continue;
    }
    const opposite = sign === 1 ? -1 : 1;
    switch (definition.kind) {
      case 'negate':
        wait(definition.args[0], opposite);
        break;
      case 'add':
        wait(definition.args[1], sign);
        wait(definition.args[0], sign);
        break;
      case 'subtract':
        wait(definition.args[1], opposite);
        wait(definition.args[0], sign);
        break;
      default:
        summands.push({ value: next, sign });
    }
  }
  return summands;
}

/** Why the signal is not what it must be; nothing where it is. */
export function findSignalFaults(
  evidence: Evidence,
  term: SiteTerm,
  expansion: SiteExpansion,
  score: ScoreTerm,
): readonly string[] {
  return holdsAllParts(evidence, term, expansion, score) ? [] : traceSignalFaults(evidence, term, expansion, score);
}

/** The same, by each of the signal's own summands. */
export function traceSignalFaults(
  evidence: Evidence,
  term: SiteTerm,
  expansion: SiteExpansion,
  score: ScoreTerm,
): readonly string[] {
  const { builder, graph, base } = evidence;
  const pass = score.branch?.pass ?? base;
  const reach = evidence.reachOf(term);
  const costs = costsAt(evidence, pass, reach);
  const depends = dependenceOnDraw(evidence, term, score);
  const levels = graph.reach.get(term.site)?.costs;
  const slopes = groupByValue(expansion.slopes);
  const credited = new Map<ValueId, number>();
  const faults: string[] = [];
  const subtracted = new Map<Slope, number>();
  let curved = 0;
  const common = score.curvature?.common;
  const whole = { has: (value: ValueId): boolean => value === common || costs.has(value) };
  for (const summand of splitSum(builder, score.signal, whole, depends)) {
    const { sign } = summand;
    // In a plate, what is per row or per element of another plate is summed and repeated.
    const { value, level } = ungroup(builder, summand.value, whole);
    if (costs.has(value)) {
      credited.set(value, (credited.get(value) ?? 0) + sign);
      // At a finer level, the block would lack elements whose cost the site's element influences.
      const [cost = ''] = level === 1 ? [] : costs.names(value);
      if ((levels?.get(cost) ?? 1) % level !== 0) {
        faults.push(`the signal leaves out elements of the cost ${cost} that the site influences`);
      }
    } else if (value === common) curved -= sign;
    else {
      const slope = findLinear(evidence, term.site, reach, slopes, pass, value, depends);
      if (slope === undefined) {
        faults.push('the signal holds a term of the draw that is neither a cost nor has a mean that is known');
      } else if (slope.site === term.site) subtracted.set(slope, (subtracted.get(slope) ?? 0) - sign);
    }
  }
  for (const value of costs.values()) {
    const times = credited.get(value) ?? 0;
    if (times === costs.count(value)) continue;
    const name = costs.names(value).join(', ');
    if (times === 0) faults.push(`the signal leaves out the cost ${name}, which the site influences`);
    else faults.push(`the signal counts the cost ${name} ${String(times)} times`);
  }
  for (const slope of expansion.slopes.filter((candidate) => candidate.site === term.site)) {
    const times = subtracted.get(slope) ?? 0;
    const wanted = expansion.analytic === undefined ? 0 : 1;
    if (times === 0 && wanted === 1) {
      faults.push('the signal does not subtract the control variate of the analytic term');
    } else if (times !== wanted) {
      faults.push(`the signal subtracts the control variate ${String(times)} times, and ${String(wanted)} is put back`);
    }
  }
  if (common !== undefined && curved !== 1) {
    faults.push(`the signal subtracts the second-order term ${String(curved)} times, and once is put back`);
  }
  return [...new Set(faults)];
}

/**
 * The slope of a summand Σ g_k · (x_k − reference), where the reference is μ_k(pa_k) at the draw or, for the site itself, free of it;
 * k is the site or one downstream, of those that `reach` has. Where units of the site depend on earlier ones, its own reference is
 * μ_n(x_<n) at the draw too: only then is the mean of the term against the score g_nᵀ ∇μ_n(x_<n), what the analytic term puts back.
 */
function findLinear(
  { builder, sites }: Evidence,
  site: string,
  reach: Reach,
  slopes: ReadonlyMap<ValueId, readonly Slope[]>,
  pass: Pass,
  value: ValueId,
  depends: Depends,
): Slope | undefined {
  const linear = linearTermOf(builder, value);
  if (linear === undefined) return undefined;
  const { factor, drawn, reference } = linear;
  return slopes.get(factor)?.find(({ site: id }) => {
    const target = sites.get(id)?.site;
    if (target === undefined || !reach.has(id) || drawn !== pass.latent(id)) return false;
    const isCentred = reference === pass.valueOf(target.mean);
    return id === site && target.order === undefined ? !depends(reference) : isCentred;
  });
}

function groupByValue(slopes: readonly Slope[]): ReadonlyMap<ValueId, readonly Slope[]> {
  const groups = new Map<ValueId, Slope[]>();
  for (const slope of slopes) {
    const group = groups.get(slope.value);
    if (group === undefined) groups.set(slope.value, [slope]);
    else group.push(slope);
  }
  return groups;
}
