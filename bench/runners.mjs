/** What makes steps: our engines, and PyTorch. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { loadModel } from '../packages/runtime/dist/index.js';
import { at, compileExample, drawData } from './examples.mjs';
import { matrixProducts } from './matrix-products.mjs';
import { repeat } from './measure.mjs';

/** Whole steps: rows, noise, gradient, update, check. */
export async function trainer(engine, artifact, batch) {
  const loaded = await loadModel(artifact, { engine, seed: 1 });
  const data = artifact.data.length === 0 ? undefined : drawData(artifact, Math.max(2000, batch));
  const steps = loaded.train({ data, batch, steps: 1e9, optimizer: { name: 'adam' } });
  const iterator = steps[Symbol.asyncIterator]();
  return { steps: repeat(() => iterator.next()), end: () => loaded.dispose() };
}

/** The matrix products of a gradient program and nothing else, on the native engine. */
export async function products(engine, model, batch) {
  const { programs } = compileExample(model, 'algorithm1');
  const run = await matrixProducts(engine, programs.gradient, batch);
  return { steps: repeat(run), end: () => undefined };
}

/** A process that answers a line with a number of steps by the times of each, after a first line that says what it is; undefined where it cannot start. */
export async function server(command, args, environment = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'ignore'] });
  const failed = new Promise((resolve) => child.on('error', () => resolve(undefined)));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await Promise.race([failed, lines.next().then(({ value }) => value)]);
  if (first === undefined) return undefined;
  const steps = async (count) => {
    child.stdin.write(`${count}\n`);
    return JSON.parse((await lines.next()).value);
  };
  return { steps, end: () => child.stdin.end(), version: first.replace('ready ', '') };
}

/** MuProp in PyTorch, with Debian's `python3-torch`; undefined where that is missing. */
export function torch(model, batch) {
  const args = [at('bench/muprop_torch.py').pathname, model, String(batch)];
  return server('/usr/bin/python3', args, { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' });
}
