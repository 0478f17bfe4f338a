/** `sbn run`: trains a model. */
import type { Command } from 'commander';
import { writeArtifact, type Artifact } from '@sbn/program';
import { loadModel, type OptimizerChoice } from '@sbn/runtime';
import { CheckpointSeries } from '@sbn/runtime/node';
import { addEngineOptions, openEngine, type EngineFlags } from '../engine.js';
import { UsageError } from '../exit.js';
import type { Host } from '../host.js';
import { withErrorEvent } from '../json-lines.js';
import { compileArtifact } from '../model-file.js';
import { addModelOptions, readModelOptions, type ModelFlags } from '../model-options.js';
import {
  assignment,
  fraction,
  optimizerText,
  positiveInteger,
  positiveNumber,
  seed,
  type Assignments,
  type OptimizerText,
} from '../options.js';
import { addCommand, examples } from '../program.js';
import { createRunDirectory, writeRunDescription, type RunConfig } from '../run-directory.js';
import { fileSources, formatSources, givenSources, openPorts, splitSources, type Sources } from '../sources.js';
import { train } from '../train.js';

interface RunFlags extends EngineFlags, ModelFlags {
  readonly data?: Assignments;
  readonly valid?: Assignments;
  readonly validShare?: number;
  readonly epochs?: number;
  readonly steps?: number;
  readonly batch?: number;
  readonly lr?: number;
  readonly optimizer?: OptimizerText;
  readonly momentum?: number;
  readonly seed?: number;
  readonly samples: number;
  readonly out?: string;
  readonly force?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly tensorboard: boolean;
  readonly keep: number;
  readonly validEvery?: number;
  readonly checkpointEvery?: number;
  readonly patience?: number;
}

const SOURCES = `
Sources of data:
  PATH[,option…]     a file, plain or gzipped: IDX (train-images.gz), NPY, NPZ, CSV, TSV, JSON lines
                     (.jsonl), Parquet, PNG; files by a pattern ("part-*.csv"); a folder of PNGs
  bars,n=4           every pattern of bars and stripes, n by n
  glyphs,rows=2000   28 by 28 drawn digits; their labels with glyphs,labels
  documents, sequences, branches   counts of words, symbols of a hidden chain, real numbers
  Options: binarize=threshold|bernoulli, threshold=N, scale[=N], slice=top|bottom|a:b, rows=N|a:b,
           from=COLUMN, from=A|B, from=FIRST..LAST for files with names, part=0:0.9[,split=SEED]
  \`sbn data SOURCE\` shows what is in one.`;

export function addRun(program: Command, host: Host): void {
  const command = addCommand(program, 'run')
    .summary('train a model')
    .description(
      'Trains a model, shows its progress, and writes config.json, metrics.csv, event files for TensorBoard, artifact.json and checkpoints ' +
        '(the newest, those before it, and with data to measure on the best) into the folder of the run. What is not given comes from the `train` block of the file. Ctrl-C ends the run after ' +
        'the current step and keeps what it has learned.',
    )
    .argument('<file>', 'model file')
    .option('--data <name=source>', 'where the data of this name come from (repeatable)', assignment)
    .option('--valid <name=source>', 'data to measure on, during the run and at its end (repeatable)', assignment)
    .option('--valid-share <x>', 'share of the rows of --data to keep out of training and measure on', fraction)
    .option('--epochs <n>', 'passes over the data', positiveInteger)
    .option('--steps <n>', 'steps in all; with --epochs too, whichever ends first', positiveInteger)
    .option('--batch <n>', 'rows per step', positiveInteger)
    .option('--lr <x>', 'learning rate', positiveNumber)
    .option(
      '--optimizer <text>',
      'adam, adamw, rmsprop or sgd, with options: "adamw(decay = 0.1, warmup = 500)"',
      optimizerText,
    )
    .option('--momentum <x>', 'momentum of sgd', fraction)
    .option('--seed <n>', 'seed of the initial parameters, the order of rows and the noise', seed)
    .option('--samples <k>', 'draws per row in the evaluation at the end', positiveInteger, 1)
    .option(
      '--valid-every <n>',
      'steps between two measurements on the validation data (default: an epoch, or more)',
      positiveInteger,
    )
    .option('--patience <n>', 'end the run after so many measurements no better than the best', positiveInteger)
    .option('--checkpoint-every <n>', 'steps between two checkpoints (default: a minute)', positiveInteger)
    .option('--keep <n>', 'how many of the newest checkpoints to keep, beside the best', positiveInteger, 3)
    .option('--out <folder>', 'folder of the run (default: runs/<model>-<n>)')
    .option('--force', 'write over a run that is there already')
    .option('--no-tensorboard', 'write no event files for TensorBoard into the folder of the run')
    .option('--quiet', 'show no progress')
    .option('--json', 'print what happens as JSON, an object a line, and nothing else (docs/runtime.md)');
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
        'sbn run model.sbn --optimizer "adamw(decay = 0.1, warmup = 500, cosine = 20000, clip = 1)"',
      ),
    )
    .action((file: string, flags: RunFlags) => withErrorEvent(flags.json === true, host, () => run(file, flags, host)));
}

