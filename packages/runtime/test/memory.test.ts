import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../src/engine.js';
import { createReferenceEngine } from '../src/engines/reference.js';
import { createTfjsEngine } from '../src/engines/tfjs/engine.js';
import { EngineError } from '../src/errors.js';
import { checkMemory } from '../src/memory.js';
import { loadModel } from '../src/model.js';
import { errorOf } from './fixtures.js';
import { coinArtifact } from './models.js';
import { collect } from './model/harness.js';

/** An engine that may hold so many numbers. */
function tight(elements: number): Engine {
  return { ...createReferenceEngine(), capacity: 8 * elements };
}

describe('what does not fit into memory', () => {
  let wasm: Engine;

  beforeAll(async () => {
    wasm = await createTfjsEngine({ backend: 'wasm' });
  });

  it('is refused from one number more than the capacity', () => {
    expect(() => {
      checkMemory(tight(10), 10, 'it');
    }).not.toThrow();
    expect(() => {
      checkMemory(tight(1e9), 1e9 + 1, 'it');
    }).toThrow('it: 8.0 GB of memory are needed, and interpreter (float64) has at most 8.0 GB; ask for fewer rows');
  });

  it('is told when a model is loaded, before its parameters are drawn', async () => {
    expect(await errorOf(() => loadModel(coinArtifact(), { engine: tight(3) }))).toBeInstanceOf(EngineError);
    const artifact = coinArtifact();
    const parameters = artifact.parameters.map((info) => ({ ...info, shape: [40_000, 40_000] }));
    const error = await errorOf(() => loadModel({ ...artifact, parameters }, { engine: wasm }));
    expect(error.message).toContain('the parameters of the model: 6.4 GB of memory are needed, and wasm');
  });

  it('is told before training, evaluation and sampling, by the batch', async () => {
    const model = await loadModel(coinArtifact(), { engine: wasm });
    expect(() => model.train({ batch: 1e9 })).toThrow('program step at 1000000000 rows at a time: ');
    const rows = { rows: 1e9, batch: 1e9 };
    for (const run of [() => model.evaluate(undefined, rows), () => model.score(undefined, rows)])
      expect((await errorOf(run)).message).toContain('program evaluate at 1000000000 rows at a time: ');
    expect((await errorOf(() => model.sample(rows))).message).toContain('program sample at 1000000000 rows');
    model.dispose();
  });

  it('is told where a result is too long for an array', async () => {
    const model = await loadModel(coinArtifact(), { engine: wasm });
    const error = await errorOf(() => model.sample({ rows: 1e15 }));
    expect(error).toBeInstanceOf(EngineError);
    expect(error.message).toMatch(
      /^there is no memory for the results for 1000000000000000 rows \(.*; ask for fewer rows/,
    );
    model.dispose();
  });

  it('is told where a batch is too long for an array, on an engine without a bound', async () => {
    const model = await loadModel(coinArtifact(), { engine: createReferenceEngine() });
    const error = await errorOf(() => collect(model.train({ batch: 1e15, steps: 1 })));
    expect(error).toBeInstanceOf(EngineError);
    expect(error.message).toContain('there is no memory for 1000000000000000 rows (');
    model.dispose();
  });
});
