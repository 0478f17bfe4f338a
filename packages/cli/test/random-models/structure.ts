/** The latents of a random model: which sites there are, in which plates and families, before anything is written of them. */
import type { Choices } from './choices.js';
import type { LatentName } from './distributions.js';
import type { EstimatorChoice } from './estimators.js';

export interface LatentSpec {
  readonly name: string;
  readonly distribution: LatentName;
  /** Of the value of one element; the classes of one-hot values last. */
  readonly shape: readonly number[];
  /** What its guide draws from, where that is another distribution. */
  readonly guide: LatentName;
  /** What stands after `via`, where something does. */
  readonly via: EstimatorChoice | undefined;
  readonly summed: boolean;
  /** Of a family `z[0] … z[n]`: what n is. */
  readonly last: number | undefined;
  /** The size of a plate in the loop of a family. */
  readonly inner: number | undefined;
}

export type Node =
  | { readonly kind: 'site'; readonly spec: LatentSpec }
  | { readonly kind: 'plate'; readonly size: number; readonly nodes: readonly Node[] };

/** How many values a unit can have. Counts that do not end are cut where they have no probability left. */
const CHOICES: Readonly<Record<LatentName, number>> = {
  bernoulli: 2,
  categorical: 2,
  binomial: 3,
  poisson: 8,
  geometric: 9,
};

const UNITS: readonly [readonly number[], ...(readonly number[])[]] = [[], [2], [1], [2, 1], [1, 2], [3]];

export interface StructureOptions {
  readonly choices: Choices;
  readonly fresh: (prefix: string) => string;
  /** Configurations of all sites together. */
  readonly most: number;
  readonly distributions: readonly [LatentName, ...LatentName[]];
  readonly via: (distribution: LatentName) => EstimatorChoice | undefined;
  /** Whether a site of so many plates may be summed out. */
  readonly sums: (plates: number, distribution: LatentName) => boolean;
}

/** One to four sites, with as many values together as are counted out quickly. */
export class StructureWriter {
  readonly #options: StructureOptions;
  #left: number;

  constructor(options: StructureOptions) {
    this.#options = options;
    this.#left = options.most;
  }

  write(plates: readonly number[] = []): readonly Node[] {
    const { choices } = this.#options;
    const count = choices.between(1, plates.length === 0 ? 3 : 2);
    return Array.from({ length: count }).flatMap(() => {
      if (plates.length < 2 && choices.chance(40)) return this.#writePlate(plates);
      return this.#writeSite(plates);
    });
  }

  #writePlate(plates: readonly number[]): readonly Node[] {
    const size = this.#options.choices.pick([2, 3, 1]);
    const nodes = this.write([...plates, size]);
    return nodes.length === 0 ? [] : [{ kind: 'plate', size, nodes }];
  }

  /** The first of a few attempts that there are configurations enough for. */
  #writeSite(plates: readonly number[]): readonly Node[] {
    const { choices, fresh, distributions, via, sums } = this.#options;
    const elements = plates.reduce((product, size) => product * size, 1);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const distribution = choices.pick(distributions);
      const units = attempt === 0 ? choices.pick(UNITS) : [];
      const classes = distribution === 'categorical' ? choices.pick([3, 2]) : undefined;
      const last = choices.chance(25) ? choices.between(1, 2) : undefined;
      const inner = last !== undefined && plates.length < 2 && choices.chance(30) ? 2 : undefined;
      const draws = elements * units.reduce((product, size) => product * size, 1) * ((last ?? 0) + 1) * (inner ?? 1);
      const values = (classes ?? CHOICES[distribution]) ** draws;
      if (values > this.#left) continue;
      this.#left = Math.floor(this.#left / values);
      // Of what is summed out in a plate of its own, no cost would be in the same.
      const summed = inner === undefined && sums(plates.length, distribution);
      const counts = distribution === 'poisson' || distribution === 'geometric';
      const spec: LatentSpec = {
        name: fresh('z'),
        distribution,
        shape: classes === undefined ? units : [...units, classes],
        guide: counts ? choices.pick([distribution, 'poisson', 'geometric', 'binomial']) : distribution,
        via: summed ? undefined : via(distribution),
        summed,
        last,
        inner,
      };
      return [{ kind: 'site', spec }];
    }
    return [];
  }
}