/** `--optimizer` and `--momentum` on top of the file's choice. @throws UsageError for momentum that is of no use */
function chooseOptimizer({ optimizer, momentum }: RunFlags, artifact: Artifact): OptimizerChoice | undefined {
  const fromFile = artifact.train.optimizer;
  if (optimizer === undefined && momentum === undefined) return undefined;
  const name = optimizer?.name ?? fromFile?.name ?? 'sgd';
  if (momentum !== undefined && name !== 'sgd')
    throw new UsageError(`--momentum is for sgd, and the optimizer is ${name}`, 'leave it out, or add --optimizer sgd');
  const options = { ...(name === fromFile?.name ? fromFile.options : {}), ...optimizer?.options };
  return { name, options: momentum === undefined ? options : { ...options, momentum } };
}

/** What is trained on, and what is measured on. @throws UsageError */
function chooseSources(
  given: Sources,
  { valid, validShare, seed: split = 0 }: RunFlags,
  artifact: Artifact,
  host: Host,
): { readonly data: Sources; readonly valid: Sources | undefined } {
  if (validShare === undefined || validShare === 0) {
    return { data: given, valid: valid && givenSources('--valid', valid, artifact.data, host) };
  }
  if (valid !== undefined)
    throw new UsageError('--valid and --valid-share both say what to measure on', 'leave one of them out');
  return splitSources(given, 1 - validShare, split);
}

async function run(file: string, flags: RunFlags, host: Host): Promise<void> {
  const artifact = compileArtifact(file, readModelOptions(flags), host);
  const given: Sources = {
    ...fileSources(artifact, file, host),
    ...givenSources('--data', flags.data, artifact.data, host),
  };
  const { data, valid } = chooseSources(given, flags, artifact, host);
  const rows = await openPorts('--data', data, artifact.data);
  const validation = valid === undefined ? undefined : await openPorts('--valid', valid, artifact.data);
  const engine = await openEngine(flags);
  const model = await loadModel(artifact, { engine, seed: flags.seed });
  const { validEvery, checkpointEvery, patience } = flags;
  const watch = { validEvery, checkpointEvery, patience };
  if (validation === undefined && (validEvery !== undefined || patience !== undefined)) {
    const option = validEvery === undefined ? '--patience' : '--valid-every';
    throw new UsageError(`${option}: there are no data to measure on`, 'add --valid NAME=SOURCE or --valid-share 0.1');
  }
  const interrupt = new AbortController();
  const training = model.train({
    data: rows,
    optimizer: chooseOptimizer(flags, artifact),
    lr: flags.lr,
    batch: flags.batch,
    steps: flags.steps,
    epochs: flags.epochs,
    signal: interrupt.signal,
  });
  const { optimizer, ...settings } = training.settings;
  const directory = createRunDirectory(flags.out, artifact.name, flags.force === true, host);
  const config: RunConfig = {
    format: 'sbn-run',
    version: 1,
    model: file,
    constants: artifact.constants,
    ...(flags.estimator === undefined ? {} : { estimator: flags.estimator }),
    data: formatSources(data),
    valid: formatSources(valid ?? {}),
    optimizer: { name: optimizer.name, options: optimizer.options },
    batch: settings.batch,
    steps: settings.steps,
    seed: settings.seed,
    engine: engine.name,
    backend: engine.backend,
    keep: flags.keep,
    watch,
  };
  writeRunDescription(directory, config, writeArtifact(artifact), host);
  await train(
    {
      model,
      training,
      interrupt,
      rows,
      validation,
      directory,
      samples: flags.samples,
      isQuiet: flags.quiet === true,
      isJson: flags.json === true,
      tensorboard: flags.tensorboard,
      checkpoints: new CheckpointSeries(directory.absolute, flags.keep),
      watch,
      measured: [],
    },
    host,
  );
}
