/**
 * From the stochastic graph to the gradient plan: for every latent site its estimator, the costs it
 * learns from and the sites it influences.
 * Requires a lowered graph. Ensures one term for each latent site that a cost depends on.
 */
import { suggest, type Diagnostic, type Outcome } from '@sbn/dsl';
import { at, smoothnessOf, type Instruction, type ValueId } from '@sbn/program';
import { bitsOf, countBits, emptyRow, setBit, spreadBits } from './bit-rows.js';
import { DEFAULT_ESTIMATOR, type EstimatorTable } from './estimators/index.js';
import type { SiteTerm } from './estimators/estimator.js';
import { gradientDiagnostics } from './gradient-catalogue.js';
import type { GradientPlan } from './gradient-plan.js';
import { ENUMERATE } from './marginalize/index.js';
import { planReach, type SiteReach } from './plan-reach.js';
import { planSums } from './plan-sums.js';
import { descendantsOf } from './reachability.js';
import type { GraphSite, StochasticGraph } from './stochastic-graph.js';
import type { EstimatorRequest } from './typed-model.js';

export function planGradient(
  graph: StochasticGraph,
  fileRequest: EstimatorRequest | undefined,
  estimators: EstimatorTable,
): Outcome<GradientPlan> {
  const diagnostics: Diagnostic[] = [];
  const terms: SiteTerm[] = [];
  const reach = planReach(graph);
  const rolloutPasses = countRolloutPasses(graph, reach);
  const hasFlat = graph.forward.instructions.some(mayBeFlat);
  for (const { site, downstream, costs: localCosts } of reach.values()) {
    const request = site.typed.via ?? fileRequest;
    if (localCosts.length === 0) {
      diagnostics.push(gradientDiagnostics.report('SBN5101', { site: site.id }, site.typed.span));
      continue;
    }
    const name = request?.name ?? DEFAULT_ESTIMATOR;
    const estimator = estimators.get(name);
    if (estimator === undefined) {
      diagnostics.push(unknownEstimator(name, request, site, [...estimators.keys(), ENUMERATE]));
      continue;
    }
    if (site.order !== undefined && estimator.assumesIndependence) {
      const reason = 'it is for units that are independent of one another, and this site reads its own value';
      diagnostics.push(
        gradientDiagnostics.report(
          'SBN4005',
          { estimator: name, site: site.id, reason },
          request?.span ?? site.typed.span,
        ),
      );
      continue;
    }
    const obstacle = estimator.relaxes && hasFlat ? findFlatOperation(graph, site, localCosts) : undefined;
    if (obstacle !== undefined) {
      diagnostics.push(
        gradientDiagnostics.report(
          'SBN4004',
          { site: site.id, operation: obstacle.operation, place: obstacle.place },
          site.typed.span,
        ),
      );
      continue;
    }
    const planned = estimator.plan({ graph, site, request, localCosts, downstream, rolloutPasses });
    diagnostics.push(...planned.diagnostics);
    if (planned.value !== undefined) terms.push(planned.value);
  }
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  return {
    value: failed ? undefined : { terms, sums: planSums(graph, terms, reach) },
    diagnostics: withoutRepeats(diagnostics),
  };
}

/** What is wrong with the estimator of the whole file is found at each of its sites, and said once. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const keyOf = ({ code, message, span }: Diagnostic): string => `${code}:${span.start}:${span.end}:${message}`;
  return [...new Map(diagnostics.map((diagnostic) => [keyOf(diagnostic), diagnostic])).values()];
}

/** A rollout of a site emits again what its value, or a value downstream of it, enters. */
function countRolloutPasses(graph: StochasticGraph, reach: ReadonlyMap<string, SiteReach>): number {
  const { instructions, inputs } = graph.forward;
  const bits = reach.size;
  // The sites whose rollouts have another value of each site: itself and those that it is downstream of.
  const relaxedBy = Array.from({ length: bits }, () => emptyRow(bits));
  [...reach.values()].forEach(({ siteRow }, place) => {
    for (const below of bitsOf(siteRow)) setBit(at(relaxedBy, below), place);
  });
  const places = new Map([...reach.keys()].map((id, place) => [id, place]));
  const seeds = new Map(
    inputs.flatMap(({ role, name, id }) =>
      role === 'latent' ? [[id, relaxedBy[places.get(name) ?? -1] ?? emptyRow(bits)] as const] : [],
    ),
  );
  const { rowOf } = spreadBits(instructions, inputs.length + instructions.length, bits, seeds);
  const emitted = instructions.reduce((count, { id }) => count + countBits(rowOf(id)), 0);
  return emitted / Math.max(1, instructions.length);
}

/** Whether an operation that was not asked for is flat in one of its operands. */
function mayBeFlat({ kind, args }: Instruction): boolean {
  return kind !== 'stop_gradient' && args.some((_: ValueId, position) => smoothnessOf(kind, position) === 'flat');
}

/** What the estimators are called elsewhere. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['reinforce', 'likelihood_ratio'],
  ['score_function', 'likelihood_ratio'],
  ['concrete', 'gumbel'],
  ['relaxed', 'gumbel'],
  ['vimco', 'rloo'],
  ['arm', 'disarm'],
]);

function unknownEstimator(
  name: string,
  request: EstimatorRequest | undefined,
  site: GraphSite,
  known: readonly string[],
): Diagnostic {
  const guess = suggest(name, known) ?? OTHER_NAMES.get(name);
  const hint = guess === undefined ? `the estimators are ${known.join(', ')}` : `did you mean \`${guess}\`?`;
  return gradientDiagnostics.report('SBN4001', { estimator: name }, request?.span ?? site.typed.span, { hint });
}

/**
 * An operation between the site's value and one of its costs that is flat between the points of the
 * support, so that there is no slope to expand the cost with. A `stop_gradient` is not: it is asked for.
 */
function findFlatOperation(
  graph: StochasticGraph,
  site: GraphSite,
  costs: readonly string[],
): { readonly operation: string; readonly place: string } | undefined {
  const { forward } = graph;
  const fromSite = descendantsOf(forward.instructions, [site.value]);
  const toCost = new Set(graph.costs.filter(({ name }) => costs.includes(name)).map(({ value }) => value));
  for (const instruction of forward.instructions.toReversed()) {
    if (toCost.has(instruction.id)) for (const arg of instruction.args) toCost.add(arg);
  }
  for (const instruction of forward.instructions) {
    if (!toCost.has(instruction.id) || instruction.kind === 'stop_gradient') continue;
    const flat = instruction.args.some(
      (arg, position) => fromSite.has(arg) && smoothnessOf(instruction.kind, position) === 'flat',
    );
    if (flat)
      return {
        operation: instruction.kind,
        place: instruction.origin === undefined ? 'the objective' : `\`${instruction.origin}\``,
      };
  }
  return undefined;
}
