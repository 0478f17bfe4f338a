/** How far the elements of a plate influence one another's costs: what a learning signal must hold, and what it may leave out. */
import { isBatchDim, type Program, type ValueId } from '@sbn/program';
import type { CostTerm, GraphSite } from './stochastic-graph.js';

/** At which level each site enters what depends on it: block by block. */
export interface Reach {
  /** By name of the cost. */
  readonly costs: ReadonlyMap<string, number>;
  /** By site. */
  readonly sites: ReadonlyMap<string, number>;
}

/**
 * For each latent site, the finest level at which its blocks influence blocks of the costs and of the sites downstream, through any
 * path. Every operation but a reshape keeps rows and elements apart as far as its first axis does; a reshape keeps the order.
 */
export function findReach(
  forward: Program,
  sites: readonly Pick<GraphSite, 'id' | 'role' | 'elements' | 'value' | 'parameters'>[],
  costs: readonly Pick<CostTerm, 'name' | 'value'>[],
): ReadonlyMap<string, Reach> {
  const latents = sites.filter(({ role }) => role === 'latent');
  const direct = new Map(latents.map((site) => [site.id, levelsFrom(forward, site.value, site.elements)]));
  return new Map(
    latents.map((site) => {
      const reached = new Map([[site.id, site.elements]]);
      // The coarsest of all paths: through what the site has reached so far.
      const levelOf = (values: readonly ValueId[]): number | undefined => {
        const levels = [...reached].flatMap(([id, level]) =>
          values.flatMap((value) => {
            const found = direct.get(id)?.get(value);
            return found === undefined ? [] : [commonDivisor(found, level)];
          }),
        );
        return levels.length === 0 ? undefined : levels.reduce(commonDivisor);
      };
      for (const other of latents) {
        if (other.id === site.id) continue;
        const level = levelOf(Object.values(other.parameters));
        if (level !== undefined) reached.set(other.id, commonDivisor(level, other.elements));
      }
      const reach = costs.flatMap(({ name, value }) => {
        const level = levelOf([value]);
        return level === undefined ? [] : [[name, level] as const];
      });
      reached.delete(site.id);
      return [site.id, { sites: reached, costs: new Map(reach) }];
    }),
  );
}

function levelsFrom(
  { inputs, instructions }: Program,
  source: ValueId,
  elements: number,
): ReadonlyMap<ValueId, number> {
  const levels = new Map([[source, elements]]);
  const shapes = new Map([...inputs, ...instructions].map(({ id, shape }) => [id, shape]));
  const inFront = (id: ValueId): number => {
    const dim = shapes.get(id)?.[0];
    return dim !== undefined && isBatchDim(dim) ? dim.batch : 1;
  };
  for (const { id, kind, args } of instructions) {
    const found = args.flatMap((arg) => {
      const level = levels.get(arg);
      if (level === undefined) return [];
      return [kind === 'reshape' ? level : commonDivisor(level, commonDivisor(inFront(arg), inFront(id)))];
    });
    if (found.length > 0) levels.set(id, found.reduce(commonDivisor));
  }
  return levels;
}

export function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
