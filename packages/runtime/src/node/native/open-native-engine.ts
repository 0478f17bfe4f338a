/** Loads ONNX Runtime, if it is there. */
import { totalmem } from 'node:os';
import type { Engine } from '../../engine.js';
import { EngineError, SettingsError } from '../../errors.js';
import { NativeEngine } from './native-engine.js';
import type { OrtModule } from './stage-session.js';

export interface NativeOptions {
  /** Threads that compute, default 1: a step is small, and more are of use only where cores are idle. */
  readonly threads?: number | undefined;
  /** Why this engine, in words for a report, e.g. `as asked`. */
  readonly reason?: string | undefined;
}

/**
 * An engine over `onnxruntime-node`, an optional dependency, which is loaded by this call: several times as fast as
 * TensorFlow.js in Node, in float32. Prints nothing, and sends nothing: its telemetry is turned off.
 * @throws EngineError where the package is not installed, or has no library for this machine.
 */
export async function createNativeEngine({ threads = 1, reason }: NativeOptions = {}): Promise<Engine> {
  if (!Number.isSafeInteger(threads) || threads < 1)
    throw new SettingsError('threads', `${String(threads)} cannot be used`, 'give a whole number of at least 1');
  const module = await loadRuntime();
  const { common } = module.env.versions;
  const share = threads === 1 ? '1 thread' : `${String(threads)} threads`;
  const why = reason === undefined ? '' : ` (${reason})`;
  return new NativeEngine(module, `onnxruntime ${common}, ${share}${why}`, threads, totalmem());
}

async function loadRuntime(): Promise<OrtModule> {
  let module: OrtModule;
  // Its library sends telemetry from the moment it is loaded, which nobody has asked for; an app that wants that sets the variable to 0.
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  try {
    module = (await import('onnxruntime-node')).default;
  } catch (cause) {
    throw new EngineError(`ONNX Runtime cannot be loaded: ${explain(cause)}`, WAY_OUT, { cause });
  }
  // Its own greeting and complaints about the machine; an app that has set a level keeps it.
  if (module.env.logLevel === 'warning') module.env.logLevel = 'error';
  return module;
}

const WAY_OUT = 'install onnxruntime-node, or use the engine tfjs';

function explain(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if ('code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND') return 'the package onnxruntime-node is not installed';
  // Only the first line is of use: behind it comes a stack of requires.
  return cause.message.split('\n')[0] ?? cause.message;
}
