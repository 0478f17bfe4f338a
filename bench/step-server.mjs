/**
 * Makes steps of one of our engines in a process of its own, so that what V8's helper threads do for one runner, compiling and collecting
 * garbage, is not counted for another: `step-server.mjs KIND SUBJECT BATCH [SOURCE]`, an example as JSON, and a source of data as JSON,
 * for a model with one data name. Prints what computes, then reads a number of steps from each line, and prints the times of each: elapsed, of the
 * processor, and what of the elapsed time passed before the step could begin.
 */
import { createInterface } from 'node:readline';
import { createTfjsEngine, loadModel } from '../packages/runtime/dist/index.js';
import { createNativeEngine, openDataset } from '../packages/runtime/dist/node/index.js';
import { compileExample, drawData } from './examples.mjs';
import { matrixProducts } from './matrix-products.mjs';
import { startClock } from './measure.mjs';

const ALGORITHM1 = 'algorithm1';

/** What a step of each kind is. */
const KINDS = {
  native: async () => trainingStep(await createNativeEngine(), compileExample(model, ALGORITHM1)),
  'native, default form': async () => trainingStep(await createNativeEngine(), compileExample(model)),
  wasm: async () => trainingStep(await createTfjsEngine({ backend: 'wasm' }), compileExample(model, ALGORITHM1)),
  'wasm, default form': async () => trainingStep(await createTfjsEngine({ backend: 'wasm' }), compileExample(model)),
  'matrix products': async () => {
    const engine = await createNativeEngine();
    const { gradient } = compileExample(model, ALGORITHM1).programs;
    return { engine, step: await matrixProducts(engine, gradient, batch), seconds: () => ({ preparing: 0 }) };
  },
};

/** Rows, noise, gradient, update, check. */
async function trainingStep(engine, artifact) {
  const loaded = await loadModel(artifact, { engine, seed: 1 });
  const data = await openData(artifact);
  const training = loaded.train({ data, batch, steps: 1e9, optimizer: { name: 'adam' } });
  const steps = training[Symbol.asyncIterator]();
  return { engine, step: () => steps.next(), seconds: () => training.seconds };
}

function openData(artifact) {
  if (source === undefined) return drawData(artifact, Math.max(2000, batch));
  const { worker, ...spec } = JSON.parse(source);
  return openDataset(artifact.data, { [artifact.data[0].name]: spec }, { worker });
}

const [kind, subject, rows, source] = process.argv.slice(2);
const model = JSON.parse(subject);
const batch = Number(rows);
const { engine, step, seconds } = await KINDS[kind]();
console.log(`ready ${engine.backend}`);
createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const times = [];
    for (let done = 0; done < Number(line); done += 1) {
      const before = seconds().preparing;
      const read = startClock();
      await step();
      times.push([...read(), 1000 * (seconds().preparing - before)]);
    }
    console.log(JSON.stringify(times));
  })
  .on('close', () => process.exit());
