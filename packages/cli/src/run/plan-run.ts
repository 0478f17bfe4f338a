/** How a run is planned: its options, and what the `train` block of the file says where they are not given. */
import type { Artifact } from '@sbn/program';
import type { OptimizerChoice } from '@sbn/runtime';
import { UsageError } from '../exit.js';
import type { Host } from '../host.js';
import type { ModelOptions } from '../model-options.js';
import { readVersion } from '../program.js';
import type { RunConfig, SavedOptimizer } from '../run-directory.js';
import { fileSources, formatSources, givenSources, splitSources, type Sources } from '../sources.js';
import type { OpenTraining, TrainingPlan } from './open-training.js';
import type { RunFlags } from './run-flags.js';

const KEEP = 3;

/** A model, and where its file is: what paths in its `train` block are relative to. */
export interface PlannedModel {
  readonly artifact: Artifact;
  /** As the user would write it. */
  readonly file: string;
  /** The folder that it is relative to. */
  readonly directory: string;
  readonly options: ModelOptions;
}

/** @throws UsageError */
export function planRun({ artifact, file }: PlannedModel, flags: RunFlags, host: Host): TrainingPlan {
  const given: Sources = {
    ...fileSources(artifact, file, host),
    ...givenSources('--data', flags.data, artifact.data, host),
  };
  const { validEvery, checkpointEvery, patience } = flags;
  const { data, valid } = chooseSources(given, flags, artifact, host);
  if (valid === undefined && (validEvery !== undefined || patience !== undefined)) {
    const option = validEvery === undefined ? '--patience' : '--valid-every';
    throw new UsageError(`${option}: there are no data to measure on`, 'add --valid NAME=SOURCE or --valid-share 0.1');
  }
  return {
    ...{ artifact, data, valid, engine: flags, seed: flags.seed },
    options: {
      optimizer: chooseOptimizer(flags, artifact.train.optimizer),
      ...{ lr: flags.lr, batch: flags.batch, steps: flags.steps, epochs: flags.epochs },
    },
    watch: { validEvery, checkpointEvery, patience },
    keep: flags.keep ?? KEEP,
    samples: flags.samples ?? 1,
    isQuiet: flags.quiet === true,
    isJson: flags.json === true,
    tensorboard: flags.tensorboard !== false,
  };
}

/** What is kept of a run, so that it can go on. */
export function describeRun(
  { artifact, file, directory, options: { constants, estimator } }: PlannedModel,
  { data, valid, keep, samples, watch, tensorboard, engine: { threads } }: TrainingPlan,
  { model: { engine }, training: { settings }, fingerprints }: OpenTraining,
): RunConfig {
  return {
    format: 'sbn-run',
    version: 1,
    model: file,
    directory,
    constants: artifact.constants,
    set: constants,
    ...(estimator === undefined ? {} : { estimator }),
    data: formatSources(data),
    valid: formatSources(valid ?? {}),
    fingerprints,
    optimizer: { name: settings.optimizer.name, options: settings.optimizer.options },
    batch: settings.batch,
    steps: settings.steps,
    seed: settings.seed,
    engine: engine.name,
    backend: engine.backend,
    ...{ threads, keep, samples, watch, tensorboard },
    versions: { sbn: readVersion(), node: process.version },
  };
}

/** `--optimizer` and `--momentum` on top of the choice that there is. @throws UsageError for momentum that is of no use */
export function chooseOptimizer(
  { optimizer, momentum }: Pick<RunFlags, 'optimizer' | 'momentum'>,
  chosen: SavedOptimizer | undefined,
): OptimizerChoice | undefined {
  if (optimizer === undefined && momentum === undefined) return undefined;
  const name = optimizer?.name ?? chosen?.name ?? 'sgd';
  if (momentum !== undefined && name !== 'sgd')
    throw new UsageError(`--momentum is for sgd, and the optimizer is ${name}`, 'leave it out, or add --optimizer sgd');
  const options = { ...(name === chosen?.name ? chosen.options : {}), ...optimizer?.options };
  return { name, options: momentum === undefined ? options : { ...options, momentum } };
}

/** What is trained on, and what is measured on. @throws UsageError */
export function chooseSources(
  given: Sources,
  { valid, validShare, seed: split = 0 }: Pick<RunFlags, 'valid' | 'validShare' | 'seed'>,
  artifact: Artifact,
  host: Host,
): { readonly data: Sources; readonly valid: Sources | undefined } {
  if (validShare === undefined || validShare === 0) {
    return { data: given, valid: valid && givenSources('--valid', valid, artifact.data, host) };
  }
  if (valid !== undefined)
    throw new UsageError('--valid and --valid-share both say what to measure on', 'leave one of them out');
  return splitSources(given, 1 - validShare, split);
}
