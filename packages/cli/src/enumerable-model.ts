/** A model file at sizes at which its latent configurations can be counted out. */
import type { CompiledStages } from '@sbn/compiler';
import type { Artifact } from '@sbn/program';
import {
  countConfigurations,
  cutCounts,
  describeConfigurations,
  MOST_CONFIGURATIONS,
  shrinkConstants,
  smallestCuts,
} from '@sbn/runtime';
import { EXIT, Exit, UserError } from './exit.js';
import type { Host } from './host.js';
import { compileQuietly, readModelFile, reportStages, type ModelSource } from './model-file.js';
import type { ModelOptions } from './model-options.js';

/** What sizes that nobody asked for are reduced to. */
const FEW = 4096;

export interface EnumerableModel {
  readonly artifact: Artifact;
  /** The constants that were chosen here, not by the user. */
  readonly chosen: Readonly<Record<string, number>>;
}

/**
 * Compiles a file, with smaller constants where it has too many configurations: those of `--set` stay, and where `mayShrink` is
 * false all do. @throws UserError where there are too many all the same, with the `--set` that would help.
 */
export function compileEnumerable(
  path: string,
  options: ModelOptions,
  mayShrink: boolean,
  host: Host,
): EnumerableModel {
  const source = readModelFile(path, host);
  const stages = compileQuietly(source, options);
  const compile = (constants: Readonly<Record<string, number>>): Artifact | undefined =>
    compileQuietly(source, { ...options, constants: { ...options.constants, ...constants } }).artifact;
  const summed = mayShrink && isTooMuchToSum(stages) ? shrinkSums(source, options, compile) : undefined;
  if (summed !== undefined) return summed;
  reportStages(stages, options, host);
  const { artifact } = stages;
  if (artifact === undefined) throw new Exit(EXIT.user);
  if (countConfigurations(artifact) <= FEW) return { artifact, chosen: {} };
  const shrink = (fixed: readonly string[]): EnumerableModel | undefined => {
    const shrunk = shrinkConstants(artifact, { most: FEW, fixed, compile });
    return shrunk && { artifact: shrunk.artifact, chosen: shrunk.constants };
  };
  const shrunk = mayShrink ? shrink(Object.keys(options.constants)) : undefined;
  if (shrunk !== undefined) return shrunk;
  // Where counts are to be cut is known at a point alone.
  const smallest = cutCounts(artifact, smallestCuts(artifact));
  if (countConfigurations(smallest) <= MOST_CONFIGURATIONS) return { artifact, chosen: {} };
  const fitting = shrink([]);
  throw new UserError(
    `${path}: ${describeConfigurations(smallest)} are too many to be counted out`,
    fitting === undefined
      ? 'no constant makes them fewer: give the sizes of the latents names, e.g. `const H = 200`, to be set by --set H=4'
      : `it would fit with ${formatSettings(fitting.chosen)}`,
  );
}

/** Whether nothing is wrong with a model but that it sums out sites of too many values. */
function isTooMuchToSum({ diagnostics }: CompiledStages): boolean {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return errors.length > 0 && errors.every(({ code }) => code === 'SBN4007');
}

/** Its sizes are those of the same model with all of its sites drawn, from which smaller ones are looked for that can be summed. */
function shrinkSums(
  source: ModelSource,
  options: ModelOptions,
  compile: (constants: Readonly<Record<string, number>>) => Artifact | undefined,
): EnumerableModel | undefined {
  const { artifact } = compileQuietly(source, { ...options, estimator: 'likelihood_ratio' });
  if (artifact === undefined) return undefined;
  const fixed = Object.keys(options.constants);
  const shrunk = shrinkConstants(artifact, { most: FEW, fixed, compile });
  return shrunk && { artifact: shrunk.artifact, chosen: shrunk.constants };
}

/** `--set H=5 --set N=4` */
export function formatSettings(constants: Readonly<Record<string, number>>): string {
  return Object.entries(constants)
    .map(([name, value]) => `--set ${name}=${value}`)
    .join(' ');
}
