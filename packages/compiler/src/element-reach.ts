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
 * For each latent site in a plate, the finest level at which its blocks influence blocks of the costs and of the sites downstream,
 * through any path. Every operation but a reshape keeps rows and elements apart as far as its first axis does; a reshape keeps the
 * order. A site of one element has level 1 wherever it enters, and is left out.
 */
export function findReach(
  forward: Program,
  sites: readonly Pick<GraphSite, 'id' | 'role' | 'elements' | 'value' | 'parameters'>[],
  costs: readonly Pick<CostTerm, 'name' | 'value'>[],
): ReadonlyMap<string, Reach> {
  const latents = sites.filter(({ role }) => role === 'latent');
  if (latents.every(({ elements }) => elements === 1)) return new Map();
  const entries = findEntries(
    forward,
    latents,
    latents.map(({ parameters }) => Object.values(parameters)),
  );
  const costEntries = findEntries(
    forward,
    latents,
    costs.map(({ value }) => [value]),
  );
  return new Map(
    latents.flatMap((site, place) => {
      if (site.elements === 1) return [];
      const reached = new Map([[place, site.elements]]);
      // The coarsest of all paths: through what the site has reached so far.
      const levelOf = (found: readonly Entry[]): number | undefined =>
        found.reduce<number | undefined>((level, entry) => {
          const source = reached.get(entry.source);
          if (source === undefined) return level;
          const here = commonDivisor(entry.level, source);
          return level === undefined ? here : commonDivisor(level, here);
        }, undefined);
      latents.forEach((other, index) => {
        if (index === place) return;
        const level = levelOf(entries[index] ?? []);
        if (level !== undefined) reached.set(index, commonDivisor(level, other.elements));
      });
      const reach = costs.flatMap(({ name }, index) => {
        const level = levelOf(costEntries[index] ?? []);
        return level === undefined ? [] : [[name, level] as const];
      });
      reached.delete(place);
      const below = [...reached].flatMap(([index, level]) => {
        const other = latents[index];
        return other === undefined ? [] : [[other.id, level] as const];
      });
      return [[site.id, { sites: new Map(below), costs: new Map(reach) }] as const];
    }),
  );
}

/** A latent site, by its place, that a value depends on without passing through a draw, and the level at which it does. */
interface Entry {
  readonly source: number;
  readonly level: number;
}

/** For each of `targets`, the latent sites that enter one of its values; at the coarsest level where they enter several. */
function findEntries(
  forward: Program,
  latents: readonly Pick<GraphSite, 'elements' | 'value'>[],
  targets: readonly (readonly ValueId[])[],
): readonly (readonly Entry[])[] {
  const entries: Entry[][] = targets.map(() => []);
  latents.forEach(({ value, elements }, source) => {
    const levels = levelsFrom(forward, value, elements);
    targets.forEach((values, index) => {
      const found = values.flatMap((of) => levels.get(of) ?? []);
      if (found.length > 0) entries[index]?.push({ source, level: found.reduce(commonDivisor) });
    });
  });
  return entries;
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
