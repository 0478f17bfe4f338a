/** `sbn resume`: goes on with a run. */
import type { Command } from 'commander';
import { loadModel } from '@sbn/runtime';
import { CheckpointSeries } from '@sbn/runtime/node';
import { addEngineOptions, openEngine, type EngineFlags } from '../engine.js';
import { UsageError } from '../exit.js';
import type { Host } from '../host.js';
import { withErrorEvent } from '../json-lines.js';
import { formatAmount } from '../numbers.js';
import { positiveInteger } from '../options.js';
import { addCommand, examples } from '../program.js';
import { cutMetrics } from '../metrics.js';
import { openRunDirectory, readRunCheckpoint } from '../run-directory.js';
import { openPorts, parseSources } from '../sources.js';
import { train } from '../train.js';

interface ResumeFlags extends EngineFlags {
  readonly steps?: number;
  readonly samples: number;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export function addResume(program: Command, host: Host): void {
  const command = addCommand(program, 'resume')
    .summary('go on with a run that was interrupted, or train it further')
    .description(
      'Goes on with a run from its checkpoint, exactly as if it had never stopped: same data, settings and noise. ' +
        'With --steps it is trained further than was planned.',
    )
    .argument('<run>', 'folder of a run')
    .option('--steps <n>', 'steps in all, those already done included (default: as planned)', positiveInteger)
    .option('--samples <k>', 'draws per row in the evaluation at the end', positiveInteger, 1)
    .option('--quiet', 'show no progress')
    .option('--json', 'print what happens as JSON, an object a line, and nothing else (docs/runtime.md)');
  addEngineOptions(command)
    .addHelpText('after', examples('sbn resume runs/bars-1', 'sbn resume runs/bars-1 --steps 20000'))
    .action((run: string, flags: ResumeFlags) =>
      withErrorEvent(flags.json === true, host, () => resume(run, flags, host)),
    );
}

async function resume(path: string, flags: ResumeFlags, host: Host): Promise<void> {
  const saved = openRunDirectory(path, host);
  const { artifact, directory } = saved;
  const rows = await openPorts('--data', parseSources(saved.data), artifact.data);
  const isValidated = Object.keys(saved.valid).length > 0;
  const validation = isValidated ? await openPorts('--valid', parseSources(saved.valid), artifact.data) : undefined;
  const checkpoint = await readRunCheckpoint(saved, false, host);
  const steps = flags.steps ?? saved.steps;
  checkSteps(steps, checkpoint.step, flags, host);
  const model = await loadModel(artifact, { engine: await openEngine(flags) });
  const interrupt = new AbortController();
  const training = model.train({
    data: rows,
    resume: checkpoint,
    steps,
    signal: interrupt.signal,
  });
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
      tensorboard: undefined,
      checkpoints: new CheckpointSeries(directory.absolute, saved.keep),
      watch: saved.watch,
      measured: cutMetrics(directory.metrics, checkpoint.step),
    },
    host,
  );
}

/** Says so where there is nothing to train. @throws UsageError for fewer steps than were made */
function checkSteps(steps: number, made: number, flags: ResumeFlags, host: Host): void {
  if (flags.steps !== undefined && flags.steps < made) {
    throw new UsageError(
      `--steps ${flags.steps}: the run has made ${formatAmount(made, 'step')} already`,
      'give the steps in all, those already done included',
    );
  }
  if (steps <= made && flags.quiet !== true && flags.json !== true)
    host.stderr.write(`all ${formatAmount(made, 'step')} are made; with more --steps it is trained further\n`);
}
