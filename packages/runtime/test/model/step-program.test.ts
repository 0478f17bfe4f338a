/** What a step was prepared as serves the model's next training too. */
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine.js';
import { createReferenceEngine } from '../../src/engines/reference.js';
import { loadModel } from '../../src/model.js';
import { coinArtifact } from '../models.js';
import { collect, plain } from './harness.js';

/** The reference engine, with the names of what was prepared and what was freed. */
function watched(): { readonly engine: Engine; readonly events: string[] } {
  const inner = createReferenceEngine();
  const events: string[] = [];
  const engine: Engine = {
    name: inner.name,
    backend: inner.backend,
    precision: inner.precision,
    upload: (values, shape) => inner.upload(values, shape),
    prepare: async (program) => {
      events.push(`prepare ${program.name}`);
      const prepared = await inner.prepare(program);
      return {
        program,
        run: (inputs, batch) => prepared.run(inputs, batch),
        dispose: () => {
          events.push(`dispose ${program.name}`);
          prepared.dispose();
        },
      };
    },
  };
  return { engine, events };
}

describe('the program of a step', () => {
  it('is prepared once for trainings with the same optimiser, whatever its numbers and the batch', async () => {
    const { engine, events } = watched();
    const model = await loadModel(coinArtifact(), { engine });
    await collect(model.train({ steps: 2 }));
    const second = model.train({ steps: 3, lr: 0.5, batch: 7 });
    await collect(second);
    second.dispose();
    await collect(model.train({ steps: 1 }));
    expect(events).toEqual(['prepare step']);
    model.dispose();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(events).toEqual(['prepare step', 'dispose step']);
  });

  it('is another with another optimiser, and the one before is freed', async () => {
    const { engine, events } = watched();
    const model = await loadModel(coinArtifact(), { engine });
    await collect(model.train({ steps: 1, optimizer: { name: 'adam' } }));
    await collect(model.train({ steps: 1, optimizer: { name: 'sgd' } }));
    expect(events).toEqual(['prepare step', 'dispose step', 'prepare step']);
    model.dispose();
  });

  it('stays that of the training before where another cannot start', async () => {
    const { engine, events } = watched();
    const model = await loadModel(coinArtifact(), { engine });
    const training = model.train({ steps: 3, optimizer: { name: 'adam' } });
    await collect(training, 1);
    expect(() => model.train({ steps: 0.5, optimizer: { name: 'sgd' } })).toThrow('steps');
    expect(await collect(training)).toHaveLength(2);
    expect(events).toEqual(['prepare step']);
    model.dispose();
  });

  it('learns in a second training what it learns in a model of its own', async () => {
    const options = { steps: 4, optimizer: { name: 'adam' }, seed: 3 } as const;
    const trained = async (trainings: number): Promise<Record<string, number[]>> => {
      const model = await loadModel(coinArtifact(), { engine: createReferenceEngine(), seed: 5 });
      const start = await model.parameters();
      for (let training = 0; training < trainings; training += 1) {
        model.setParameters(start);
        await collect(model.train(options));
      }
      const parameters = plain(await model.parameters());
      model.dispose();
      return parameters;
    };
    expect(await trained(2)).toEqual(await trained(1));
  });
});
