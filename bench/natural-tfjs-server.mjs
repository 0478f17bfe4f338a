/**
 * Makes steps of `muprop-tfjs.mjs` in a process of its own, as TensorFlow.js has one engine per process:
 * a number is answered by the times of so many steps, values are answered by the gradients at them.
 * `natural-tfjs-server.mjs BUNDLE MODEL BATCH WASM_FOLDER`.
 */
import { repeat } from './measure.mjs';

const [bundle, model, batch, wasm] = process.argv.slice(2);
const { open } = await import(bundle);
const { step, gradientsAt, version } = await open(model, Number(batch), wasm);
const makeSteps = repeat(step);

process.on('message', async (asked) => {
  process.send(typeof asked === 'number' ? await makeSteps(asked) : gradientsAt(asked));
});
process.send({ version });
