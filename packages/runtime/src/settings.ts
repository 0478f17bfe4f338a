/** Settings of a training run, resolved once: options, then the checkpoint, then the artifact, then defaults. */
import type { Artifact } from '@sbn/program';
import { SettingsError } from './errors.js';
import { checkSeed } from './noise/noise.js';
import { createOptimizer } from './optimizers/create.js';
import type { Optimizer } from './optimizers/optimizer.js';
import type { TrainOptions, TrainSettings } from './training.js';

const DEFAULT_BATCH = 100;
const DEFAULT_EPOCHS = 10;
const DEFAULT_STEPS = 1000;

/**
 * Resolves the settings of a run; `rows` is undefined where there are no data.
 * @throws SettingsError naming the setting and the way out.
 */
export function resolveTrainSettings(
  artifact: Artifact,
  options: TrainOptions,
  rows: number | undefined,
  modelSeed: number,
): TrainSettings {
  const batch = resolveBatch(artifact, options, rows);
  const stepsPerEpoch = rows === undefined ? undefined : Math.floor(rows / batch);
  return {
    optimizer: resolveOptimizer(artifact, options),
    batch,
    steps: resolveSteps(artifact, options, stepsPerEpoch),
    stepsPerEpoch,
    seed: checkSeed(options.seed ?? options.resume?.seed ?? modelSeed),
    startStep: options.resume?.step ?? 0,
  };
}

function resolveOptimizer(artifact: Artifact, { optimizer, lr, resume }: TrainOptions): Optimizer {
  const choice = optimizer ?? resume?.optimizer ?? artifact.train.optimizer ?? { name: 'adam' };
  return createOptimizer({ name: choice.name, options: { ...choice.options, ...(lr === undefined ? {} : { lr }) } });
}

function resolveBatch(artifact: Artifact, options: TrainOptions, rows: number | undefined): number {
  const asked = options.batch ?? options.resume?.batch ?? artifact.train.batch;
  if (asked === undefined) return Math.min(DEFAULT_BATCH, rows ?? DEFAULT_BATCH);
  const batch = checkCount('batch', asked, 1);
  if (rows === undefined || batch <= rows) return batch;
  throw new SettingsError(
    'batch',
    `${String(batch)} rows per step are more than the ${String(rows)} there are`,
    `give at most ${String(rows)}`,
  );
}

function resolveSteps(artifact: Artifact, options: TrainOptions, stepsPerEpoch: number | undefined): number {
  const given = options.steps === undefined && options.epochs === undefined ? artifact.train : options;
  const steps = given.steps === undefined ? undefined : checkCount('steps', given.steps, 0);
  const epochs = given.epochs === undefined ? undefined : checkCount('epochs', given.epochs, 0);
  if (stepsPerEpoch === undefined) {
    if (steps === undefined && epochs !== undefined) {
      throw new SettingsError('epochs', 'without data there are no epochs', 'say how many steps');
    }
    return steps ?? DEFAULT_STEPS;
  }
  const byEpochs = epochs ?? (steps === undefined ? DEFAULT_EPOCHS : Infinity);
  return Math.min(steps ?? Infinity, byEpochs * stepsPerEpoch);
}

/** @throws SettingsError unless the number is an integer from `least`. */
export function checkCount(setting: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new SettingsError(setting, `${String(value)} cannot be used`, `give an integer from ${String(least)}`);
}
