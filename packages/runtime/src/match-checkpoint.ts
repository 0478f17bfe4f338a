/** Whether a checkpoint belongs to a model and an optimiser. */
import type { Artifact } from '@sbn/program';
import type { Checkpoint } from './checkpoint.js';
import { CheckpointError } from './errors.js';
import type { ParameterValues, TensorValues } from './model.js';
import type { Optimizer } from './optimizers/optimizer.js';

interface Expected {
  readonly name: string;
  readonly shape: readonly number[];
}

/** @throws CheckpointError naming the first thing that differs. */
export function matchParameters(checkpoint: Checkpoint, artifact: Artifact): void {
  checkModel(checkpoint, artifact);
  matchTensors('parameter', checkpoint.parameters, artifact.parameters);
}

/**
 * The model's parameters in a checkpoint, whichever estimator it was trained with: what belongs to estimators is left out.
 * @throws CheckpointError naming the first thing that differs.
 */
export function modelParameters(checkpoint: Checkpoint, artifact: Artifact): ParameterValues {
  checkModel(checkpoint, artifact);
  const latents = artifact.sites.filter(({ role }) => role === 'latent');
  const isForeign = (name: string): boolean => latents.some(({ id }) => name.startsWith(`${id}.`));
  const own = Object.fromEntries(Object.entries(checkpoint.parameters).filter(([name]) => !isForeign(name)));
  const expected = artifact.parameters.filter(({ role }) => role === 'model');
  matchTensors('parameter', own, expected, 'give a checkpoint of this model, compiled with the same constants');
  return own;
}

function checkModel(checkpoint: Checkpoint, artifact: Artifact): void {
  if (checkpoint.model === artifact.name) return;
  throw new CheckpointError(
    `the checkpoint is of model ${checkpoint.model}, and this is ${artifact.name}`,
    'load it with the artifact that it was trained with',
  );
}

/** @throws CheckpointError naming the optimiser, or the first of its slots or the baselines, that differs. */
export function matchTrainingState(
  checkpoint: Checkpoint,
  optimizer: Optimizer,
  slots: readonly Expected[],
  artifact: Artifact,
): void {
  if (checkpoint.optimizer.name !== optimizer.name) {
    throw new CheckpointError(
      `the checkpoint is of optimizer ${checkpoint.optimizer.name}, and this is ${optimizer.name}`,
      "resume with the same, or train anew from the checkpoint's parameters",
    );
  }
  matchTensors('optimizer slot', checkpoint.slots, slots);
  matchTensors('baseline', checkpoint.state, artifact.state);
}

function matchTensors(
  what: string,
  given: Readonly<Record<string, TensorValues>>,
  expected: readonly Expected[],
  wayOut = 'resume with the model and optimizer that wrote the checkpoint, or train anew',
): void {
  for (const { name, shape } of expected) {
    const tensor = Object.hasOwn(given, name) ? given[name] : undefined;
    if (tensor === undefined) throw new CheckpointError(`the checkpoint has no ${what} ${name}`, wayOut);
    if (tensor.shape.join() === shape.join()) continue;
    throw new CheckpointError(
      `${what} ${name} is [${tensor.shape.join(', ')}] in the checkpoint, and must be [${shape.join(', ')}]`,
      wayOut,
    );
  }
  const surplus = Object.keys(given).find((name) => !expected.some((item) => item.name === name));
  if (surplus !== undefined)
    throw new CheckpointError(`the checkpoint has a ${what} ${surplus}, which is not known here`, wayOut);
}
