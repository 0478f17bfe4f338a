import { expect, it, vi } from 'vitest';
import { EngineError } from '../../src/errors.js';
import { createNativeEngine, createNodeEngine } from '../../src/node/index.js';
import { errorOf } from '../fixtures.js';

vi.mock('onnxruntime-node', () => {
  throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
});

it('says that onnxruntime-node is not installed, and the way out', async () => {
  const error = await errorOf(() => createNativeEngine());
  expect(error).toBeInstanceOf(EngineError);
  expect(error.message).toMatch(
    /^ONNX Runtime cannot be loaded: .+; install onnxruntime-node, or use the engine tfjs$/,
  );
});

it('falls back to TensorFlow.js, says why, prints nothing, and computes', async () => {
  const spies = (['log', 'warn', 'error'] as const).map((level) => vi.spyOn(console, level));
  const engine = await createNodeEngine();
  expect(engine.name).toBe('tfjs');
  expect(engine.backend).toMatch(/^wasm \(default\), as ONNX Runtime cannot be loaded: /);
  expect(await engine.upload([1, 2], [2]).download()).toEqual(Float32Array.of(1, 2));
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
});
