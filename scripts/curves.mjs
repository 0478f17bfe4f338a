/**
 * `node scripts/curves.mjs --data FOLDER [--out FOLDER] [--models a,b] [--estimators "x; y"] [--epochs N] [--seed N] [--lr X]`: trains the
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
  'muprop(order = 2)',
  'muprop',
];

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string', default: 'runs/curves' },
    models: { type: 'string', default: 'sbn1,sbn2,completion' },
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
function sources(model, images) {
  const file = `${join(folder, images)}-images-idx3-ubyte.gz,binarize=threshold,threshold=127`;
  return model === 'completion' ? [`top=${file},slice=top`, `bottom=${file},slice=bottom`] : [`x=${file}`];
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
  const name = `${model}-${estimator.replaceAll(/[^a-z0-9]+/gi, '-')}-lr${values.lr}-seed${values.seed}`;
  const directory = join(values.out, name);
  const found = readCurve(directory);
  if (found !== undefined) return found;
  const data = sources(model, 'train').flatMap((source) => ['--data', source]);
  const valid = sources(model, 't10k').flatMap((source) => ['--valid', source]);
  const settings = ['--epochs', values.epochs, '--batch', '100', '--optimizer', 'adam', '--lr', values.lr];
  const rest = ['--seed', values.seed, '--out', directory, '--force', '--quiet', '--estimator', estimator];
  let log = '';
  const code = await run(
    nodeCommand('packages/cli/bin/sbn.js', 'run', `examples/${model}.sbn`, ...data, ...valid, ...settings, ...rest),
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
