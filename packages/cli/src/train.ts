/** The middle of `sbn run` and `sbn resume`: trains, shows it, keeps it, and measures the result. */
import type { Dataset, Evaluation, Model, Training } from '@sbn/runtime';
import { listEventFiles, type CheckpointSeries } from '@sbn/runtime/node';
import { renderEvaluation } from './evaluation-report.js';
import { Exit, SIGNAL_EXITS } from './exit.js';
import type { Host } from './host.js';
import { JsonLines } from './json-lines.js';
import { MetricsFile, type MeasurementLog } from './metrics.js';
import { formatAmount, formatCount, formatDuration } from './numbers.js';
import { nameObjective } from './objective-name.js';
import { Progress } from './progress.js';
import type { RunDirectory } from './run-directory.js';
import { explainFailure } from './run/explain-failure.js';
import { NO_WATCHER, type EndEvent, type RunWatcher, type StartEvent } from './run-events.js';
import { shellWord } from './shell-word.js';
import type { InterruptSignal } from './signals.js';
import { styleFor } from './style.js';
import { TensorBoardLog } from './tensorboard-log.js';
import { runTraining, type TrainedFor, type WatchSettings } from './training-loop.js';

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
  /** What happens as a line of JSON each on stdout, and nothing else. */
  readonly isJson: boolean;
  /** Event files for TensorBoard; undefined for what the run has done before. */
  readonly tensorboard: boolean | undefined;
  /** What follows the run instead of the display and of `--json`. */
  readonly watcher?: RunWatcher | undefined;
  readonly checkpoints: CheckpointSeries;
  readonly watch: WatchSettings;
  /** Measurements of a run that goes on. */
  readonly measured: readonly number[];
  /** Whether there is a checkpoint of where it begins. */
  readonly isKept: boolean;
}

export interface TrainResult {
  /** Steps made in all. */
  readonly step: number;
  /** At the end, on the validation data where there are some. */
  readonly evaluation: Evaluation;
  /** The least loss that was measured on the validation data on the way. */
  readonly best: number | undefined;
}

/** Disposes of the model at the end. @throws Exit after Ctrl-C or another signal to end, with the code for it */
export async function train(parts: TrainParts, host: Host): Promise<TrainResult> {
  const { model, training, interrupt, directory } = parts;
  let signal: InterruptSignal | undefined;
  const restore = host.onInterrupt((heard) => {
    signal ??= heard;
    interrupt.abort();
  });
  const watcher = parts.watcher ?? chooseWatcher(parts, host);
  try {
    watcher.see(describeStart(parts));
    const trained = await runExplained(parts, watcher, host);
    const { seconds, endedEarly, best } = trained;
    const { stepping, preparing } = training.seconds;
    const preparingShare = stepping > 0 ? preparing / stepping : undefined;
    const ended = { kind: 'end', step: training.step, seconds, preparingShare, run: directory.path } as const;
    const endInterrupted = (said: string): never => {
      // Who aborts otherwise than by a signal has no other code.
      const by = signal ?? 'SIGINT';
      watcher.see({ ...ended, reason: 'interrupted', signal: by });
      host.stderr.write(`interrupted ${said}\n`);
      throw new Exit(SIGNAL_EXITS[by]);
    };
    if (training.interrupted) {
      const after = `after step ${formatCount(training.step)}`;
      return endInterrupted(`${after}; \`sbn resume ${shellWord(directory.path)}\` goes on`);
    }
    const evaluation = await evaluate(parts);
    if (evaluation === undefined)
      return endInterrupted(`while it was evaluated; the trained model is in ${directory.path}`);
    const reason = endedEarly === undefined ? 'steps' : 'patience';
    watcher.see({ ...ended, reason, evaluation, measuredOn: measuredOn(parts) });
    if (!parts.isJson) showEnd(parts, trained, evaluation, host);
    return { step: training.step, evaluation, best };
  } finally {
    restore();
    model.dispose();
  }
}

/** @throws an error that says what of the run is safe, too */
async function runExplained(parts: TrainParts, watcher: RunWatcher, host: Host): Promise<TrainedFor> {
  const { directory, checkpoints, training } = parts;
  try {
    return await runTraining({ ...parts, logs: openLogs(parts), watcher, host });
  } catch (error) {
    throw await explainFailure(error, { directory, checkpoints, lr: training.settings.optimizer.options['lr'] });
  }
}

function chooseWatcher({ isJson, isQuiet, training }: TrainParts, host: Host): RunWatcher {
  if (isJson) return new JsonLines(training.settings.steps, host);
  return isQuiet ? NO_WATCHER : new Progress(host);
}

function openLogs({ model, training, directory, tensorboard }: TrainParts): readonly MeasurementLog[] {
  const { startStep } = training.settings;
  const metrics = new MetricsFile(directory.metrics, startStep > 0);
  if (!(tensorboard ?? listEventFiles(directory.absolute).length > 0)) return [metrics];
  return [metrics, new TensorBoardLog(directory.absolute, startStep, nameObjective(model.artifact.objective))];
}

function measuredOn({ rows, validation }: TrainParts): EndEvent['measuredOn'] {
  if (rows === undefined) return undefined;
  return validation === undefined ? 'training data' : 'validation data';
}

/** Undefined after Ctrl-C. */
async function evaluate(parts: TrainParts): Promise<Evaluation | undefined> {
  const { model, validation, rows, samples, interrupt } = parts;
  try {
    return await model.evaluate(validation ?? rows, { samples, signal: interrupt.signal });
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    return undefined;
  }
}

function showEnd(parts: TrainParts, { seconds, endedEarly }: TrainedFor, evaluation: Evaluation, host: Host): void {
  if (endedEarly !== undefined) {
    const waited = formatAmount(parts.watch.patience ?? 0, 'measurement');
    host.stdout.write(
      `ended after step ${formatCount(endedEarly)}: ${waited} in a row no better than the best, which is kept (--best)\n`,
    );
  }
  host.stdout.write(renderEvaluation(evaluation, measuredOn(parts) ?? '', parts.model.artifact, styleFor(host.stdout)));
  host.stdout.write(`trained for ${formatDuration(seconds)}, written to ${parts.directory.path}\n`);
}

function describeStart({ model, training, rows, validation, directory }: TrainParts): StartEvent {
  const { optimizer, batch, steps, startStep, stepsPerEpoch, seed } = training.settings;
  const { artifact, engine } = model;
  return {
    kind: 'start',
    version: 1,
    model: artifact.name,
    run: directory.path,
    objective: nameObjective(artifact.objective),
    signalSites: artifact.programs.gradient.outputs.flatMap(({ role, name }) => (role === 'signal_mean' ? [name] : [])),
    rows: rows?.rows,
    validationRows: validation?.rows,
    batch,
    steps,
    startStep,
    stepsPerEpoch,
    optimizer: { name: optimizer.name, options: optimizer.options },
    seed,
    engine: engine.name,
    backend: engine.backend,
  };
}
