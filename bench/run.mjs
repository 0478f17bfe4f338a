/**
 * `npm run bench`: one step of training, on each engine and as written by hand in PyTorch and TensorFlow.js, in the same run: in turn,
 * one thread each, medians. Writes `bench/results.json`, and the table between the marks in `docs/benchmarks.md`. Requires a build.
 * PyTorch is Debian's `python3-torch` with `libopenblas0`, and is left out with a notice where it is missing.
 *
 *     node bench/run.mjs [--turns 12] [--webppl]
 *
 * A turn is 25 steps of each. With `--webppl` WebPPL is installed in a temporary folder, and measured on sbn1.
 */
import { parseArgs } from 'node:util';
import { createTfjsEngine } from '../packages/runtime/dist/index.js';
import { createNativeEngine } from '../packages/runtime/dist/node/index.js';
import { compileExample } from './examples.mjs';
import { interleave, median, STEPS } from './measure.mjs';
import { checkGradient, openNatural } from './natural-tfjs.mjs';
import { describeMachine, table, writeReport, writeResults } from './report.mjs';
import { products, torch, trainer } from './runners.mjs';
import { installWebppl, webppl } from './webppl.mjs';

const MODELS = ['sbn1', 'sbn2', 'completion'];
const BATCHES = [24, 100];
const WEBPPL_MODEL = 'sbn1';

const { values: options } = parseArgs({
  options: { turns: { type: 'string', default: '12' }, webppl: { type: 'boolean', default: false } },
});
const turns = Number(options.turns);

const native = await createNativeEngine();
const wasm = await createTfjsEngine({ backend: 'wasm' });
const installed = options.webppl ? installWebppl() : undefined;
const versions = {};
const results = [];
for (const model of MODELS)
  for (const batch of BATCHES) {
    const natural = await openNatural(model, batch);
    const difference = await checkGradient(natural, model, batch);
    const others = {
      'natural tfjs': natural,
      PyTorch: await torch(model, batch),
      WebPPL: installed !== undefined && model === WEBPPL_MODEL ? await webppl(installed, batch) : undefined,
    };
    for (const [name, runner] of Object.entries(others))
      if (runner === undefined) delete others[name];
      else versions[name] = runner.version;
    const algorithm1 = compileExample(model, 'algorithm1');
    const runners = {
      native: await trainer(native, algorithm1, batch),
      'native, default form': await trainer(native, compileExample(model), batch),
      wasm: await trainer(wasm, algorithm1, batch),
      'matrix products': await products(native, model, batch),
      ...others,
    };
    const milliseconds = await interleave(runners, turns);
    results.push({ model, batch, differenceOfNaturalGradient: difference, milliseconds });
    const line = Object.entries(milliseconds).map(
      ([name, own]) => `${name} ${own.processor.toFixed(2)} (${own.elapsed.toFixed(2)})`,
    );
    console.log(`${model}, batch ${batch}: ${line.join(', ')} ms`);
  }
installed?.remove();
if (versions.PyTorch === undefined) console.log('PyTorch is not there (Debian: python3-torch libopenblas0): left out');
if (versions.WebPPL === undefined)
  console.log(`WebPPL ${options.webppl ? 'could not be installed' : 'is measured with --webppl'}: left out`);

const machine = describeMachine();
writeResults('results', { ...machine, native: native.backend, versions, turns, steps: STEPS, results });

const COLUMNS = ['native', 'native, default form', 'wasm', 'matrix products', 'PyTorch', 'natural tfjs', 'WebPPL'];
const RATIOS = [
  ['native', 'PyTorch'],
  ['native, default form', 'PyTorch'],
  ['native', 'matrix products'],
  ['wasm', 'PyTorch'],
  ['natural tfjs', 'wasm'],
  ['WebPPL', 'native'],
].filter(([above, below]) => [above, below].every((name) => results.some(({ milliseconds: ms }) => name in ms)));
const measured = COLUMNS.filter((name) => results.some(({ milliseconds: ms }) => name in ms));
const times = results.map(({ model, batch, milliseconds: ms }) => [
  model,
  batch,
  ...measured.map((name) => ms[name]?.processor.toFixed(2) ?? ''),
]);
const ratios = results.map(({ model, batch, milliseconds: ms }) => [
  model,
  batch,
  ...RATIOS.map(([above, below]) =>
    above in ms && below in ms ? (ms[above].processor / ms[below].processor).toFixed(2) : '',
  ),
]);
const others = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
const everything = results.flatMap(({ milliseconds }) => Object.values(milliseconds));
const slowdown = median(everything.map(({ processor, elapsed }) => elapsed / processor));
const caption = `Milliseconds on the processor, medians of ${turns * STEPS} steps of each (WebPPL: ${turns * 2}), in turn, one thread each; elapsed times are ${slowdown.toFixed(2)} times as long, by the median; ${machine.summary}; ${[native.backend, ...others].join('; ')}.`;
writeReport(
  'bench',
  [
    caption,
    table(['model', 'batch', ...measured], times),
    'Ratios of these:',
    table(['model', 'batch', ...RATIOS.map((pair) => pair.join(' / '))], ratios),
  ].join('\n\n'),
);
process.exit();
