/** A new run: from a model file and options to a folder with the trained model. */
import { writeArtifact, type Artifact } from '@sbn/program';
import type { OptimizerChoice } from '@sbn/runtime';
import { UsageError } from '../exit.js';
import type { Host } from '../host.js';
import { compileArtifact } from '../model-file.js';
import { readModelOptions } from '../model-options.js';
import { createRunDirectory, writeRunDescription, type RunConfig, type SavedOptimizer } from '../run-directory.js';
import { fileSources, formatSources, givenSources, splitSources, type Sources } from '../sources.js';
import type { TrainResult } from '../train.js';
import { trainAsPlanned, type OpenTraining, type TrainingPlan } from './open-training.js';
import type { RunFlags } from './run-flags.js';

const KEEP = 3;

export async function startRun(file: string, flags: RunFlags, host: Host): Promise<TrainResult> {
  const artifact = compileArtifact(file, readModelOptions(flags), host);
  const plan = planRun(artifact, file, flags, host);
  return trainAsPlanned(
    plan,
    (open) => {
      const directory = createRunDirectory(flags.out, artifact.name, flags.force === true, host);
      writeRunDescription(directory, describeRun(file, flags, plan, open, host), writeArtifact(artifact), host);
      return { directory, measured: [] };
    },
    host,
  );
}

/** @throws UsageError */
export function planRun(artifact: Artifact, file: string, flags: RunFlags, host: Host): TrainingPlan {
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
  file: string,
  flags: RunFlags,
  { artifact, data, valid, keep, samples, watch, tensorboard, engine: { threads } }: TrainingPlan,
  { model: { engine }, training: { settings } }: OpenTraining,
  host: Host,
): RunConfig {
  return {
    format: 'sbn-run',
    version: 1,
    model: file,
    directory: host.directory,
    constants: artifact.constants,
    set: readModelOptions(flags).constants,
    ...(flags.estimator === undefined ? {} : { estimator: flags.estimator }),
    data: formatSources(data),
    valid: formatSources(valid ?? {}),
    optimizer: { name: settings.optimizer.name, options: settings.optimizer.options },
    batch: settings.batch,
    steps: settings.steps,
    seed: settings.seed,
    engine: engine.name,
    backend: engine.backend,
    ...{ threads, keep, samples, watch, tensorboard },
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
