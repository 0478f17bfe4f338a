/** What stands for a site in a pass whose units depend on earlier ones. */
import { InternalError, type ProgramBuilder, type ValueId } from '@sbn/program';
import { DISTRIBUTIONS } from '../distributions/index.js';
import { leadOf } from '../elements.js';
import type { LatentValue } from '../pass.js';
import type { GraphSite, StochasticGraph } from '../stochastic-graph.js';
import { emitCone, emitInOrder, type Surroundings } from './emit-in-order.js';
import { ownCone, type UnitRange } from './order-units.js';

/** What stands in the pass for a value that does not depend on the site's. */
type ValueOf = (forward: ValueId) => ValueId;

/** An ancestral draw from uniforms in the shape of the site's port. */
export function drawInOrder(
  builder: ProgramBuilder,
  graph: StochasticGraph,
  site: GraphSite,
  noise: ValueId,
  valueOf: ValueOf,
): ValueId {
  const { sample } = DISTRIBUTIONS[site.distribution];
  const uniforms = builder.reshape(noise, [leadOf(site), ...site.elementShape]);
  return emitInOrder(builder, site, rangesOf(site), surround(graph, site, valueOf), (parameters, { start, size }) => {
    const part = [leadOf(site), size, ...site.elementShape.slice(1)];
    const begin = part.map((_, axis) => (axis === 1 ? start : 0));
    return sample(builder, parameters, builder.slice(uniforms, begin, part), part);
  });
}

/** How often the means are computed from one another, from zeros. */
const SWEEPS = 4;

/**
 * Values near the means that drawing unit by unit would come to: all means at once from the values before, a few times. As an
 * expansion point nothing is asked of them but that they are free of the draws. The derivative by the lever, a zero that is added
 * each time, is the total one, through what a unit does to later ones; of long chains of such effects the first few links.
 */
export function relaxInOrder(
  builder: ProgramBuilder,
  graph: StochasticGraph,
  site: GraphSite,
  valueOf: ValueOf,
): LatentValue {
  const shape = [leadOf(site), ...site.elementShape];
  const lever = builder.fill(0, shape);
  let value = builder.fill(0, shape);
  for (let sweep = 0; sweep < Math.min(SWEEPS, rangesOf(site).length); sweep += 1) {
    value = builder.add(meanGiven(builder, graph, site, value, valueOf), lever);
  }
  return { value, lever };
}

/** E[x_n | x_<n, parents] of each unit where the site has `value`. */
export function meanGiven(
  builder: ProgramBuilder,
  graph: StochasticGraph,
  site: GraphSite,
  value: ValueId,
  valueOf: ValueOf,
): ValueId {
  const parameters = emitCone(builder, site, surround(graph, site, valueOf), value);
  return builder.broadcast(DISTRIBUTIONS[site.distribution].mean(builder, parameters), [
    leadOf(site),
    ...site.elementShape,
  ]);
}

function surround({ dependents }: StochasticGraph, site: GraphSite, valueOf: ValueOf): Surroundings {
  return { cone: ownCone(dependents.get(site.id) ?? [], Object.values(site.parameters)), valueOf };
}

function rangesOf({ id, order }: GraphSite): readonly UnitRange[] {
  if (order?.kind !== 'ordered') throw new InternalError(`the units of ${id} have no order`);
  return order.ranges;
}
