/**
 * `npm run bench`: one step of training, on each engine and in PyTorch, in the same run: in turn, one thread each, medians.
 * Writes `bench/results.json`, and the table between the marks in `docs/benchmarks.md`. Requires a build. PyTorch is Debian's
 * `python3-torch` with `libopenblas0`, and is left out with a notice where it is missing.
 * `node bench/run.mjs [turns]`, by default 12 turns of 25 steps each.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { createInterface } from 'node:readline';
import { compile } from '../packages/compiler/dist/index.js';
import { createTfjsEngine, datasetFromArrays, loadModel } from '../packages/runtime/dist/index.js';
import { createNativeEngine } from '../packages/runtime/dist/node/index.js';
import { matrixProducts } from './matrix-products.mjs';

const MODELS = ['sbn1', 'sbn2', 'completion'];
const BATCHES = [24, 100];
/** Steps of a turn that count, and those before them that fill the caches which the one before has emptied. */
const STEPS = 25;
const UNTIMED = 5;
const rounds = Number(process.argv[2] ?? 12);
const at = (path) => new URL(`../${path}`, import.meta.url);

function compileExample(model, estimator) {
  const name = `examples/${model}.sbn`;
  return compile({ name, text: readFileSync(at(name), 'utf8') }, { estimator }).value;
}

/** Pixels in no pattern, a fifth of them 1. */
function drawData({ data }) {
  const rows = 2000;
  const columns = data.map(({ name, shape: [width] }, place) => {
    const pixel = (_, index) => (Math.imul(index + place, 2654435761) >>> 0 < 2 ** 32 / 5 ? 1 : 0);
    return [name, Uint8Array.from({ length: rows * width }, pixel)];
  });
  return datasetFromArrays(data, Object.fromEntries(columns));
}

async function timed(run) {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** A runner makes some steps and gives the milliseconds of each. */
function repeat(step) {
  return async (count) => {
    const times = [];
    for (let done = 0; done < count; done += 1) times.push(await timed(step));
    return times;
  };
}

/** Whole steps: rows, noise, gradient, update, check. */
async function trainer(engine, model, estimator, batch) {
  const artifact = compileExample(model, estimator);
  const loaded = await loadModel(artifact, { engine, seed: 1 });
  const steps = loaded.train({ data: drawData(artifact), batch, steps: 1e9, optimizer: { name: 'adam' } });
  const iterator = steps[Symbol.asyncIterator]();
  return { steps: repeat(() => iterator.next()), end: () => loaded.dispose() };
}

/** The matrix products of a gradient program and nothing else, on the native engine. */
async function products(engine, model, batch) {
  const { programs } = compileExample(model, 'algorithm1');
  const run = await matrixProducts(engine, programs.gradient, batch);
  return { steps: repeat(run), end: () => undefined };
}

async function torch(model, batch) {
  const script = at('bench/muprop_torch.py').pathname;
  const child = spawn('/usr/bin/python3', [script, model, String(batch)], {
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const started = new Promise((resolve) => child.on('error', () => resolve(undefined)));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await Promise.race([started, lines.next().then(({ value }) => value)]);
  if (first === undefined) return undefined;
  const steps = async (count) => {
    child.stdin.write(`${count}\n`);
    return (await lines.next()).value.split(' ').map(Number);
  };
  return { steps, end: () => child.stdin.end(), version: first.replace('ready ', '') };
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

/** In turn, so that what else the machine does falls on all of them alike. */
async function interleave(runners) {
  const times = Object.fromEntries(Object.keys(runners).map((name) => [name, []]));
  for (const { steps } of Object.values(runners)) await steps(STEPS);
  for (let round = 0; round < rounds; round += 1)
    for (const [name, { steps }] of Object.entries(runners))
      times[name].push(...(await steps(UNTIMED + STEPS)).slice(UNTIMED));
  for (const { end } of Object.values(runners)) end();
  return Object.fromEntries(
    Object.entries(times).map(([name, own]) => [name, { median: median(own), least: Math.min(...own) }]),
  );
}

const native = await createNativeEngine();
const wasm = await createTfjsEngine({ backend: 'wasm' });
const results = [];
let version;
for (const model of MODELS)
  for (const batch of BATCHES) {
    const python = await torch(model, batch);
    version = python?.version ?? version;
    const milliseconds = await interleave({
      native: await trainer(native, model, 'algorithm1', batch),
      'native, default form': await trainer(native, model, undefined, batch),
      wasm: await trainer(wasm, model, 'algorithm1', batch),
      'matrix products': await products(native, model, batch),
      ...(python === undefined ? {} : { pytorch: python }),
    });
    results.push({ model, batch, milliseconds });
    const line = Object.entries(milliseconds).map(
      ([name, own]) => `${name} ${own.median.toFixed(2)} (${own.least.toFixed(2)})`,
    );
    console.log(`${model}, batch ${batch}: ${line.join(', ')} ms`);
  }
if (version === undefined) console.log('PyTorch is not there (Debian: python3-torch libopenblas0): left out');

const machine = { processor: cpus()[0].model.trim(), cores: cpus().length, node: process.version, load: loadavg()[0] };
const report = {
  date: new Date().toISOString().slice(0, 10),
  machine,
  native: native.backend,
  pytorch: version ?? null,
  rounds,
  steps: STEPS,
  results,
};
writeFileSync(at('bench/results.json'), `${JSON.stringify(report, undefined, 2)}\n`);

const ratio = (a, b) => (b === undefined ? '' : (a.median / b.median).toFixed(2));
const rows = results.map(({ model, batch, milliseconds: ms }) => [
  model,
  batch,
  ...[ms.native, ms['native, default form'], ms.wasm, ms['matrix products'], ms.pytorch].map(
    (own) => own?.median.toFixed(2) ?? '',
  ),
  ratio(ms.native, ms.pytorch),
  ratio(ms['native, default form'], ms.pytorch),
  ratio(ms.native, ms['matrix products']),
]);
const heads = [
  'model',
  'batch',
  'native',
  'native, default form',
  'wasm',
  'matrix products',
  'PyTorch',
  'native / PyTorch',
  'default form / PyTorch',
  'native / products',
];
const table = [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const caption = `Milliseconds, medians of ${rounds * STEPS} steps of each, in turn, one thread each; ${machine.processor}, ${machine.cores} cores, load ${machine.load.toFixed(1)}; ${native.backend}; ${version === undefined ? 'no PyTorch' : `PyTorch ${version}`}.`;
const page = readFileSync(at('docs/benchmarks.md'), 'utf8');
const marked = /(<!-- bench -->\n)[^]*(\n<!-- end of bench -->)/;
writeFileSync(
  at('docs/benchmarks.md'),
  page.replace(marked, (_, before, after) => `${before}\n${caption}\n\n${table}\n${after}`),
);
process.exit();
