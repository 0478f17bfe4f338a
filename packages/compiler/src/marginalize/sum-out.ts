/**
 * The graph without the sites that are summed out.
 * Requires that no drawn site is downstream of one of them. Ensures that every cost, and every gradient of a parameter or
 * of a drawn site's value through it, is the exact sum over their values.
 */
import { BATCH, isBatchDim, ProgramBuilder, type ValueId } from '@sbn/program';
import { shift } from '../distributions/categorical.js';
import { connectGraph, type BuiltCost, type BuiltSite } from '../lower/connect-graph.js';
import type { CostTerm, GraphSite, JointPosterior, StochasticGraph } from '../stochastic-graph.js';
import { groupCosts, type CostGroup, type SumMode } from './groups.js';
import { assignmentsOf, type Assignment } from './supports.js';
import { unroll, type Unrolled } from './unroll.js';

export function sumOut(graph: StochasticGraph, enumerated: readonly GraphSite[], mode: SumMode): StochasticGraph {
  const builder = new ProgramBuilder('forward');
  const groups = groupCosts(graph, enumerated, mode);
  const kept = remainingSites(graph, enumerated);
  const unrolled = unroll(builder, graph, enumerated, neededValues(graph, kept, groups));
  const valueOf = (id: ValueId): ValueId => unrolled.allRowsAt(id, new Map());

  const summed = new Map<CostTerm, BuiltCost | undefined>();
  const posteriors: JointPosterior[] = [];
  for (const group of groups) {
    builder.within(`sum(${group.sites.map(({ id }) => id).join(', ')})`, () => {
      if (mode === 'outside') {
        for (const [cost, value] of emitExpectations(builder, unrolled, group)) {
          // The distribution of the cost's own site is summed over, not drawn from: its gradient is no longer of mean zero.
          summed.set(cost, { ...cost, value, isScore: false });
        }
        return;
      }
      const { value, logWeights } = emitNegativeLog(builder, unrolled, group);
      const [first, ...others] = group.costs;
      if (first === undefined) return;
      summed.set(first, { name: nameTogether(group.costs), site: first.site, value, isScore: false });
      for (const other of others) summed.set(other, undefined);
      posteriors.push({ sites: group.sites, logWeights });
    });
  }
  const costs = graph.costs.flatMap((cost) =>
    summed.has(cost) ? (summed.get(cost) ?? []) : { ...cost, value: valueOf(cost.value) },
  );
  return connectGraph(builder, { sites: kept.map((site) => moveSite(site, valueOf)), costs, posteriors });
}

/** All sites but those summed out, and the observed ones that depend on those: they are left in the costs alone. */
function remainingSites({ sites }: StochasticGraph, enumerated: readonly GraphSite[]): readonly GraphSite[] {
  const gone = new Set(enumerated.map(({ id }) => id));
  return sites.filter(({ id, parents }) => !gone.has(id) && !parents.some((parent) => gone.has(parent)));
}

function neededValues(
  graph: StochasticGraph,
  kept: readonly GraphSite[],
  groups: readonly CostGroup[],
): readonly ValueId[] {
  return [
    ...graph.costs.map(({ value }) => value),
    ...groups.flatMap(({ sites }) => sites.map(({ logProbability }) => logProbability)),
    ...kept.flatMap((site) => [
      site.value,
      site.mean,
      site.unitLogProbability,
      site.logProbability,
      ...Object.values(site.parameters),
    ]),
  ];
}

function moveSite(site: GraphSite, valueOf: (id: ValueId) => ValueId): BuiltSite {
  const parameters = Object.entries(site.parameters).map(([name, value]) => [name, valueOf(value)] as const);
  return {
    ...site,
    value: valueOf(site.value),
    mean: valueOf(site.mean),
    unitLogProbability: valueOf(site.unitLogProbability),
    logProbability: valueOf(site.logProbability),
    parameters: Object.fromEntries(parameters),
  };
}

/** Σ_v Π_i p_i(v_i | pa_i) · f_c(v), `[B]`, for each cost of the group. */
function emitExpectations(
  builder: ProgramBuilder,
  unrolled: Unrolled,
  { sites, costs }: CostGroup,
): readonly (readonly [CostTerm, ValueId])[] {
  const assignments = assignmentsOf(sites);
  const probabilities = builder.emit('exp', [emitLogProbabilities(builder, unrolled, sites, assignments)], {});
  return costs.map((cost) => {
    const values = emitStack(builder, assignments, (assignment) => unrolled.at(cost.value, assignment));
    return [cost, toRows(builder, builder.sum(builder.multiply(probabilities, values), [1]))];
  });
}

/** −log Σ_v exp(Σ_i log p_i(v_i | pa_i) − Σ_c f_c(v)), `[B]`, and what is in the exponent, `[B, K]`. */
function emitNegativeLog(
  builder: ProgramBuilder,
  unrolled: Unrolled,
  { sites, costs }: CostGroup,
): { readonly value: ValueId; readonly logWeights: ValueId } {
  const assignments = assignmentsOf(sites);
  let logWeights = emitLogProbabilities(builder, unrolled, sites, assignments);
  for (const cost of costs) {
    const values = emitStack(builder, assignments, (assignment) => unrolled.at(cost.value, assignment));
    logWeights = builder.subtract(logWeights, values);
  }
  const largest = shift(builder, logWeights, [1]);
  const total = builder.sum(builder.emit('exp', [builder.subtract(logWeights, largest)], {}), [1]);
  const logSum = builder.add(builder.emit('log', [total], {}), builder.reshape(largest, builder.shapeOf(total)));
  return {
    value: toRows(builder, builder.negate(logSum)),
    logWeights: builder.broadcast(logWeights, [BATCH, assignments.length]),
  };
}

/** Σ_i log p_i(v_i | pa_i) of each joint value: `[B, K]`, or `[1, K]` where it is the same for all rows. */
function emitLogProbabilities(
  builder: ProgramBuilder,
  unrolled: Unrolled,
  sites: readonly GraphSite[],
  assignments: readonly Assignment[],
): ValueId {
  return emitStack(builder, assignments, (assignment) =>
    sites.map(({ logProbability }) => unrolled.at(logProbability, assignment)).reduce((a, b) => builder.add(a, b)),
  );
}

/** One number per row and assignment, side by side: `[B, K]`, or `[1, K]` where no row differs. */
function emitStack(
  builder: ProgramBuilder,
  assignments: readonly Assignment[],
  valueOf: (assignment: Assignment) => ValueId,
): ValueId {
  const values = assignments.map(valueOf);
  const differs = values.some((value) => builder.shapeOf(value).some(isBatchDim));
  const columns = values.map((value) =>
    differs ? builder.reshape(toRows(builder, value), [BATCH, 1]) : builder.reshape(value, [1, 1]),
  );
  return builder.emit('concat', columns, { axis: 1 });
}

/** `[1]` → `[B]`; `[B]` stays. */
function toRows(builder: ProgramBuilder, value: ValueId): ValueId {
  return builder.broadcast(value, [BATCH]);
}

/** `-log p(x, y)` of `-log p(x)` and `-log p(y)`. */
function nameTogether(costs: readonly CostTerm[]): string {
  const names = costs.map(({ name, site }) => site ?? name);
  const [only] = costs;
  return costs.length === 1 && only !== undefined ? only.name : `-log p(${names.join(', ')})`;
}
