/**
 * What an engine is: it prepares a program once and runs it many times on tensors of its own.
 * Everything else in the runtime is written against this interface.
 */
import type { PortKey, Program } from '@sbn/program';

/** Dense values, row-major, in the engine's precision. */
export type Values = Float32Array | Float64Array;

/**
 * A tensor that lives on an engine. Immutable. Whoever got it from `upload` or from a run owns it
 * and must dispose of it.
 */
export interface EngineTensor {
  readonly shape: readonly number[];
  /** A copy of the values, row-major. @throws EngineError when the tensor was disposed of. */
  download(): Promise<Values>;
  /** Frees the tensor; a second call does nothing. */
  dispose(): void;
}

/** Tensors by `role:name`, e.g. `parameter:model.h1.dense.weight`. */
export type EngineTensors = ReadonlyMap<PortKey, EngineTensor>;

export interface PreparedProgram {
  readonly program: Program;
  /**
   * Runs the program with `B = batch`. `inputs` holds at least the program's inputs, in shapes that
   * fit `batch`; what the program does not take is ignored. The inputs stay the caller's; the
   * outputs are new tensors, one for each output port, and are the caller's to dispose of.
   *
   * `replaced` are keys of inputs that the caller has no use for any more once the outputs of the same keys, of the same shape, are there:
   * an engine may write those over them, which are then as if disposed of. It may do so only where it is certain that each `loss` and each
   * `parameter_sum` will be finite; else, and where `run` throws, these inputs too are as they were.
   * @throws EngineError when an input is missing, of the wrong shape, or of another engine.
   */
  run(inputs: EngineTensors, batch: number, replaced?: ReadonlySet<PortKey>): Promise<EngineTensors>;
  /** Frees what was prepared (constants); not the tensors that runs gave. */
  dispose(): void;
}

export interface Engine {
  /** `native`, `tfjs` or `reference`. */
  readonly name: string;
  /** What computes, and why it was chosen, in words for a report, e.g. `wasm (default)`. */
  readonly backend: string;
  /** What `download` gives; `upload` takes either and rounds. */
  readonly precision: 'float32' | 'float64';
  /** Bytes that all its tensors together may take; left out where nothing is known of that. */
  readonly capacity?: number | undefined;
  /** Copies values, row-major, onto the engine. @throws EngineError when their number does not fit `shape`. */
  upload(values: Values | readonly number[], shape: readonly number[]): EngineTensor;
  /**
   * A tensor whose values the caller writes itself, all of them, before it is first used, and not after: spares a copy. Left out where tensors
   * do not lie where JavaScript can write. @throws EngineError
   */
  lend?(shape: readonly number[]): LentTensor;
  prepare(program: Program): Promise<PreparedProgram>;
}

export interface LentTensor {
  readonly tensor: EngineTensor;
  /** Its values, of any content at first. */
  readonly values: Float32Array;
}

/** Disposes of every tensor of the map. */
export function disposeAll(tensors: EngineTensors): void {
  for (const tensor of tensors.values()) tensor.dispose();
}
