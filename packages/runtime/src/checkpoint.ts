/** A checkpoint: everything that training needs to go on, as the bytes of a safetensors file. */
import type { ParameterValues, TensorValues } from './model.js';

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
  /** Optimiser slots by slot and parameter, e.g. `m/model.h1.dense.weight`. */
  readonly slots: Readonly<Record<string, TensorValues>>;
  /** Baselines by name. */
  readonly state: Readonly<Record<string, TensorValues>>;
}

/** Deterministic: the same checkpoint gives the same bytes. */
export declare function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array;

/** @throws CheckpointError naming `source` when the bytes are damaged, truncated or no checkpoint of this library. */
export declare function decodeCheckpoint(bytes: Uint8Array, source?: string): Checkpoint;
