/** The fastest engine that can be had in Node. */
import type { Engine } from '../engine.js';
import { createTfjsEngine } from '../engines/tfjs/engine.js';
import { EngineError } from '../errors.js';
import { createNativeEngine } from './native/open-native-engine.js';

export interface NodeEngineOptions {
  /** Threads of the native engine, default 1. */
  readonly threads?: number | undefined;
}

/** The native engine, or else TensorFlow.js; `backend` says which and why. */
export async function createNodeEngine({ threads }: NodeEngineOptions = {}): Promise<Engine> {
  try {
    return await createNativeEngine({ threads, reason: 'default' });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return createTfjsEngine({ reason: `as ${error.problem}` });
  }
}
