/** Which TensorFlow.js backend computes, and why. */
import * as tf from '@tensorflow/tfjs-core';
import { EngineError } from '../../errors.js';
import { suggestNames } from '../../suggest.js';
import type { TfjsOptions } from './engine.js';
import { withoutRethrowing } from './process-listeners.js';

/**
 * Makes a backend current, and says which and why. `tfjs-core` has one current backend for the
 * whole app: naming one here switches the app's too.
 * @throws EngineError when the named backend cannot be had.
 */
export async function activateBackend({ backend, wasmPath }: TfjsOptions): Promise<string> {
  if (backend !== undefined) {
    const problem = await tryBackend(backend, wasmPath);
    if (problem === undefined) return `${backend} (as asked)`;
    const known = [...new Set(['wasm', 'cpu', ...tf.engine().backendNames()])];
    throw new EngineError(
      `the backend ${backend} cannot be used: ${problem}`,
      suggestNames(backend, known, 'backends at hand'),
    );
  }
  const current = currentBackend();
  if (current !== undefined) {
    await quietly(async () => {
      await tf.ready();
      touchBackend();
    });
    return `${currentBackend() ?? current} (as set by the app)`;
  }
  const problem = await tryBackend('wasm', wasmPath);
  if (problem === undefined) return 'wasm (default)';
  const fault = await tryBackend('cpu', wasmPath);
  if (fault === undefined) return `cpu (as wasm cannot be used: ${problem})`;
  throw new EngineError(
    `neither wasm (${problem}) nor cpu (${fault}) can be used`,
    'install @tensorflow/tfjs-backend-wasm',
  );
}

/** The type says `string`; before a backend is chosen the value is undefined. */
function currentBackend(): string | undefined {
  const name: string | undefined = tf.engine().backendName;
  return name === '' ? undefined : name;
}

/** What went wrong, if anything did. */
async function tryBackend(name: string, wasmPath: string | undefined): Promise<string | undefined> {
  const before = currentBackend();
  try {
    if (name === 'wasm') {
      const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
      if (wasmPath !== undefined) setWasmPaths(wasmPath);
    } else if (name === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
    if (!tf.engine().backendNames().includes(name)) return 'it is not registered; import its package first';
    if (await withoutRethrowing(() => quietly(() => startBackend(name)))) return undefined;
    if (before !== undefined) await tf.setBackend(before);
    return 'it did not start';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function startBackend(name: string): Promise<boolean> {
  if (!(await tf.setBackend(name))) return false;
  touchBackend();
  return true;
}

/** Makes a tensor: the cpu backend greets with its first one. */
function touchBackend(): void {
  tf.tensor1d([0]).dispose();
}

/** TensorFlow.js prints its greeting and the reason of a failure unless it is in production mode. */
async function quietly<T>(run: () => Promise<T>): Promise<T> {
  const production = tf.env().getBool('PROD');
  tf.env().set('PROD', true);
  try {
    return await run();
  } finally {
    tf.env().set('PROD', production);
  }
}
