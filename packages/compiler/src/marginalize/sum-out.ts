/**
 * The graph without the sites that are summed out.
 * Requires that no drawn site is downstream of one of them. Ensures that every cost, and every gradient of a parameter or
 * of a drawn site's value through it, is the exact sum over their values.
 */
import { isBatchDim, ProgramBuilder, type ValueId } from '@sbn/program';
import { logSumExp } from '../lower/operation.js';
import { elementsOf, repeatElements, sumElements } from '../elements.js';
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

/** Σ_v Π_i p_i(v_i | pa_i) · f_c(v), for each cost of the group in its own shape, `[m·B]`. */
function emitExpectations(
  builder: ProgramBuilder,
  unrolled: Unrolled,
  { sites, costs }: CostGroup,
): readonly (readonly [CostTerm, ValueId])[] {
  const assignments = assignmentsOf(sites);
  return costs.map((cost) => {
    const elements = unrolled.elementsOf(cost.value);
    const stack: Stack = { builder, unrolled, assignments, elements };
    const probabilities = builder.emit('exp', [emitLogProbabilities(stack, sites)], {});
    const values = emitStack(stack, [cost.value]);
    return [cost, toRows(stack, builder.sum(builder.multiply(probabilities, values), [1]))];
  });
}

/** −log Σ_v exp(Σ_i log p_i(v_i | pa_i) − Σ_c f_c(v)), `[m·B]`, and what is in the exponent, `[m·B, K]`. */
function emitNegativeLog(
  builder: ProgramBuilder,
  unrolled: Unrolled,
  { sites, costs }: CostGroup,
): { readonly value: ValueId; readonly logWeights: ValueId } {
  const assignments = assignmentsOf(sites);
  const elements = Math.max(...sites.map((site) => site.elements));
  const stack: Stack = { builder, unrolled, assignments, elements };
  let logWeights = emitLogProbabilities(stack, sites);
  for (const cost of costs) logWeights = builder.subtract(logWeights, emitStack(stack, [cost.value]));
  const logSum = logSumExp(builder, logWeights, [1]);
  return {
    value: toRows(stack, builder.negate(logSum)),
    logWeights: builder.broadcast(logWeights, [{ batch: elements }, assignments.length]),
  };
}

/** What numbers are put side by side for. */
interface Stack {
  readonly builder: ProgramBuilder;
  readonly unrolled: Unrolled;
  readonly assignments: readonly Assignment[];
  /** Of every row: m. */
  readonly elements: number;
}

/** Σ_i log p_i(v_i | pa_i) of each joint value: `[m·B, K]`, or `[1, K]` where it is the same for all rows. */
function emitLogProbabilities(stack: Stack, sites: readonly GraphSite[]): ValueId {
  return emitStack(
    stack,
    sites.map(({ logProbability }) => logProbability),
  );
}

/** The sum of the values, a number per element and assignment, side by side: `[m·B, K]`, or `[1, K]` where no row differs. */
function emitStack({ builder, unrolled, assignments, elements }: Stack, summands: readonly ValueId[]): ValueId {
  const valueAt = (assignment: Assignment): ValueId => {
    const values = summands.map((value) =>
      elements === 1 && unrolled.elementsOf(value) === 1
        ? unrolled.at(value, assignment)
        : fitElements(builder, unrolled.allRowsAt(value, assignment), elements),
    );
    return values.reduce((a, b) => builder.add(a, b));
  };
  const values = assignments.map(valueAt);
  const differs = values.some((value) => builder.shapeOf(value).some(isBatchDim));
  const columns = values.map((value) =>
    differs
      ? builder.reshape(builder.broadcast(value, [{ batch: elements }]), [{ batch: elements }, 1])
      : builder.reshape(value, [1, 1]),
  );
  return builder.emit('concat', columns, { axis: 1 });
}

/** Summed over the elements of inner plates, or repeated for each element. */
function fitElements(builder: ProgramBuilder, value: ValueId, elements: number): ValueId {
  return elementsOf(builder, value) > elements
    ? sumElements(builder, value, elements)
    : repeatElements(builder, value, elements);
}

/** `[1]` → `[m·B]`; `[m·B]` stays. */
function toRows({ builder, elements }: Stack, value: ValueId): ValueId {
  return builder.broadcast(value, [{ batch: elements }]);
}

/** `-log p(x, y)` of `-log p(x)` and `-log p(y)`. */
function nameTogether(costs: readonly CostTerm[]): string {
  const names = costs.map(({ name, site }) => site ?? name);
  const [only] = costs;
  return costs.length === 1 && only !== undefined ? only.name : `-log p(${names.join(', ')})`;
}
