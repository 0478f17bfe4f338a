/** The middle of `sbn run` and `sbn resume`: trains, shows it, keeps it, and measures the result. */
import type { Dataset, Evaluation, Model, Training } from '@sbn/runtime';
import type { CheckpointSeries } from '@sbn/runtime/node';
import { renderEvaluation } from './evaluation-report.js';
import { EXIT, Exit } from './exit.js';
import type { Host } from './host.js';
import { MetricsFile } from './metrics.js';
import { formatAmount, formatCount, formatDuration } from './numbers.js';
import { nameObjective } from './objective-name.js';
import { Progress } from './progress.js';
import type { RunDirectory } from './run-directory.js';
import { styleFor } from './style.js';
import { runTraining, type WatchSettings } from './training-loop.js';

export interface TrainParts {
  readonly model: Model;
  readonly training: Training;
  /** Its signal is the training's. */
  readonly interrupt: AbortController;
  readonly rows: Dataset | undefined;
  readonly validation: Dataset | undefined;
  readonly directory: RunDirectory;
  /** Draws per row in the evaluation at the end. */
  readonly samples: number;
  readonly isQuiet: boolean;
  readonly checkpoints: CheckpointSeries;
  readonly watch: WatchSettings;
  /** Measurements of a run that goes on. */
  readonly measured: readonly number[];
}

/** Disposes of the model at the end. @throws Exit with code 130 after Ctrl-C */
export async function train(parts: TrainParts, host: Host): Promise<void> {
  const { model, training, interrupt, validation, directory } = parts;
  const restore = host.onInterrupt(() => {
    interrupt.abort();
  });
  try {
    const progress = parts.isQuiet ? undefined : showStart(parts, host);
    const metrics = new MetricsFile(directory.metrics, training.settings.startStep > 0);
    const { seconds, endedEarly } = await runTraining({
      model,
      training,
      validation,
      progress,
      host,
      metrics,
      checkpoints: parts.checkpoints,
      watch: parts.watch,
      measured: parts.measured,
    });
    if (training.interrupted) endInterrupted(`after step ${formatCount(training.step)}`, directory, host);
    if (endedEarly !== undefined) {
      const waited = formatAmount(parts.watch.patience ?? 0, 'measurement');
      host.stdout.write(
        `ended after step ${formatCount(endedEarly)}: ${waited} in a row no better than the best, which is kept (--best)\n`,
      );
    }
    const evaluation = await evaluate(parts, host);
    const what = parts.rows === undefined ? '' : validation === undefined ? 'training data' : 'validation data';
    host.stdout.write(renderEvaluation(evaluation, what, styleFor(host.stdout)));
    host.stdout.write(`trained for ${formatDuration(seconds)}, written to ${directory.path}\n`);
  } finally {
    restore();
    model.dispose();
  }
}

function endInterrupted(where: string, { path }: RunDirectory, host: Host): never {
  host.stderr.write(`interrupted ${where}; \`sbn resume ${path}\` goes on\n`);
  throw new Exit(EXIT.interrupted);
}

async function evaluate(parts: TrainParts, host: Host): Promise<Evaluation> {
  const { model, validation, rows, samples, interrupt } = parts;
  try {
    return await model.evaluate(validation ?? rows, { samples, signal: interrupt.signal });
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    host.stderr.write(`interrupted while it was evaluated; the trained model is in ${parts.directory.path}\n`);
    throw new Exit(EXIT.interrupted);
  }
}

/** One line on what is trained and how, then the progress. */
function showStart({ model, training, rows }: TrainParts, host: Host): Progress {
  const { settings } = training;
  const { optimizer } = settings;
  const options = Object.entries(optimizer.options).map(([name, value]) => `${name} = ${value}`);
  const facts = [
    ...(rows === undefined ? [] : [formatAmount(rows.rows, 'row')]),
    `batch ${formatCount(settings.batch)}`,
    formatAmount(settings.steps, 'step'),
    `${optimizer.name}(${options.join(', ')})`,
    `seed ${settings.seed}`,
    `${model.engine.name}, ${model.engine.backend}`,
  ];
  host.stderr.write(`${styleFor(host.stderr).dim(`${model.artifact.name}: ${facts.join(', ')}`)}\n`);
  return new Progress({ ...settings, objective: nameObjective(model.artifact.objective) }, host);
}
