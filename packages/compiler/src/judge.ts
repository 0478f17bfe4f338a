/**
 * Decides by reachability in the program whether a site's gradient is unbiased.
 *
 * Requires: the expansion stands in `builder`, before any optimisation. Ensures: `unbiased` only if
 * every condition below holds; otherwise the reasons, in words. The conditions are sufficient:
 *  1. F̄_i, every g⁽ⁱ⁾_k and b_i depend neither on x_i nor on anything downstream of it, noise included;
 *  2. the g_i of the analytic term is the g_i that the signal subtracts;
 *  3. the score and the mean μ_i of the analytic term are at the sampled parents;
 *  4. the expanded cost reaches the site's value through no operation that is flat between the points of the support
 *     (decided on the graph, by the plan: such a control variate would be worthless, not wrong);
 *  5. the signal and the slopes reach the surrogate with their gradient stopped;
 *  6. a second-order term is H δ with δ = x_i − μ_i(pa_i) at the sampled parents, and with an H that is as free of the draw
 *     as condition 1 asks: but for δ, nothing of the draw reaches the product, which is linear in δ as it is made.
 */
import type { Instruction, ProgramBuilder, ValueId, Verdict } from '@sbn/program';
import { reachedTargets } from './reachability.js';
import type { SiteExpansion, SiteTerm } from './estimators/estimator.js';
import type { Pass } from './pass.js';
import type { StochasticGraph } from './stochastic-graph.js';

/** What every site of a program is judged by. */
export interface Evidence {
  readonly builder: ProgramBuilder;
  readonly graph: StochasticGraph;
  readonly base: Pass;
  /** All that has been emitted, in order. */
  readonly instructions: readonly Instruction[];
  /** Noise inputs by the site that they are for. */
  readonly noise: ReadonlyMap<string, ValueId>;
}

/** Reads the program once for all sites. */
export function gatherEvidence(builder: ProgramBuilder, graph: StochasticGraph, base: Pass): Evidence {
  const instructions: Instruction[] = [];
  const noise = new Map<string, ValueId>();
  for (let id = 0; id < builder.size; id += 1) {
    const definition = builder.definition(id);
    if (!('role' in definition)) instructions.push(definition);
    else if (definition.role === 'noise') noise.set(definition.name, id);
  }
  return { builder, graph, base, instructions, noise };
}

export function judgeSite(evidence: Evidence, term: SiteTerm, expansion: SiteExpansion): Verdict {
  if (expansion.bias !== undefined) return { kind: 'biased', reasons: [expansion.bias] };
  const reasons = [
    ...findDependentCoefficients(evidence, term, expansion),
    ...findMismatchedTerms(evidence, expansion),
    ...findDependentCurvature(evidence, term, expansion),
    ...findUnstoppedGradients(evidence, expansion),
  ];
  return reasons.length === 0 ? { kind: 'unbiased' } : { kind: 'biased', reasons };
}

/** Condition 1. */
function findDependentCoefficients(evidence: Evidence, term: SiteTerm, expansion: SiteExpansion): readonly string[] {
  const coefficients = [
    { name: 'the expanded cost', value: expansion.expandedCost },
    { name: 'the baseline', value: expansion.baseline },
    ...expansion.slopes.map(({ site, value }) => ({ name: `the slope at ${site}`, value })),
  ].flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
  const targets = coefficients.map(({ value }) => value);
  const reached = reachedTargets(evidence.instructions, drawsOf(evidence, term), targets);
  return coefficients.flatMap(({ name, value }) =>
    reached.has(value) ? [`${name} depends on the draw of ${term.site} itself`] : [],
  );
}

/** Condition 6. */
function findDependentCurvature(evidence: Evidence, term: SiteTerm, { curvature }: SiteExpansion): readonly string[] {
  if (curvature === undefined) return [];
  const { builder, graph, base, instructions } = evidence;
  const site = graph.sites.find(({ id }) => id === term.site);
  const step = builder.definition(curvature.step);
  const isStep =
    site !== undefined &&
    !('role' in step) &&
    step.kind === 'subtract' &&
    step.args[0] === base.latent(term.site) &&
    step.args[1] === base.valueOf(site.mean);
  if (!isStep) return ['the second-order term is not taken along the draw minus its mean at the sampled parents'];
  const passes = ({ id }: Instruction): boolean => id !== curvature.step;
  return reachedTargets(instructions, drawsOf(evidence, term), [curvature.product], passes).size > 0
    ? [`the curvature depends on the draw of ${term.site} itself`]
    : [];
}

/** The values drawn at the site and downstream of it, and the noise that they are drawn with. */
function drawsOf({ base, noise }: Evidence, { site, downstream }: SiteTerm): readonly ValueId[] {
  return [site, ...downstream].flatMap((id) => {
    const input = noise.get(id);
    return input === undefined ? [base.latent(id)] : [base.latent(id), input];
  });
}

/** Conditions 2 and 3. */
function findMismatchedTerms(
  { builder, graph, base, instructions }: Evidence,
  expansion: SiteExpansion,
): readonly string[] {
  const site = graph.sites.find(({ id }) => id === expansion.site);
  if (site === undefined) return [`there is no site ${expansion.site}`];
  const { analytic, signal } = expansion;
  const own = expansion.slopes.find((slope) => slope.site === expansion.site);
  if (analytic === undefined) {
    return own === undefined ? [] : ['the signal subtracts a control variate whose expectation is not put back'];
  }
  const reasons: string[] = [];
  if (own?.value !== analytic.slope || !isStopOf(builder, analytic.held, analytic.slope)) {
    reasons.push('the slope of the analytic term is not the slope that the signal subtracts');
  } else if (signal === undefined || reachedTargets(instructions, [analytic.slope], [signal]).size === 0) {
    reasons.push('the signal does not subtract the control variate of the analytic term');
  }
  if (analytic.mean !== base.valueOf(site.mean)) {
    reasons.push('the mean of the analytic term is not at the sampled parents');
  }
  return reasons;
}

/** Condition 5. */
function findUnstoppedGradients({ instructions }: Evidence, expansion: SiteExpansion): readonly string[] {
  const slopes = expansion.slopes.map(({ value }) => value);
  const coefficients = expansion.signal === undefined ? slopes : [expansion.signal, ...slopes];
  const passes = ({ kind }: Instruction): boolean => kind !== 'stop_gradient';
  return reachedTargets(instructions, coefficients, [expansion.surrogate], passes).size > 0
    ? ['a gradient passes through the learning signal or its slope']
    : [];
}

function isStopOf(builder: ProgramBuilder, value: ValueId, of: ValueId): boolean {
  const definition = builder.definition(value);
  return !('role' in definition) && definition.kind === 'stop_gradient' && definition.args[0] === of;
}
