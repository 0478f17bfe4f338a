/**
 * `npm run bench:scaling`: what a step of training takes as the batch, the layers, the number of sites and the samples grow; what
 * compiling takes, and memory. Writes `bench/scaling.json`, the list and the tables between the marks in `docs/benchmarks.md` and
 * `docs/pictures/scaling.svg`. Requires a build.
 *
 *     node bench/scaling.mjs [--seconds 2] [--report]
 *
 * Each engine is measured for some seconds at each point, in turn with the other, in a process of its own. With `--report` nothing is: what is in `bench/scaling.json` is written anew.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compile } from '../packages/compiler/dist/index.js';
import { countOperations, peakElements } from '../packages/program/dist/index.js';
import { at, sourceOf } from './examples.mjs';
import { startClock, summarize } from './measure.mjs';
import { profileGraph } from './profile-graph.mjs';
import { describeMachine, writeResults } from './report.mjs';
import { ours } from './runners.mjs';
import { reportScaling } from './scaling-report.mjs';

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '2' }, report: { type: 'boolean', default: false } },
});
const MOST_STEPS = 200;
const FEWEST_STEPS = 3;

/** Before the first step that counts, V8 compiles: so many steps, or as many as fit into a second. */
const WARM_STEPS = 100;
const WARM_MILLISECONDS = 1000;

/** Of a round, where a step is short: its first steps fill the caches that the other engine has emptied. Long ones do that themselves. */
const SHORT = 50;
const ROUNDS = { short: { untimed: 2, timed: 5 }, long: { untimed: 0, timed: 2 } };

const AXES = [
  { name: 'batch', points: [1, 8, 64, 512, 4096], at: (batch) => ({ batch, subject: { model: 'sbn2' } }) },
  {
    name: 'width',
    points: [50, 100, 200, 500, 1000, 2000],
    at: (H) => ({ subject: { model: 'sbn2', constants: { H } } }),
  },
  {
    name: 'samples',
    points: [1, 2, 5, 10, 20, 50],
    at: (k) => ({ batch: 24, subject: { model: 'sbn1', replaced: ['maximize elbo', `maximize iwae(${k})`] } }),
  },
  {
    name: 'sites',
    points: [1, 2, 5, 10, 20, 50, 100, 200],
    at: (L) => ({ subject: { model: 'deep', constants: { L, H: 50 } } }),
  },
];

const KINDS = { native: 'native, default form', wasm: 'wasm, default form' };

function compileTimed(subject) {
  const { source, constants } = sourceOf(subject);
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

/** What a round of a runner is, once V8 has compiled what it runs. */
async function warmUp({ steps }) {
  const start = performance.now();
  let last = 0;
  for (
    let done = 0;
    done < WARM_STEPS && (done < FEWEST_STEPS || performance.now() - start < WARM_MILLISECONDS);
    done += 1
  )
    [[last]] = await steps(1);
  return last < SHORT ? ROUNDS.short : ROUNDS.long;
}

/** Steps of both in turn, for some seconds of each. What cannot be run is left out. */
async function measureSteps(subject, batch) {
  const runners = {};
  const times = {};
  for (const [name, kind] of Object.entries(KINDS)) {
    try {
      const runner = await ours(kind, subject, batch);
      runners[name] = { ...runner, round: await warmUp(runner) };
      times[name] = [];
    } catch (error) {
      console.log(`${name}: ${error.message}`);
    }
  }
  const names = Object.keys(runners);
  const start = performance.now();
  const isEnough = (own) =>
    own.length >= FEWEST_STEPS &&
    (own.length >= MOST_STEPS || performance.now() - start > names.length * options.seconds * 1000);
  while (names.some((name) => !isEnough(times[name])))
    for (const name of names) {
      const { steps, round } = runners[name];
      times[name].push(...(await steps(round.untimed + round.timed)).slice(round.untimed));
    }
  const backend = runners.native?.version;
  for (const { end } of Object.values(runners)) end();
  return { backend, steps: Object.fromEntries(names.map((name) => [name, summarize(times[name])])) };
}

async function measurePoint({ at: settingsAt }, value) {
  const { subject, batch } = { batch: 100, ...settingsAt(value) };
  const { artifact, compiling } = compileTimed(subject);
  const { gradient } = artifact.programs;
  const { fixed, perRow } = countOperations(gradient);
  const { backend, steps } = await measureSteps(subject, batch);
  const operations = fixed + perRow * batch;
  const isLong = operations > 5e9 || gradient.instructions.length > 2000;
  const graph = await profileGraph(gradient, batch, isLong ? 4 : 20);
  const parameters = artifact.parameters.reduce(
    (sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1),
    0,
  );
  const point = {
    value,
    native: steps.native?.processor,
    wasm: steps.wasm?.processor,
    elapsed: { native: steps.native?.elapsed, wasm: steps.wasm?.elapsed },
    compiling,
    gigaOperations: operations / 1e9,
    instructions: gradient.instructions.length,
    peakMebibytes: (4 * peakElements(gradient, batch)) / 2 ** 20,
    parameterMebibytes: (4 * parameters) / 2 ** 20,
    graph,
  };
  return { backend, point };
}

async function measureAll() {
  const results = {};
  let native = '';
  for (const axis of AXES) {
    results[axis.name] = [];
    for (const value of axis.points) {
      const { backend, point } = await measurePoint(axis, value);
      native = backend ?? native;
      results[axis.name].push(point);
      console.log(
        `${axis.name} ${value}: native ${point.native?.toFixed(2)} ms, wasm ${point.wasm?.toFixed(2)} ms, compiled in ${point.compiling.toFixed(0)} ms`,
      );
      // What has been measured stays, whatever comes of the rest.
      writeResults('scaling', { ...describeMachine(), native, results });
    }
  }
}

if (!options.report) await measureAll();
reportScaling(JSON.parse(readFileSync(at('bench/scaling.json'), 'utf8')));
process.exit();
