/**
 * Decides by reachability and by the structure of the program whether a site's gradient is unbiased.
 *
 * Requires: the expansion stands in `builder`, before any optimisation. Ensures: `unbiased` only if
 * every condition below holds; otherwise the reasons, in words. The conditions are sufficient:
 *  1. F̄_i, every g⁽ⁱ⁾_k and the b_i of a draw depend neither on that draw of x_i nor on anything downstream of it, noise included;
 *  2. the signal holds every cost that the site influences, once; the g_i of the analytic term is the g_i that it subtracts, once; and
 *     whatever else of the draw is subtracted has a known mean (`signal.ts`);
 *  3. the score and the mean μ_i of the analytic term are at the sampled parents, and further draws are made at them too, from the
 *     sites' distributions, with noise of their own (`branches.ts`);
 *  4. the expanded cost reaches the site's value through no operation that is flat between the points of the support
 *     (decided on the graph, by the plan: such a control variate would be worthless, not wrong);
 *  5. the signal and the slopes reach the surrogate with their gradient stopped, and the surrogate is the sum of the estimator's terms and
 *     nothing else, with the mean of its draws (`surrogate.ts`);
 *  6. a second-order term is H δ with δ = x_i − μ_i(pa_i) at the sampled parents, with an H that is as free of the draw
 *     as condition 1 asks, what is subtracted and put back for it is what `second-order.ts` derives, and the units of the site are
 *     independent given its parents.
 * An antithetic pair has conditions of its own (`pair.ts`).
 */
import type { ProgramBuilder, ValueId, Verdict } from '@sbn/program';
import type { ExpansionContext, ScoreTerm, SiteExpansion, SiteTerm } from '../estimators/estimator.js';
import { descendantsOf } from '../reachability.js';
import { findBranchFaults } from './branches.js';
import { findCurvatureFaults } from './curvature.js';
import {
  allDraws,
  coefficientsOf,
  dependenceOnDraw,
  dependenceOnDraws,
  isDifferentiated,
  type Evidence,
} from './evidence.js';
import { findPairFaults } from './pair.js';
import { findSignalFaults, splitSum } from './signal.js';
import { findSurrogateFaults } from './surrogate.js';

export { gatherEvidence } from './evidence.js';

export function judgeSite(evidence: Evidence, context: ExpansionContext, expansion: SiteExpansion): Verdict {
  const { term } = context;
  if (expansion.bias !== undefined) return { kind: 'biased', reasons: [expansion.bias] };
  const reasons = [
    ...findDependentCoefficients(evidence, term, expansion),
    ...findMismatchedTerms(evidence, expansion),
    ...expansion.scores.flatMap((score) => findSignalFaults(evidence, term, expansion, score)),
    ...expansion.scores.flatMap((score) => findCurvatureFaults(evidence, context, score)),
    ...findUnstoppedGradients(evidence, term, expansion),
    ...findSurrogateFaults(context, expansion),
    ...findBranchFaults(evidence, context, expansion),
    ...findPairFaults(evidence, context, expansion),
  ];
  return reasons.length === 0 ? { kind: 'unbiased' } : { kind: 'biased', reasons: [...new Set(reasons)] };
}

/** Condition 1. */
function findDependentCoefficients(evidence: Evidence, term: SiteTerm, expansion: SiteExpansion): readonly string[] {
  const { expandedCost, slopes, scores } = expansion;
  const depends = dependenceOnDraws(evidence, term);
  const names: string[] = [];
  if (expandedCost !== undefined && depends(expandedCost)) names.push('the expanded cost');
  for (const { site, value } of slopes) if (depends(value)) names.push(`the slope at ${site}`);
  for (const score of scores) {
    const { baseline } = score;
    if (baseline !== undefined && dependenceOnDraw(evidence, term, score)(baseline)) names.push('the baseline');
  }
  return names.map((name) => `${name} depends on the draw of ${term.site} itself`);
}

/** Conditions 2 and 3. */
function findMismatchedTerms({ builder, sites, base }: Evidence, expansion: SiteExpansion): readonly string[] {
  const site = sites.get(expansion.site)?.site;
  if (site === undefined) return [`there is no site ${expansion.site}`];
  const { analytic } = expansion;
  const own = expansion.slopes.filter((slope) => slope.site === expansion.site).map(({ value }) => value);
  if (analytic === undefined) {
    return own.length === 0 ? [] : ['the signal subtracts a control variate whose expectation is not put back'];
  }
  const reasons: string[] = [];
  if (!isSumOf(builder, analytic.slope, own) || !isStopOf(builder, analytic.held, analytic.slope)) {
    reasons.push('the slope of the analytic term is not the slope that the signal subtracts');
  }
  if (analytic.mean !== base.valueOf(site.mean)) {
    reasons.push('the mean of the analytic term is not at the sampled parents');
  }
  return reasons;
}

/** Condition 5. */
function findUnstoppedGradients(evidence: Evidence, term: SiteTerm, expansion: SiteExpansion): readonly string[] {
  const { instructions, builder, unstopped } = evidence;
  const { surrogate, scores } = expansion;
  const reasons: string[] = [];
  // What those of all sites do not reach, those of this one do not.
  const isReached = (): boolean => {
    // A cost can be a draw itself, which enters the score too: no gradient passes through a draw.
    const draws = new Set(allDraws(evidence, term));
    const coefficients = coefficientsOf(expansion).filter((value) => !draws.has(value));
    return descendantsOf(instructions, coefficients, isDifferentiated).has(surrogate);
  };
  if (unstopped.has(surrogate) && isReached()) {
    reasons.push('a gradient passes through the learning signal or its slope');
  }
  if (scores.some((score) => !isFactor(builder, score))) {
    reasons.push('the factor of the score is not the signal minus its baseline');
  }
  return reasons;
}

/** Whether the held factor is sg(S − b), with each unit's own part where there is a second-order term. */
function isFactor(builder: ProgramBuilder, { held, signal, baseline, curvature }: ScoreTerm): boolean {
  const stop = builder.definition(held);
  if ('role' in stop || stop.kind !== 'stop_gradient') return false;
  const isCentred = (value: ValueId): boolean => {
    const definition = builder.definition(value);
    if (value === signal) return baseline === undefined;
    if ('role' in definition) return false;
    if (definition.kind === 'reshape') return isCentred(definition.args[0]);
    if (definition.kind !== 'subtract') return false;
    return definition.args[0] === signal && definition.args[1] === baseline;
  };
  const [factor] = stop.args;
  if (isCentred(factor)) return curvature?.own === undefined;
  const sum = builder.definition(factor);
  return !('role' in sum) && sum.kind === 'add' && isCentred(sum.args[0]) && sum.args[1] === curvature?.own;
}

/** Whether a value is the sum of the others, each once. */
function isSumOf(builder: ProgramBuilder, value: ValueId, parts: readonly ValueId[]): boolean {
  const summands = splitSum(builder, value, new Set(parts));
  return (
    summands.length === parts.length &&
    parts.every((part) => summands.some((summand) => summand.value === part && summand.sign === 1))
  );
}

function isStopOf(builder: ProgramBuilder, value: ValueId, of: ValueId): boolean {
  const definition = builder.definition(value);
  return !('role' in definition) && definition.kind === 'stop_gradient' && definition.args[0] === of;
}
