/**
 * `node scripts/curves.mjs --data FOLDER [--out FOLDER] [--models a,b:H=50] [--estimators "x; y"] [--epochs N] [--seed N] [--lr X]`: trains the
 * examples on MNIST with one estimator after the other, and prints the bound on the test images after each epoch as Markdown.
 * Runs that are there already are not made again. FOLDER holds the four files of MNIST, gzipped.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeCommand, run } from './workspace.mjs';

const ESTIMATORS = [
  'likelihood_ratio',
  'nvil',
  'straight_through',
  'half',
  'algorithm1',
  'muprop(order = 1)',
  'muprop',
  'muprop(scale = learned)',
  'muprop(draws = 2)',
  'rloo(2)',
  'disarm',
];

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string', default: 'runs/curves' },
    models: { type: 'string', default: 'sbn1,sbn2,completion,completion:GAIN=1' },
    estimators: { type: 'string', default: ESTIMATORS.join(';') },
    epochs: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
    lr: { type: 'string', default: '1e-3' },
  },
});
const folder = values.data;
if (folder === undefined) {
  console.error('error: --data is missing\n  = hint: give the folder of the four files of MNIST');
  process.exit(2);
}

/** Images on the first data name, or halves of them on two. */
function sources(example, images) {
  const file = `${join(folder, images)}-images-idx3-ubyte.gz,binarize=threshold,threshold=127`;
  return example === 'completion' ? [`top=${file},slice=top`, `bottom=${file},slice=bottom`] : [`x=${file}`];
}

/** The validation column of a finished run, epoch by epoch; undefined where it is not finished. */
function readCurve(directory) {
  const metrics = join(directory, 'metrics.csv');
  if (!existsSync(join(directory, 'checkpoint.safetensors')) || !existsSync(metrics)) return undefined;
  const rows = readFileSync(metrics, 'utf8').trimEnd().split('\n').slice(1);
  const curve = rows.map((row) => row.split(',')[3]).filter((text) => text !== '');
  return curve.length < Number(values.epochs) ? undefined : curve.map(Number);
}

async function train(model, estimator) {
  const [example, ...constants] = model.split(':');
  const name = `${model.replaceAll(/[^a-z0-9.]+/gi, '-')}-${estimator.replaceAll(/[^a-z0-9]+/gi, '-')}-lr${values.lr}-seed${values.seed}`;
  const directory = join(values.out, name);
  const found = readCurve(directory);
  if (found !== undefined) return found;
  const data = sources(example, 'train').flatMap((source) => ['--data', source]);
  const valid = sources(example, 't10k').flatMap((source) => ['--valid', source]);
  const settings = ['--epochs', values.epochs, '--batch', '100', '--optimizer', 'adam', '--lr', values.lr];
  const set = constants.flatMap((constant) => ['--set', constant]);
  const rest = [...set, '--seed', values.seed, '--out', directory, '--force', '--quiet', '--estimator', estimator];
  let log = '';
  const code = await run(
    nodeCommand('packages/cli/bin/sbn.js', 'run', `examples/${example}.sbn`, ...data, ...valid, ...settings, ...rest),
    (text) => (log += text),
  );
  if (code === 0) return readCurve(directory);
  console.error(`${name}:\n${log}`);
  process.exit(1);
}

const epochs = Array.from({ length: Number(values.epochs) }, (_, index) => String(index + 1));
for (const model of values.models.split(',')) {
  console.log(`\n| ${model} | ${epochs.join(' | ')} |\n| --- |${epochs.map(() => ' --- |').join('')}`);
  for (const estimator of values.estimators.split(';').map((text) => text.trim())) {
    const curve = await train(model, estimator);
    console.log(`| \`${estimator}\` | ${curve.map((bound) => bound.toFixed(1)).join(' | ')} |`);
  }
}
