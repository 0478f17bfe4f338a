/** Runs a training to its end: progress, metrics, checkpoints on the way, and what to do on Ctrl-C. */
import type { Dataset, Evaluation, Model, Training } from '@sbn/runtime';
import { writeCheckpointFile } from '@sbn/runtime/node';
import type { Host } from './host.js';
import type { MetricsFile } from './metrics.js';
import type { Progress } from './progress.js';

/** Rows of `metrics.csv`, and measurements on the validation data, in a whole run at most. */
const METRICS_ROWS = 500;
const VALIDATIONS = 100;

/** Milliseconds after which a checkpoint is written at the end of an epoch. */
const CHECKPOINT_INTERVAL = 60_000;

/** Weight of a step in the loss that is shown: it looks back on about twenty. */
const SMOOTHING = 0.05;

export interface LoopParts {
  readonly model: Model;
  readonly training: Training;
  readonly validation: Dataset | undefined;
  readonly metrics: MetricsFile;
  readonly checkpointPath: string;
  /** Undefined to show nothing. */
  readonly progress: Progress | undefined;
  readonly host: Host;
}

/** What is minimised: the negative of a bound, or a cost. */
export function lossOf(evaluation: Evaluation): number {
  return evaluation.kind === 'bound' ? -evaluation.bound.mean : evaluation.cost.mean;
}

/** @returns seconds of training. @throws NonFiniteError, DataError */
export async function runTraining(parts: LoopParts): Promise<number> {
  const { model, training, validation, metrics, checkpointPath, progress, host } = parts;
  const { steps } = training.settings;
  const rowEvery = Math.ceil(steps / METRICS_ROWS);
  const validateEvery = Math.ceil(steps / VALIDATIONS);
  const start = host.now();
  let written = start;
  let validated = training.settings.startStep;
  let sum = 0;
  let count = 0;
  let seen = 0;
  let smooth = 0;
  try {
    for await (const report of training) {
      const { step, epoch, loss } = report;
      sum += loss;
      count += 1;
      seen += 1;
      smooth += Math.max(SMOOTHING, 1 / seen) * (loss - smooth);
      progress?.update(step, epoch, smooth);
      const isLast = step === steps;
      const endsEpoch = report.endsEpoch || isLast;
      const isMeasured = validation !== undefined && endsEpoch && (isLast || step - validated >= validateEvery);
      if (isMeasured || isLast || count >= rowEvery) {
        const details = await report.details();
        const measured = isMeasured ? lossOf(await model.evaluate(validation)) : undefined;
        if (measured !== undefined) {
          validated = step;
          progress?.validated(epoch, measured);
        }
        const seconds = (host.now() - start) / 1000;
        metrics.write({ step, epoch, loss: sum / count, validation: measured, seconds, details });
        sum = 0;
        count = 0;
      }
      if (endsEpoch && host.now() - written > CHECKPOINT_INTERVAL) {
        await writeCheckpointFile(checkpointPath, await training.checkpoint());
        written = host.now();
      }
    }
  } finally {
    progress?.end();
    metrics.close();
  }
  await writeCheckpointFile(checkpointPath, await training.checkpoint());
  return (host.now() - start) / 1000;
}
