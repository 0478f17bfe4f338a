/** Smaller values for a model's constants, at which its latent configurations can be counted out. */
import { trainedShape, type Artifact } from '@sbn/program';
import { countConfigurations } from './configurations.js';

export interface ShrinkOptions {
  /** Configurations that are few enough. */
  readonly most: number;
  /** Constants to be left as they are. */
  readonly fixed: readonly string[];
  /** The model with some of its constants replaced; undefined where it is no model then. */
  readonly compile: (constants: Readonly<Record<string, number>>) => Artifact | undefined;
}

export interface ShrunkModel {
  readonly artifact: Artifact;
  /** The constants that were replaced, with their new values. */
  readonly constants: Readonly<Record<string, number>>;
}

/** Sizes are tried from the largest: a model is proved better with some variety in it. */
const SIZES = [5, 4, 3, 2, 1] as const;

/**
 * Reduces the constants that are sizes, those whose change makes a shape, the number of sites or a support smaller, until there are at most `most`
 * configurations. Each step is compiled, and taken only if the result is a model still.
 * @returns undefined where no such values are found. @throws SettingsError for real latents.
 */
export function shrinkConstants(artifact: Artifact, options: ShrinkOptions): ShrunkModel | undefined {
  for (const size of SIZES) {
    const shrunk = shrinkTo(size, { artifact, constants: {} }, options);
    if (countConfigurations(shrunk.artifact) <= options.most) return withoutNeedless(shrunk, options);
  }
  return undefined;
}

/** All constants at most `size`, or the next smaller value that compiles. */
function shrinkTo(size: number, start: ShrunkModel, { fixed, compile }: ShrinkOptions): ShrunkModel {
  let best = start;
  for (const names of movesOf(start.artifact, fixed)) {
    for (let value = size; value >= 1; value -= 1) {
      const larger = names.filter((name) => (best.artifact.constants[name] ?? 0) > value);
      if (larger.length === 0) break;
      const constants = { ...best.constants, ...Object.fromEntries(larger.map((name) => [name, value])) };
      const artifact = compile(constants);
      if (artifact === undefined || measure(artifact) >= measure(best.artifact)) continue;
      best = { artifact, constants };
      break;
    }
  }
  return best;
}

/** What may be changed together: constants of the same value, which may have to stay the same; then each by itself. */
function movesOf({ constants }: Artifact, fixed: readonly string[]): readonly (readonly string[])[] {
  const sizes = Object.entries(constants).filter(
    ([name, value]) => Number.isInteger(value) && value > 1 && !fixed.includes(name),
  );
  const alike = [...new Set(sizes.map(([, value]) => value))].map((value) => sizes.filter((size) => size[1] === value));
  const together = alike.filter((group) => group.length > 1).map((group) => group.map(([name]) => name));
  return [...together, ...sizes.map(([name]) => [name])];
}

/** Leaves out replacements that make nothing smaller: they are no sizes, or follow from others. */
function withoutNeedless(shrunk: ShrunkModel, { compile }: ShrinkOptions): ShrunkModel {
  let best = shrunk;
  for (const name of Object.keys(shrunk.constants)) {
    const constants = Object.fromEntries(Object.entries(best.constants).filter(([other]) => other !== name));
    const artifact = compile(constants);
    if (artifact !== undefined && measure(artifact) <= measure(best.artifact)) best = { artifact, constants };
  }
  return best;
}

/** How large a model is: all the numbers of its sites, parameters and data rows, and the largest values of its counts. */
function measure({ sites, parameters, data }: Artifact): number {
  const shapes = [...sites.map(trainedShape), ...[...parameters, ...data].map(({ shape }) => shape)];
  const ends = sites.reduce((sum, { largest = 0 }) => sum + largest, 0);
  return shapes.reduce((sum, shape) => sum + shape.reduce((product, length) => product * length, 1), ends);
}
