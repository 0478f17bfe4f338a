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
import type { Input, Instruction, ProgramBuilder, ValueId, Verdict } from '@sbn/program';
import { descendantsOf } from './reachability.js';
import type { SiteExpansion, SiteTerm } from './estimators/estimator.js';
import type { Pass } from './pass.js';
import type { StochasticGraph } from './stochastic-graph.js';

export function judgeSite(
  builder: ProgramBuilder,
  graph: StochasticGraph,
  base: Pass,
  term: SiteTerm,
  expansion: SiteExpansion,
): Verdict {
  if (expansion.bias !== undefined) return { kind: 'biased', reasons: [expansion.bias] };
  const reasons = [
    ...findDependentCoefficients(builder, base, term, expansion),
    ...findMismatchedTerms(builder, graph, base, expansion),
    ...findDependentCurvature(builder, graph, base, term, expansion),
    ...findUnstoppedGradients(builder, expansion),
  ];
  return reasons.length === 0 ? { kind: 'unbiased' } : { kind: 'biased', reasons };
}

/** Condition 1. */
function findDependentCoefficients(
  builder: ProgramBuilder,
  base: Pass,
  term: SiteTerm,
  expansion: SiteExpansion,
): readonly string[] {
  const reached = descendantsOf(instructionsOf(builder), drawsOf(builder, base, term));
  const coefficients: readonly (readonly [string, ValueId | undefined])[] = [
    ['the expanded cost', expansion.expandedCost],
    ['the baseline', expansion.baseline],
    ...expansion.slopes.map(({ site, value }) => [`the slope at ${site}`, value] as const),
  ];
  return coefficients.flatMap(([name, value]) =>
    value !== undefined && reached.has(value) ? [`${name} depends on the draw of ${term.site} itself`] : [],
  );
}

/** Condition 6. */
function findDependentCurvature(
  builder: ProgramBuilder,
  graph: StochasticGraph,
  base: Pass,
  term: SiteTerm,
  { curvature }: SiteExpansion,
): readonly string[] {
  if (curvature === undefined) return [];
  const site = graph.sites.find(({ id }) => id === term.site);
  const step = builder.definition(curvature.step);
  const isStep =
    site !== undefined &&
    !('role' in step) &&
    step.kind === 'subtract' &&
    step.args[0] === base.latent(term.site) &&
    step.args[1] === base.valueOf(site.mean);
  if (!isStep) return ['the second-order term is not taken along the draw minus its mean at the sampled parents'];
  const others = instructionsOf(builder).filter(({ id }) => id !== curvature.step);
  return descendantsOf(others, drawsOf(builder, base, term)).has(curvature.product)
    ? [`the curvature depends on the draw of ${term.site} itself`]
    : [];
}

/** The values drawn at the site and downstream of it, and the noise that they are drawn with. */
function drawsOf(builder: ProgramBuilder, base: Pass, term: SiteTerm): readonly ValueId[] {
  const drawn = [term.site, ...term.downstream];
  const noise = definitions(builder).filter(
    (definition) => 'role' in definition && definition.role === 'noise' && drawn.includes(definition.name),
  );
  return [...drawn.map((id) => base.latent(id)), ...noise.map(({ id }) => id)];
}

/** Conditions 2 and 3. */
function findMismatchedTerms(
  builder: ProgramBuilder,
  graph: StochasticGraph,
  base: Pass,
  expansion: SiteExpansion,
): readonly string[] {
  const site = graph.sites.find(({ id }) => id === expansion.site);
  const reasons: string[] = [];
  const instructions = instructionsOf(builder);
  if (site === undefined) return [`there is no site ${expansion.site}`];
  const own = expansion.slopes.find((slope) => slope.site === expansion.site);
  if (expansion.analytic === undefined) {
    if (own !== undefined) reasons.push('the signal subtracts a control variate whose expectation is not put back');
    return reasons;
  }
  const { slope, held, mean } = expansion.analytic;
  if (own?.value !== slope || !isStopOf(builder, held, slope)) {
    reasons.push('the slope of the analytic term is not the slope that the signal subtracts');
  } else if (expansion.signal === undefined || !descendantsOf(instructions, [slope]).has(expansion.signal)) {
    reasons.push('the signal does not subtract the control variate of the analytic term');
  }
  if (mean !== base.valueOf(site.mean)) reasons.push('the mean of the analytic term is not at the sampled parents');
  return reasons;
}

/** Condition 5. */
function findUnstoppedGradients(builder: ProgramBuilder, expansion: SiteExpansion): readonly string[] {
  const through = instructionsOf(builder).filter(({ kind }) => kind !== 'stop_gradient');
  const slopes = expansion.slopes.map(({ value }) => value);
  const coefficients = expansion.signal === undefined ? slopes : [expansion.signal, ...slopes];
  const reached = descendantsOf(through, coefficients);
  return reached.has(expansion.surrogate) ? ['a gradient passes through the learning signal or its slope'] : [];
}

function isStopOf(builder: ProgramBuilder, value: ValueId, of: ValueId): boolean {
  const definition = builder.definition(value);
  return !('role' in definition) && definition.kind === 'stop_gradient' && definition.args[0] === of;
}

function definitions(builder: ProgramBuilder): readonly (Input | Instruction)[] {
  return Array.from({ length: builder.size }, (_, id) => builder.definition(id));
}

function instructionsOf(builder: ProgramBuilder): readonly Instruction[] {
  return definitions(builder).filter((definition): definition is Instruction => !('role' in definition));
}
