/** `sbn run`: trains a model. */
import type { Command } from 'commander';
import { addEngineOptions } from '../engine.js';
import { UsageError } from '../exit.js';
import type { Host } from '../host.js';
import { withErrorEvent } from '../json-lines.js';
import { addModelOptions } from '../model-options.js';
import { assignment, fraction, optimizerText, positiveInteger, positiveNumbers, seed } from '../options.js';
import { addCommand, examples } from '../program.js';
import { addCommonOptions } from '../run/run-flags.js';
import { startRun } from '../run/start-run.js';
import { startSearch, type SearchFlags } from '../search/start-search.js';
import { goOn } from './resume.js';

const SOURCES = `
Sources of data:
  PATH[,option…]     a file, plain or gzipped: IDX (train-images.gz), NPY, NPZ, CSV, TSV, JSON lines
                     (.jsonl), Parquet, PNG; files by a pattern ("part-*.csv"); a folder of PNGs
  bars,n=4           every pattern of bars and stripes, n by n
  glyphs,rows=2000   28 by 28 drawn digits; their labels with glyphs,labels
  documents, sequences, branches   counts of words, symbols of a hidden chain, real numbers
  Options: binarize=threshold|bernoulli, threshold=N, scale[=N], slice=top|bottom|a:b, rows=N|a:b,
           from=COLUMN, from=A|B, from=FIRST..LAST for files with names, part=0:0.9[,split=SEED]
  Files of more than 512 MiB in memory are read piece by piece: stream, stream=false, buffer=ROWS
  \`sbn data SOURCE\` shows what is in one.`;

export function addRun(program: Command, host: Host): void {
  const command = addCommand(program, 'run')
    .summary('train a model')
    .description(
      'Trains a model, shows its progress, and writes config.json, metrics.csv, event files for TensorBoard, artifact.json and checkpoints ' +
        '(the newest, those before it, and with data to measure on the best) into the folder of the run. What is not given comes from the `train` block of the file. Ctrl-C, SIGTERM and SIGHUP end the run ' +
        'after the current step and keep what it has learned; the second time they end it at once.',
    )
    .argument('[file]', 'model file')
    .option('--resume <folder>', 'go on with the run in this folder, as `sbn resume` does')
    .option('--data <name=source>', 'where the data of this name come from (repeatable)', assignment)
    .option('--valid <name=source>', 'data to measure on, during the run and at its end (repeatable)', assignment)
    .option('--valid-share <x>', 'share of the rows of --data to keep out of training and measure on', fraction)
    .option('--epochs <n>', 'passes over the data', positiveInteger)
    .option('--steps <n>', 'steps in all; with --epochs too, whichever ends first', positiveInteger)
    .option('--batch <n>', 'rows per step', positiveInteger)
    .option('--lr <x>', 'learning rate; several, as in 3e-3,1e-3, are tried each in a run of its own', positiveNumbers)
    .option(
      '--jobs <n>',
      'runs at a time where several learning rates are tried (default: one for each core)',
      positiveInteger,
    )
    .option(
      '--optimizer <text>',
      'adam, adamw, rmsprop or sgd, with options: "adamw(decay = 0.1, warmup = 500)"',
      optimizerText,
    )
    .option('--momentum <x>', 'momentum of sgd', fraction)
    .option('--seed <n>', 'seed of the initial parameters, the order of rows and the noise', seed)
    .option(
      '--valid-every <n>',
      'steps between two measurements on the validation data (default: an epoch, or more)',
      positiveInteger,
    )
    .option('--checkpoint-every <n>', 'steps between two checkpoints (default: a minute)', positiveInteger)
    .option('--keep <n>', 'how many of the newest checkpoints to keep, beside the best (default: 3)', positiveInteger)
    .option('--out <folder>', 'folder of the run (default: runs/<model>-<n>)')
    .option(
      '--force',
      'write over a run that is there already; with --resume: go on with a model or data that have changed',
    )
    .option('--no-tensorboard', 'write no event files for TensorBoard into the folder of the run')
    .option('--keep-model', 'with --resume: go on with the model as the run has it, whatever its file says now');
  addCommonOptions(command);
  addModelOptions(command);
  addEngineOptions(command)
    .addHelpText('after', SOURCES)
    .addHelpText(
      'after',
      examples(
        'sbn run examples/bars.sbn',
        'sbn run examples/sbn2.sbn --data x=train-images.gz,binarize=threshold --epochs 6',
        'sbn run examples/bars.sbn --estimator "muprop(order = 2)"',
        'sbn run examples/deep.sbn --set L=5 --lr 1e-3 --seed 1 --out runs/deep5',
        'sbn run --resume runs/deep5',
        'sbn run model.sbn --valid-share 0.1 --lr 3e-3,1e-3,3e-4',
        'sbn run model.sbn --optimizer "adamw(decay = 0.1, warmup = 500, cosine = 20000, clip = 1)"',
      ),
    )
    .action((file: string | undefined, flags: Flags) =>
      withErrorEvent(flags.json === true, host, () => run(file, flags, host)),
    );
}

interface Flags extends Omit<SearchFlags, 'lr'> {
  readonly resume?: string;
  readonly lr?: readonly number[];
}

async function run(file: string | undefined, { resume, lr: rates = [], ...others }: Flags, host: Host): Promise<void> {
  const [lr] = rates;
  const flags: SearchFlags = lr === undefined ? others : { ...others, lr };
  const isSearch = rates.length > 1;
  if (resume !== undefined) {
    if (isSearch) throw new UsageError('--lr: a run that goes on has one learning rate', 'give one, or none');
    await goOn(resume, file, flags, host);
    return;
  }
  if (file === undefined)
    throw new UsageError('what is to be trained?', 'give a model file, or --resume with the folder of a run');
  if (isSearch) await startSearch(file, rates, flags, host);
  else await startRun(file, flags, host);
}
