/** The TensorFlow.js engine. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Engine, EngineTensor } from '../../engine.js';

export interface TfjsOptions {
  /**
   * `wasm` and `cpu` are brought along; any other (`webgpu`, `webgl`, `tensorflow`) must have been
   * imported by the app. Left out: the backend that the app has set, else wasm, else cpu.
   */
  readonly backend?: string | undefined;
  /** Where a browser finds the `.wasm` files, e.g. `/assets/`; Node finds them itself. */
  readonly wasmPath?: string | undefined;
  /** Why this engine, in words for a report that follow the backend's, e.g. `as onnxruntime-node is not installed`. */
  readonly reason?: string | undefined;
}

export interface TfjsEngine extends Engine {
  /** A tensor of the app as an engine tensor. The values are shared; each is disposed of by itself. */
  fromTensor(tensor: Tensor): EngineTensor;
  /** An engine tensor as a tensor of the app, likewise. @throws EngineError for a tensor of another engine. */
  toTensor(tensor: EngineTensor): Tensor;
}

/**
 * An engine over the app's own `@tensorflow/tfjs-core`, which is loaded by this call. Prints nothing.
 * TensorFlow.js has one current backend: to name one here switches the app's too.
 * @throws EngineError when the named backend cannot be had.
 */
export async function createTfjsEngine(options: TfjsOptions = {}): Promise<TfjsEngine> {
  const [{ activateBackend }, { TfjsEngineOverBackend }] = await Promise.all([
    import('./backend.js'),
    import('./tfjs-engine.js'),
  ]);
  const backend = await activateBackend(options);
  return new TfjsEngineOverBackend(options.reason === undefined ? backend : `${backend}, ${options.reason}`);
}
