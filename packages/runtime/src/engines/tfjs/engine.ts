/** The TensorFlow.js engine. */
import type { Engine } from '../../engine.js';

export interface TfjsOptions {
  /**
   * `wasm` and `cpu` are brought along; any other (`webgpu`, `webgl`, `tensorflow`) must have been
   * imported by the app. Left out: the backend that the app has set, else wasm, else cpu.
   */
  readonly backend?: string | undefined;
  /** Where a browser finds the `.wasm` files, e.g. `/assets/`; Node finds them itself. */
  readonly wasmPath?: string | undefined;
}

/** Prints nothing. @throws EngineError when the named backend cannot be had. */
export declare function createTfjsEngine(options?: TfjsOptions): Promise<Engine>;
