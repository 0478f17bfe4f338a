/**
 * `npm run bench:scaling`: what a step of training takes as the batch, the layers, the number of sites and the samples grow; what
 * compiling takes, and memory. Writes `bench/scaling.json`, the tables between the marks in `docs/benchmarks.md` and `docs/pictures/scaling.svg`.
 * Requires a build.
 *
 *     node bench/scaling.mjs [--seconds 2] [--report]
 *
 * Each point is measured for some seconds. With `--report` nothing is: what is in `bench/scaling.json` is written anew.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compile } from '../packages/compiler/dist/index.js';
import { countOperations, peakElements } from '../packages/program/dist/index.js';
import { createTfjsEngine } from '../packages/runtime/dist/index.js';
import { createNativeEngine } from '../packages/runtime/dist/node/index.js';
import { at } from './examples.mjs';
import { startClock, summarize } from './measure.mjs';
import { profileGraph } from './profile-graph.mjs';
import { describeMachine, writeResults } from './report.mjs';
import { trainer } from './runners.mjs';
import { reportScaling } from './scaling-report.mjs';

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '2' }, report: { type: 'boolean', default: false } },
});
const MOST_STEPS = 200;
const FEWEST_STEPS = 3;

/** `prepare` changes the text of the example. */
const AXES = [
  { name: 'batch', model: 'sbn2', points: [1, 8, 64, 512, 4096], at: (batch) => ({ batch }) },
  { name: 'width', model: 'sbn2', points: [50, 100, 200, 500, 1000, 2000], at: (H) => ({ constants: { H } }) },
  {
    name: 'samples',
    model: 'sbn1',
    points: [1, 2, 5, 10, 20, 50],
    at: (k) => ({ batch: 24, prepare: (text) => text.replace('maximize elbo', `maximize iwae(${k})`) }),
  },
  { name: 'sites', model: 'deep', points: [1, 2, 5, 10, 20, 50, 100, 200], at: (L) => ({ constants: { L, H: 50 } }) },
];

function compileTimed(model, { constants = {}, prepare = (text) => text }) {
  const name = `examples/${model}.sbn`;
  const source = { name, text: prepare(readFileSync(at(name), 'utf8')) };
  const times = [];
  let artifact;
  for (let run = 0; run < 3; run += 1) {
    const read = startClock();
    artifact = compile(source, { constants }).value;
    // A program is made when it is read.
    Object.values(artifact.programs);
    times.push(read());
  }
  return { artifact, compiling: summarize(times).processor };
}

/** Steps for some seconds, and then the median; those before do not count. */
async function measureSteps(engine, artifact, batch) {
  const runner = await trainer(engine, artifact, batch);
  await runner.steps(FEWEST_STEPS);
  const start = performance.now();
  const times = [];
  while (
    times.length < FEWEST_STEPS ||
    (times.length < MOST_STEPS && performance.now() - start < options.seconds * 1000)
  )
    times.push(...(await runner.steps(1)));
  runner.end();
  return summarize(times).processor;
}

async function measurePoint(engines, { model, at: settingsAt }, value) {
  const settings = { batch: 100, ...settingsAt(value) };
  const { batch } = settings;
  const { artifact, compiling } = compileTimed(model, settings);
  const { gradient } = artifact.programs;
  const { fixed, perRow } = countOperations(gradient);
  const steps = {};
  for (const [name, engine] of Object.entries(engines)) {
    try {
      steps[name] = await measureSteps(engine, artifact, batch);
    } catch (error) {
      console.log(`${name}: ${error.message}`);
    }
  }
  const operations = fixed + perRow * batch;
  const isLong = operations > 5e9 || gradient.instructions.length > 2000;
  const graph = await profileGraph(gradient, batch, isLong ? 4 : 20);
  const parameters = artifact.parameters.reduce(
    (sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1),
    0,
  );
  return {
    value,
    ...steps,
    compiling,
    gigaOperations: operations / 1e9,
    instructions: gradient.instructions.length,
    peakMebibytes: (4 * peakElements(gradient, batch)) / 2 ** 20,
    parameterMebibytes: (4 * parameters) / 2 ** 20,
    graph,
  };
}

async function measureAll() {
  const engines = { native: await createNativeEngine(), wasm: await createTfjsEngine({ backend: 'wasm' }) };
  const results = {};
  for (const axis of AXES) {
    results[axis.name] = [];
    for (const value of axis.points) {
      const point = await measurePoint(engines, axis, value);
      results[axis.name].push(point);
      console.log(
        `${axis.name} ${value}: native ${point.native?.toFixed(2)} ms, wasm ${point.wasm?.toFixed(2)} ms, compiled in ${point.compiling.toFixed(0)} ms`,
      );
      // What has been measured stays, whatever comes of the rest.
      writeResults('scaling', { ...describeMachine(), native: engines.native.backend, results });
    }
  }
}

if (!options.report) await measureAll();
reportScaling(JSON.parse(readFileSync(at('bench/scaling.json'), 'utf8')));
process.exit();
