import { BATCH, ProgramBuilder, type PortKey } from '@sbn/program';
import { expect, it } from 'vitest';
import type { EngineTensor } from '../../src/engine.js';
import { createReferenceEngine } from '../../src/engines/reference.js';
import { EngineError } from '../../src/errors.js';
import { errorOf } from '../fixtures.js';

it('computes in float64, and keeps tensors apart', async () => {
  const engine = createReferenceEngine();
  const builder = new ProgramBuilder('third');
  const x = builder.input('data', 'x', [BATCH]);
  builder.output('mean', 'y', builder.divide(x, builder.constant(3)));
  builder.output('mean', 'x', x);
  const prepared = await engine.prepare(builder.finish());
  const given = engine.upload([1, 2], [2]);
  const outputs = await prepared.run(new Map<PortKey, EngineTensor>([['data:x', given]]), 2);
  given.dispose();
  expect(await outputs.get('mean:y')?.download()).toEqual(Float64Array.of(1 / 3, 2 / 3));
  expect(await outputs.get('mean:x')?.download()).toEqual(Float64Array.of(1, 2));
  expect(await errorOf(() => given.download())).toBeInstanceOf(EngineError);
  expect((await errorOf(() => prepared.run(new Map(), 2))).message).toBe('program third: input data:x is missing');
  const long = engine.upload([1, 2, 3], [3]);
  const error = await errorOf(() => prepared.run(new Map<PortKey, EngineTensor>([['data:x', long]]), 2));
  expect(error).toBeInstanceOf(EngineError);
  expect(error.message).toContain('data:x');
  expect(() => engine.upload([1], [2])).toThrow(EngineError);
});
