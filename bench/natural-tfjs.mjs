/** Natural TensorFlow.js code (`muprop-tfjs.mjs`) in a process of its own, and the check that it computes what ours does. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { createReferenceEngine, loadModel } from '../packages/runtime/dist/index.js';
import { at, compileExample, drawPixels } from './examples.mjs';

const wasmFolder = `${dirname(createRequire(at('packages/runtime/package.json')).resolve('@tensorflow/tfjs-backend-wasm'))}/`;

/** Node cannot import what registers the gradients in tfjs-core; a bundler can. */
async function bundle(outfile) {
  await build({
    entryPoints: [at('bench/muprop-tfjs.mjs').pathname],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    logLevel: 'error',
    // What wasm's loader asks for in Node.
    banner: {
      js: [
        `import { createRequire } from 'node:module';`,
        `const require = createRequire(import.meta.url);`,
        `const __dirname = import.meta.dirname;`,
        `const __filename = import.meta.filename;`,
      ].join('\n'),
    },
  });
}

export async function openNatural(model, batch) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'muprop-tfjs.mjs');
  await bundle(file);
  const child = fork(at('bench/natural-tfjs-server.mjs'), [file, model, String(batch), wasmFolder], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const answer = async () => (await once(child, 'message'))[0];
  const ask = (question) => {
    const answered = answer();
    child.send(question);
    return answered;
  };
  const { version } = await answer();
  rmSync(folder, { recursive: true });
  return { steps: ask, gradientsAt: ask, end: () => child.disconnect(), version };
}

/** Far below what any mistake would make, and above what float32 makes of learning signals, small differences of large costs. */
const TOLERANCE = 1e-4;

/**
 * Compares its gradient with the float64 interpreter's of our program, at the same parameters, rows and uniforms.
 * @returns the largest difference over the largest magnitude
 */
export async function checkGradient(natural, model, batch) {
  const artifact = compileExample(model, 'algorithm1');
  const { gradient } = artifact.programs;
  const engine = createReferenceEngine();
  const loaded = await loadModel(artifact, { engine, seed: 1 });
  const parameters = Object.fromEntries(
    Object.entries(await loaded.parameters()).map(([name, { shape, values }]) => [
      name,
      { shape, values: Float32Array.from(values) },
    ]),
  );
  const rows = drawPixels(artifact.data, batch);
  const data = Object.fromEntries(
    artifact.data.map(({ name, shape }) => [name, { shape: [batch, ...shape], values: Float32Array.from(rows[name]) }]),
  );
  const uniforms = Object.fromEntries(
    gradient.inputs
      .filter(({ role }) => role === 'noise')
      .map(({ name, shape: [, width] }) => [name, { shape: [batch, width], values: drawUniforms(batch * width) }]),
  );
  const sources = { parameter: parameters, data, noise: uniforms };
  const inputs = gradient.inputs.map(({ role, name, shape }) => {
    // Baselines of a training that has not begun.
    const given = sources[role]?.[name] ?? { shape, values: [0] };
    return [`${role}:${name}`, engine.upload(given.values, given.shape)];
  });
  const prepared = await engine.prepare(gradient);
  const outputs = await prepared.run(new Map(inputs), batch);
  const given = await natural.gradientsAt({ parameters, data, uniforms });
  let largest = 0;
  let furthest = 0;
  for (const { role, name } of gradient.outputs) {
    if (role !== 'gradient') continue;
    const exact = await outputs.get(`${role}:${name}`).download();
    const own = given[name];
    if (own?.length !== exact.length) throw new Error(`${model}: the natural code has no gradient of ${name}`);
    for (const [place, value] of exact.entries()) {
      largest = Math.max(largest, Math.abs(value));
      furthest = Math.max(furthest, Math.abs(value - own[place]));
    }
  }
  loaded.dispose();
  if (!(furthest <= TOLERANCE * largest))
    throw new Error(`${model}: the natural code has another gradient, by ${furthest / largest} of the largest`);
  return furthest / largest;
}

/** Spread evenly over [0, 1). */
function drawUniforms(length) {
  return Float32Array.from({ length }, (_, place) => (Math.imul(place + 1, 2246822519) >>> 8) / 2 ** 24);
}
