/** `sbn eval`: how good a trained model is. */
import type { Command } from 'commander';
import { loadModel, summarizeEvaluations } from '@sbn/runtime';
import { addEngineOptions, openEngine, type EngineFlags } from '../engine.js';
import { renderEvaluation } from '../evaluation-report.js';
import { checkWritable, writeFile } from '../files.js';
import type { Host } from '../host.js';
import { assignment, positiveInteger, seed, type Assignments } from '../options.js';
import { addCommand, examples } from '../program.js';
import { openRunDirectory, readRunCheckpoint } from '../run-directory.js';
import { encodeRows, rowFileFormat } from '../row-file.js';
import { measuredSources, openPorts } from '../sources.js';
import { styleFor } from '../style.js';

interface EvalFlags extends EngineFlags {
  readonly data?: Assignments;
  readonly samples: number;
  readonly seed: number;
  readonly batch?: number;
  readonly rows?: number;
  readonly best?: boolean;
  readonly json?: boolean;
  readonly perRow?: string;
}

export function addEval(program: Command, host: Host): void {
  const command = addCommand(program, 'eval')
    .summary('measure a trained model')
    .description(
      'Measures a trained model: the bound, and the importance-sampled log likelihood of --samples draws per row; or the cost. ' +
        'Without --data, on what the run was validated on, or else trained on.',
    )
    .argument('<run>', 'folder of a run')
    .option('--data <name=source>', 'where the data of this name come from (repeatable)', assignment)
    .option('--samples <k>', 'draws per row; for iwae(k), of k draws each', positiveInteger, 100)
    .option('--rows <n>', 'only the first rows of the data', positiveInteger)
    .option('--batch <n>', 'rows at a time', positiveInteger)
    .option('--seed <n>', 'seed of the draws', seed, 0)
    .option('--best', 'the checkpoint with the best validation, not the newest')
    .option(
      '--per-row <path>',
      'write each row too, with standard errors over its draws: .csv, or .npy with named fields',
    )
    .option('--json', 'print JSON');
  addEngineOptions(command)
    .addHelpText(
      'after',
      examples(
        'sbn eval runs/bars-1',
        'sbn eval runs/sbn2-1 --data x=t10k-images.gz,binarize=threshold --samples 1000',
        'sbn eval runs/sbn2-1 --samples 1000 --per-row rows.csv',
      ),
    )
    .action((run: string, flags: EvalFlags) => evaluate(run, flags, host));
}

async function evaluate(path: string, flags: EvalFlags, host: Host): Promise<void> {
  const { perRow } = flags;
  const format = perRow === undefined ? undefined : rowFileFormat(perRow);
  if (perRow !== undefined) checkWritable(perRow, host);
  const saved = openRunDirectory(path, host);
  const { artifact } = saved;
  const { sources, what: measured } = measuredSources(saved, flags.data, host);
  const data = await openPorts('--data', sources, artifact.data);
  const model = await loadModel(artifact, { engine: await openEngine(flags) });
  try {
    model.restore(await readRunCheckpoint(saved, flags.best === true, host));
    const { samples, batch, rows } = flags;
    const evaluated = await model.evaluateRows(data, { samples, batch, rows, seed: flags.seed });
    if (perRow !== undefined && format !== undefined) writeFile(perRow, encodeRows(evaluated, format), host);
    const evaluation = summarizeEvaluations(evaluated);
    if (flags.json === true) host.stdout.write(`${JSON.stringify(evaluation, undefined, 2)}\n`);
    else {
      const what = data === undefined ? '' : measured;
      host.stdout.write(renderEvaluation(evaluation, what, artifact, styleFor(host.stdout)));
    }
  } finally {
    model.dispose();
  }
}
