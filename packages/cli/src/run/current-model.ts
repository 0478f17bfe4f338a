/** The model that a run is to go on with, as its file is now. */
import type { CompiledStages } from '@sbn/compiler';
import type { Artifact } from '@sbn/program';
import { EXIT, Exit } from '../exit.js';
import { tryReadText } from '../files.js';
import type { Host } from '../host.js';
import { compileQuietly, knownConstants, readModelFile, reportStages, sourceOfArtifact } from '../model-file.js';
import { readModelOptions, type ModelFlags, type ModelOptions } from '../model-options.js';
import type { SavedRun } from '../run-directory.js';

export interface CurrentModel {
  /** As the user would write it. */
  readonly file: string;
  /** The folder that it is relative to. */
  readonly directory: string;
  readonly options: ModelOptions;
  readonly stages: CompiledStages;
}

/** The constants that were set, and the estimator; those of a run that does not say which were set are all of them. */
export function savedOptions({ artifact, made, estimator }: SavedRun): ModelOptions {
  return { constants: made.set ?? artifact.constants, estimator };
}

/** The model of a run, compiled again from the texts that the run has. */
export function compileSaved(saved: SavedRun): CompiledStages {
  return compileQuietly(sourceOfArtifact(saved.artifact), savedOptions(saved));
}

/**
 * The model in `file`, or in the file that the run was made from, with the run's constants and estimator where others are not given. Undefined
 * where that file is not there any more, or all is as it was. @throws UserError where `file` cannot be read, Exit where it is no model
 */
export function readCurrentModel(
  saved: SavedRun,
  file: string | undefined,
  flags: ModelFlags,
  host: Host,
): CurrentModel | undefined {
  const { made, artifact } = saved;
  const name = file ?? made.model ?? artifact.source.file;
  const directory = file === undefined ? (made.directory ?? host.directory) : host.directory;
  if (file === undefined && !('text' in tryReadText(name, 'a model file', { directory }))) return undefined;
  const source = readModelFile(name, { directory });
  const options = mergeOptions(savedOptions(saved), flags);
  const checked = compileQuietly(source, { constants: {}, estimator: options.estimator, stopAfter: 'check' });
  if (flags.set === undefined && flags.estimator === undefined && hasSameTexts(checked, artifact)) return undefined;
  const known = knownConstants(checked);
  const given = Object.keys(readModelOptions(flags).constants);
  // What was set and is not in the file any more is a change, and no mistake.
  const constants = Object.entries(options.constants).filter(([key]) => known.includes(key) || given.includes(key));
  const own = { ...options, constants: Object.fromEntries(constants) };
  const model = { file: name, directory, options: own, stages: compileQuietly(source, own) };
  if (file !== undefined) artifactOf(model, host);
  return model;
}

function mergeOptions(saved: ModelOptions, flags: ModelFlags): ModelOptions {
  const given = readModelOptions(flags);
  return { constants: { ...saved.constants, ...given.constants }, estimator: given.estimator ?? saved.estimator };
}

/** Says what is wrong with the model. @throws Exit where there is no artifact */
export function artifactOf({ stages, options }: CurrentModel, host: Host): Artifact {
  reportStages(stages, options, host);
  if (stages.artifact === undefined) throw new Exit(EXIT.user);
  return stages.artifact;
}

function hasSameTexts({ sources, imported }: CompiledStages, { source }: Artifact): boolean {
  const now = [sources[0].text, ...imported.map((each) => each.source.text)];
  const before = [source.text, ...source.imports.map(({ text }) => text)];
  return now.length === before.length && before.toSorted().join('\0') === now.toSorted().join('\0');
}
