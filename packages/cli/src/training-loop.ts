/** Runs a training to its end: progress, metrics, checkpoints on the way, and what to do on Ctrl-C. */
import type { Dataset, Evaluation, Model, StepReport, Training } from '@sbn/runtime';
import { writeCheckpointFile } from '@sbn/runtime/node';
import type { Host } from './host.js';
import type { MetricsFile } from './metrics.js';
import type { Progress } from './progress.js';

/** Rows of `metrics.csv`, and measurements on the validation data, in a whole run at most. */
const METRICS_ROWS = 500;
const VALIDATIONS = 100;

/** Milliseconds between two checkpoints on the way. */
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
  let seen = 0;
  let smooth = 0;
  /** The steps since the last row of metrics. */
  let stretch: StepReport[] = [];
  const endStretch = async (validation?: number): Promise<void> => {
    const last = stretch.at(-1);
    if (last === undefined) return;
    const loss = stretch.reduce((sum, report) => sum + report.loss, 0) / stretch.length;
    const { step, epoch } = last;
    metrics.write({
      step,
      epoch,
      loss,
      validation,
      seconds: (host.now() - start) / 1000,
      details: await last.details(),
    });
    stretch = [];
  };
  try {
    for await (const report of training) {
      const { step, epoch, loss } = report;
      stretch.push(report);
      seen += 1;
      smooth += Math.max(SMOOTHING, 1 / seen) * (loss - smooth);
      progress?.update(step, epoch, smooth);
      const endsEpoch = report.endsEpoch || step === steps;
      if (validation !== undefined && endsEpoch && (step === steps || step - validated >= validateEvery)) {
        const measured = lossOf(await model.evaluate(validation));
        validated = step;
        progress?.validated(epoch, measured);
        await endStretch(measured);
      } else if (stretch.length >= rowEvery) await endStretch();
      if (host.now() - written > CHECKPOINT_INTERVAL) {
        await writeCheckpointFile(checkpointPath, await training.checkpoint());
        written = host.now();
      }
    }
    await endStretch();
  } finally {
    progress?.end();
    metrics.close();
  }
  await writeCheckpointFile(checkpointPath, await training.checkpoint());
  return (host.now() - start) / 1000;
}
