/**
 * What a learning signal is made of. A signal is a sum with signs; each summand that depends on the draw must be one of
 *  - a cost of the site at the draw, each once, and none missing: in a plate, over all elements that the site's own influences,
 *  - −g_iᵀ(x_i − x̄_i) with a part of the slope g_i of the analytic term, each once,
 *  - ∓g_kᵀ(x_k − μ_k(pa_k)) for a site k downstream, which has mean zero whatever stands in front of it,
 *  - the second-order term that condition 6 speaks of, once,
 * as then nothing is subtracted whose mean is not zero or put back.
 */
import type { ProgramBuilder, ValueId } from '@sbn/program';
import { elementsOf, ungroup } from '../elements.js';
import { descendantsOf, type Reached } from '../reachability.js';
import type { ScoreTerm, SiteExpansion, SiteTerm, Slope } from '../estimators/estimator.js';
import type { Pass } from '../pass.js';
import { drawsOf, type Evidence } from './evidence.js';

export interface Summand {
  readonly value: ValueId;
  readonly sign: 1 | -1;
}

/** Takes sums, differences and negations apart, but for the values in `whole`. */
export function splitSum(builder: ProgramBuilder, value: ValueId, whole: ReadonlySet<ValueId>): readonly Summand[] {
  const summands: Summand[] = [];
  const split = (id: ValueId, sign: 1 | -1): void => {
    const definition = builder.definition(id);
    const [first, second] = 'role' in definition ? [] : definition.args;
    const kind = 'role' in definition ? definition.role : definition.kind;
    if (whole.has(id) || first === undefined) summands.push({ value: id, sign });
    else if (kind === 'negate') split(first, sign === 1 ? -1 : 1);
    else if ((kind === 'add' || kind === 'subtract') && second !== undefined) {
      split(first, sign);
      split(second, kind === 'add' ? sign : sign === 1 ? -1 : 1);
    } else summands.push({ value: id, sign });
  };
  split(value, 1);
  return summands;
}

/** Why the signal is not what it must be; nothing where it is. */
export function findSignalFaults(
  evidence: Evidence,
  term: SiteTerm,
  expansion: SiteExpansion,
  score: ScoreTerm,
): readonly string[] {
  const { builder, graph, base } = evidence;
  const pass = score.branch?.pass ?? base;
  const reach = new Set([term.site, ...term.downstream]);
  // Several costs can be one value, as in `minimize z + z`.
  const costs = new Map<ValueId, readonly string[]>();
  for (const { name, value, dependsOn } of graph.costs) {
    const emitted = pass.valueOf(value);
    if (dependsOn.some((id) => reach.has(id))) costs.set(emitted, [...(costs.get(emitted) ?? []), name]);
  }
  const dependent = descendantsOf(evidence.instructions, drawsOf(evidence, term, score));
  const credited = new Map<ValueId, number>();
  const faults: string[] = [];
  const subtracted = new Map<Slope, number>();
  let curved = 0;
  const common = score.curvature?.common;
  const whole = new Set([...costs.keys(), ...(common === undefined ? [] : [common])]);
  for (const summand of splitSum(builder, score.signal, whole)) {
    const { sign } = summand;
    const isWhole = whole.has(summand.value);
    if (!isWhole && !dependent.has(summand.value)) continue;
    // In a plate, what is per row or per element of another plate is summed and repeated.
    const { value, level } = isWhole
      ? { value: summand.value, level: elementsOf(builder, summand.value) }
      : ungroup(builder, summand.value);
    const [cost] = costs.get(value) ?? [];
    if (cost !== undefined) {
      credited.set(value, (credited.get(value) ?? 0) + sign);
      // At a finer level, the block would lack elements whose cost the site's element influences.
      if ((graph.reach.get(term.site)?.costs.get(cost) ?? 1) % level !== 0) {
        faults.push(`the signal leaves out elements of the cost ${cost} that the site influences`);
      }
    } else if (value === common) curved -= sign;
    else {
      const own = findLinear(evidence, expansion, pass, value, dependent, term.site);
      if (own !== undefined) subtracted.set(own, (subtracted.get(own) ?? 0) - sign);
      else if (
        term.downstream.every((id) => findLinear(evidence, expansion, pass, value, dependent, id) === undefined)
      ) {
        faults.push('the signal holds a term of the draw that is neither a cost nor has a mean that is known');
      }
    }
  }
  for (const [value, names] of costs) {
    const times = credited.get(value) ?? 0;
    const name = names.join(', ');
    if (times === 0) faults.push(`the signal leaves out the cost ${name}, which the site influences`);
    else if (times !== names.length) faults.push(`the signal counts the cost ${name} ${String(times)} times`);
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

/** The slope of a summand Σ g_k · (x_k − reference), where the reference is μ_k(pa_k) at the draw or, for the site itself, free of it. */
function findLinear(
  { builder, graph }: Evidence,
  { slopes, site }: SiteExpansion,
  pass: Pass,
  value: ValueId,
  dependent: Reached,
  id: string,
): Slope | undefined {
  const target = graph.sites.find((candidate) => candidate.id === id);
  const product = argumentsOf(builder, value, 'sum')?.[0] ?? value;
  const [factor, step] = argumentsOf(builder, product, 'multiply') ?? [];
  const slope = slopes.find((candidate) => candidate.site === id && candidate.value === factor);
  if (slope === undefined || target === undefined || step === undefined) return undefined;
  const [drawn, reference] = argumentsOf(builder, step, 'subtract') ?? [];
  if (drawn !== pass.latent(id) || reference === undefined) return undefined;
  const isReference = id === site ? !dependent.has(reference) : reference === pass.valueOf(target.mean);
  return isReference ? slope : undefined;
}

function argumentsOf(builder: ProgramBuilder, value: ValueId, kind: string): readonly ValueId[] | undefined {
  const definition = builder.definition(value);
  return !('role' in definition) && definition.kind === kind ? definition.args : undefined;
}
