/**
 * A checkpoint: everything that training needs to go on, as the bytes of a safetensors file, which
 * other tools can open too. Tensors are named `parameter/NAME`, `slot/SLOT/NAME` and `state/NAME`.
 */
import { CheckpointError } from './errors.js';
import type { ParameterValues, TensorValues } from './model.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

export interface Checkpoint {
  /** `name` of the artifact. */
  readonly model: string;
  /** Steps done. */
  readonly step: number;
  /** Epochs completed. */
  readonly epoch: number;
  readonly seed: number;
  readonly batch: number;
  readonly optimizer: { readonly name: string; readonly options: Readonly<Record<string, number>> };
  readonly parameters: ParameterValues;
  /** Optimiser slots by slot and parameter, e.g. `sum/model.h1.dense.weight`. */
  readonly slots: Readonly<Record<string, TensorValues>>;
  /** Baselines by name. */
  readonly state: Readonly<Record<string, TensorValues>>;
}

const FORMAT = 'sbn-checkpoint';
const VERSION = '1';

/** Deterministic: the same checkpoint gives the same bytes. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const tensors = [
    ...withPrefix('parameter/', checkpoint.parameters),
    ...withPrefix('slot/', checkpoint.slots),
    ...withPrefix('state/', checkpoint.state),
  ];
  return encodeSafetensors({
    metadata: {
      format: FORMAT,
      version: VERSION,
      model: checkpoint.model,
      step: String(checkpoint.step),
      epoch: String(checkpoint.epoch),
      seed: String(checkpoint.seed),
      batch: String(checkpoint.batch),
      optimizer: checkpoint.optimizer.name,
      'optimizer options': JSON.stringify(checkpoint.optimizer.options),
    },
    tensors: Object.fromEntries(tensors),
  });
}

function withPrefix(prefix: string, tensors: ParameterValues): [string, TensorValues][] {
  return Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]);
}

/** @throws CheckpointError naming `source` when the bytes are damaged, truncated or no checkpoint of this library. */
export function decodeCheckpoint(bytes: Uint8Array, source = 'checkpoint'): Checkpoint {
  const { metadata, tensors } = decodeSafetensors(bytes, source);
  if (metadata['format'] !== FORMAT) {
    throw new CheckpointError(
      `${source}: a safetensors file, but no checkpoint of a model`,
      'give a file that training has written',
    );
  }
  if (metadata['version'] !== VERSION) {
    const found = metadata['version'] ?? 'none';
    throw new CheckpointError(
      `${source}: version ${found} is not known; this is version ${VERSION}`,
      'use the library that wrote it',
    );
  }
  const text = (key: string): string => {
    const value = metadata[key];
    if (value === undefined)
      throw new CheckpointError(`${source}: ${key} is missing`, 'the file is damaged; use an earlier one');
    return value;
  };
  const integer = (key: string): number => {
    const value = Number(text(key));
    if (/^\d+$/.test(text(key)) && Number.isSafeInteger(value)) return value;
    throw new CheckpointError(
      `${source}: ${key} is ${JSON.stringify(text(key))}`,
      'the file is damaged; use an earlier one',
    );
  };
  return {
    model: text('model'),
    step: integer('step'),
    epoch: integer('epoch'),
    seed: integer('seed'),
    batch: integer('batch'),
    optimizer: { name: text('optimizer'), options: readOptions(text('optimizer options'), source) },
    parameters: withoutPrefix('parameter/', tensors),
    slots: withoutPrefix('slot/', tensors),
    state: withoutPrefix('state/', tensors),
  };
}

function withoutPrefix(prefix: string, tensors: ParameterValues): ParameterValues {
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

function readOptions(text: string, source: string): Record<string, number> {
  const problem = new CheckpointError(`${source}: the optimizer's options are damaged`, 'use an earlier checkpoint');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw problem;
  }
  if (typeof parsed !== 'object' || parsed === null) throw problem;
  return Object.fromEntries(
    Object.entries(parsed).map(([key, value]: [string, unknown]) => {
      if (typeof value !== 'number') throw problem;
      return [key, value];
    }),
  );
}
