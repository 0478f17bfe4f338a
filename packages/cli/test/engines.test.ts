/** Every engine gives the gradient that the float64 interpreter gives, for every example, at the same noise, data and parameters. */
import { at, portKey, type Artifact, type PortKey } from '@sbn/program';
import {
  createReferenceEngine,
  createTfjsEngine,
  disposeAll,
  loadModel,
  type Engine,
  type EngineTensors,
  type Values,
} from '@sbn/runtime';
import { createNativeEngine } from '@sbn/runtime/node';
import { beforeAll, describe, expect, test } from 'vitest';
import { compileExample, EXAMPLES, openExampleData, type Example } from './example-table.js';
import { isNativeInstalled, orSkipped } from './native.js';

const ROWS = 50;

/** What goes into a step. */
type StepInputs = ReadonlyMap<PortKey, { readonly shape: readonly number[]; readonly values: Values }>;

/** An engine that keeps what goes into each run. */
function recording(engine: Engine, keep: (inputs: EngineTensors) => Promise<void>): Engine {
  return {
    name: engine.name,
    backend: engine.backend,
    precision: engine.precision,
    upload: (values, shape) => engine.upload(values, shape),
    prepare: async (program) => {
      const prepared = await engine.prepare(program);
      return {
        program,
        run: async (inputs, batch) => {
          await keep(inputs);
          return prepared.run(inputs, batch);
        },
        dispose: () => {
          prepared.dispose();
        },
      };
    },
  };
}

/** What goes into the last of some steps of training: at the first, learning signals are small differences of large costs. */
async function trainedInputs({ sources, steps, lr }: Example, artifact: Artifact): Promise<StepInputs> {
  const data = await openExampleData(artifact, sources);
  let left = steps;
  const inputs = new Map<PortKey, { shape: readonly number[]; values: Values }>();
  const engine = recording(await createTfjsEngine({ backend: 'wasm' }), async (tensors) => {
    left -= 1;
    if (left > 0) return;
    for (const [key, tensor] of tensors) inputs.set(key, { shape: tensor.shape, values: await tensor.download() });
  });
  const model = await loadModel(artifact, { engine, seed: 1 });
  const batch = data === undefined ? ROWS : Math.min(ROWS, data.rows);
  let made = 0;
  for await (const { step } of model.train({ data, steps, lr, batch })) made = step;
  expect(made).toBe(steps);
  model.dispose();
  return inputs;
}

/** All derivatives, in the order of the program's outputs. */
async function gradientOn(engine: Engine, { programs }: Artifact, given: StepInputs): Promise<readonly number[]> {
  const { gradient } = programs;
  const inputs = new Map([...given].map(([key, { shape, values }]) => [key, engine.upload(values, shape)]));
  const prepared = await engine.prepare(gradient);
  const outputs = await prepared.run(inputs, rowsOf(given));
  const own = gradient.outputs.filter(({ role }) => role === 'gradient');
  const values = await Promise.all(own.map(async (output) => outputs.get(portKey(output))?.download()));
  disposeAll(outputs);
  disposeAll(inputs);
  prepared.dispose();
  return values.flatMap((part) => [...(part ?? [])]);
}

function rowsOf(inputs: StepInputs): number {
  const noise = [...inputs].find(([key]) => key.startsWith('noise:'));
  return noise?.[1].shape[0] ?? ROWS;
}

function largestOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

const ENGINES: readonly { readonly name: string; readonly open: () => Promise<Engine>; readonly isThere: boolean }[] = [
  { name: `native${orSkipped}`, open: () => createNativeEngine(), isThere: isNativeInstalled },
  { name: 'wasm', open: () => createTfjsEngine({ backend: 'wasm' }), isThere: true },
  { name: 'cpu', open: () => createTfjsEngine({ backend: 'cpu' }), isThere: true },
];

describe.each(EXAMPLES)('$file', (example) => {
  let artifact: Artifact;
  let inputs: StepInputs;
  let exact: readonly number[];
  beforeAll(async () => {
    artifact = await compileExample(example.file, example.constants);
    inputs = await trainedInputs(example, artifact);
    exact = await gradientOn(createReferenceEngine(), artifact, inputs);
  });

  for (const { name, open, isThere } of ENGINES)
    test.skipIf(!isThere)(name, async () => {
      const actual = await gradientOn(await open(), artifact, inputs);
      const largest = largestOf(exact);
      expect(largest).toBeGreaterThan(0);
      expect(actual.length).toBe(exact.length);
      expect(largestOf(exact.map((value, place) => value - at(actual, place)))).toBeLessThanOrEqual(2e-5 * largest);
    });
});
