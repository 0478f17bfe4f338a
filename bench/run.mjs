/**
 * `npm run bench`: one step of training, on each engine and as written by hand in PyTorch and TensorFlow.js, in the same run: each in a
 * process of its own, in turn, one thread each, medians. Writes `bench/results.json`, and the tables and lists between the marks `bench`
 * and `rows` in `docs/benchmarks.md`. Requires a build. PyTorch is Debian's `python3-torch` with `libopenblas0`, and is left out with a
 * notice where it is missing.
 *
 *     node bench/run.mjs [--turns 12] [--webppl] [--models sbn1,sbn2,completion] [--batches 24,100] [--report]
 *
 * A turn is five rounds of five steps of each. With `--webppl` WebPPL is installed in a temporary folder, and measured on sbn1, two steps
 * a turn. With fewer models or batches it is a trial: the results are printed, and nothing is written. With `--report` nothing is
 * measured: what is in `bench/results.json` is written anew.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { at } from './examples.mjs';
import { compareRounds, interleave, STEPS_PER_TURN, summarize } from './measure.mjs';
import { checkGradient, openNatural } from './natural-tfjs.mjs';
import { measurePreparing, preparingOf } from './preparing.mjs';
import { describeMachine, writeResults } from './report.mjs';
import { ours, torch } from './runners.mjs';
import { reportSteps, RATIOS } from './steps-report.mjs';
import { installWebppl, webppl } from './webppl.mjs';

const MODELS = 'sbn1,sbn2,completion';
const BATCHES = '24,100';
const WEBPPL_MODEL = 'sbn1';

const { values: options } = parseArgs({
  options: {
    turns: { type: 'string', default: '12' },
    webppl: { type: 'boolean', default: false },
    models: { type: 'string', default: MODELS },
    batches: { type: 'string', default: BATCHES },
    report: { type: 'boolean', default: false },
  },
});
const turns = Number(options.turns);

async function openOthers(model, batch, natural, installed) {
  const others = {
    'natural tfjs': { ...natural, warm: 10 },
    PyTorch: await torch(model, batch),
    WebPPL: installed !== undefined && model === WEBPPL_MODEL ? await webppl(installed, batch) : undefined,
  };
  return Object.fromEntries(Object.entries(others).filter(([, runner]) => runner !== undefined));
}

async function measureModel(model, batch, installed, versions) {
  const natural = await openNatural(model, batch);
  const differenceOfNaturalGradient = await checkGradient(natural, model, batch);
  const others = await openOthers(model, batch, natural, installed);
  for (const [name, { version }] of Object.entries(others)) versions[name] = version;
  const runners = {};
  for (const kind of ['native', 'native, default form', 'wasm', 'matrix products'])
    runners[kind] = await ours(kind, model, batch);
  const native = runners.native.version;
  const rounds = await interleave({ ...runners, ...others }, turns);
  const milliseconds = Object.fromEntries(Object.entries(rounds).map(([name, own]) => [name, summarize(own.flat())]));
  const ratios = Object.fromEntries(
    RATIOS.filter(([above, below]) => above in rounds && below in rounds).map(([above, below]) => [
      `${above} / ${below}`,
      compareRounds(rounds[above], rounds[below]),
    ]),
  );
  const preparing = preparingOf(rounds.native);
  return { native, result: { model, batch, differenceOfNaturalGradient, milliseconds, ratios, preparing } };
}

async function measureAll() {
  const models = options.models.split(',');
  const batches = options.batches.split(',').map(Number);
  const isTrial = options.models !== MODELS || options.batches !== BATCHES;
  const installed = options.webppl ? installWebppl() : undefined;
  const versions = {};
  const results = [];
  let native;
  for (const model of models)
    for (const batch of batches) {
      const measured = await measureModel(model, batch, installed, versions);
      native = measured.native;
      results.push(measured.result);
      const { milliseconds, ratios, preparing } = measured.result;
      const show = ([name, { processor, elapsed }]) => `${name} ${processor.toFixed(2)} (${elapsed.toFixed(2)})`;
      console.log(`${model}, batch ${batch}: ${Object.entries(milliseconds).map(show).join(', ')} ms`);
      console.log(
        `  ${Object.entries(ratios).map(show).join(', ')}; preparing ${(100 * preparing.share).toFixed(1)} %`,
      );
    }
  installed?.remove();
  if (versions.PyTorch === undefined)
    console.log('PyTorch is not there (Debian: python3-torch libopenblas0): left out');
  if (versions.WebPPL === undefined)
    console.log(`WebPPL ${options.webppl ? 'could not be installed' : 'is measured with --webppl'}: left out`);
  const preparing = await measurePreparing(turns);
  for (const { source, milliseconds, share } of preparing)
    console.log(`${source}: ${milliseconds.toFixed(2)} ms, ${(100 * share).toFixed(1)} % of a step`);
  const whole = { ...describeMachine(), native, versions, turns, stepsPerTurn: STEPS_PER_TURN, results, preparing };
  if (!isTrial) writeResults('results', whole);
  return isTrial;
}

const isTrial = options.report ? false : await measureAll();
if (!isTrial) reportSteps(JSON.parse(readFileSync(at('bench/results.json'), 'utf8')));
process.exit();
