/** A checkpoint of one model made one of another: what has the same name and shape goes over, the rest begins anew. */
import type { Artifact } from '@sbn/program';
import type { Checkpoint } from './checkpoint.js';
import { initializeParameters } from './initialize.js';
import type { ParameterValues, TensorValues } from './model.js';
import { createOptimizer } from './optimizers/create.js';
import type { OptimizerChoice } from './optimizers/optimizer.js';
import { listSlots } from './optimizer-state.js';

export interface TransferOptions {
  readonly optimizer: OptimizerChoice;
  readonly batch: number;
  /** Draws what begins anew, and goes on as the seed of the training. A uint32. */
  readonly seed: number;
}

export interface Transfer {
  /** Of the other model, after as many steps. */
  readonly checkpoint: Checkpoint;
  /** Names of the parameters that were taken over. */
  readonly transferred: readonly string[];
  /** Those of them whose optimiser state was taken over too. */
  readonly withState: readonly string[];
  /** Those that begin anew, with the shape that a parameter of the name had before. */
  readonly fresh: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly before: readonly number[] | undefined;
  }[];
  /** Names of those that the other model does not have. */
  readonly dropped: readonly string[];
}

/**
 * The optimiser's state of a parameter goes over with the parameter, where the optimiser is the same; else it starts at zero. Baselines go
 * over by name and shape.
 * @throws SettingsError for an optimiser or a seed that there is not
 */
export function transferCheckpoint(from: Checkpoint, artifact: Artifact, options: TransferOptions): Transfer {
  const { name, options: numbers } = createOptimizer(options.optimizer);
  const initial = initializeParameters(artifact, options.seed);
  const isTransferred = (parameter: string): boolean => fits(from.parameters[parameter], initial[parameter]);
  const parameters = Object.keys(initial);
  const transferred = parameters.filter(isTransferred);
  const isSame = from.optimizer.name === name;
  const slots = listSlots(artifact, createOptimizer(options.optimizer)).map(({ name: slot, shape }) => {
    const found = Object.hasOwn(from.slots, slot) ? from.slots[slot] : undefined;
    const zero = zeros(shape);
    const kept = isSame && isTransferred(parameterOf(slot)) && fits(found, zero) ? found : undefined;
    return { slot, values: kept ?? zero, isKept: kept !== undefined };
  });
  const kept = new Set(slots.filter(({ isKept }) => isKept).map(({ slot }) => parameterOf(slot)));
  const state = artifact.state.map(({ name: baseline, shape, initial: start }): [string, TensorValues] => {
    const own = zeros(shape);
    const found = from.state[baseline];
    return [baseline, found !== undefined && fits(found, own) ? found : { shape, values: own.values.fill(start) }];
  });
  return {
    checkpoint: {
      ...from,
      model: artifact.name,
      seed: options.seed,
      batch: options.batch,
      optimizer: { name, options: numbers },
      parameters: mapValues(initial, (own, key) => (isTransferred(key) ? (from.parameters[key] ?? own) : own)),
      slots: Object.fromEntries(slots.map(({ slot, values }) => [slot, values])),
      state: Object.fromEntries(state),
    },
    transferred,
    withState: transferred.filter((parameter) => kept.has(parameter)),
    fresh: artifact.parameters
      .filter((parameter) => !isTransferred(parameter.name))
      .map(({ name: parameter, shape }) => ({ name: parameter, shape, before: from.parameters[parameter]?.shape })),
    dropped: Object.keys(from.parameters).filter((parameter) => !Object.hasOwn(initial, parameter)),
  };
}

/** `sum/model.h.dense.weight` is a slot of `model.h.dense.weight`. */
function parameterOf(slot: string): string {
  return slot.slice(slot.indexOf('/') + 1);
}

function fits(given: TensorValues | undefined, expected: TensorValues | undefined): boolean {
  return given !== undefined && given.shape.join() === expected?.shape.join();
}

function zeros(shape: readonly number[]): { readonly shape: readonly number[]; readonly values: Float32Array } {
  return { shape, values: new Float32Array(shape.reduce((size, length) => size * length, 1)) };
}

function mapValues(
  values: ParameterValues,
  change: (value: TensorValues, key: string) => TensorValues,
): ParameterValues {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]));
}
