import { expect, it, vi } from 'vitest';
import { createTfjsEngine } from '../../src/engines/tfjs/engine.js';

vi.mock('@tensorflow/tfjs-backend-wasm', () => {
  throw new Error('no such package');
});

it('falls back to cpu without wasm, says why, prints nothing, and computes', async () => {
  const spies = (['log', 'warn', 'error'] as const).map((level) => vi.spyOn(console, level));
  const engine = await createTfjsEngine();
  expect(engine.backend).toMatch(/^cpu \(as wasm cannot be used: .+\)$/);
  const tensor = engine.upload([1, 2], [2]);
  expect(await tensor.download()).toEqual(Float32Array.of(1, 2));
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
});
