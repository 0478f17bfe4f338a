/** Runs a training to its end: progress, metrics, checkpoints on the way, and what to do on Ctrl-C. */
import type { Dataset, Evaluation, Model, StepReport, Training } from '@sbn/runtime';
import type { CheckpointSeries } from '@sbn/runtime/node';
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
  readonly checkpoints: CheckpointSeries;
  readonly watch: WatchSettings;
  /** What was measured on the validation data before this training went on. */
  readonly measured: readonly number[];
  /** Undefined to show nothing. */
  readonly progress: Progress | undefined;
  readonly host: Host;
}

/** When a run is measured and kept, and when it has learned enough. Counted in steps, so that a resumed run does the same. */
export interface WatchSettings {
  /** Steps between two measurements on the validation data; by default at the end of an epoch, a hundred times in a run at most. */
  readonly validEvery?: number | undefined;
  /** Steps between two checkpoints; by default a minute. */
  readonly checkpointEvery?: number | undefined;
  /** Measurements in a row that may be no better than the best before training ends. */
  readonly patience?: number | undefined;
}

export interface TrainedFor {
  readonly seconds: number;
  /** The step after which it ended as nothing had become better, if it did. */
  readonly endedEarly: number | undefined;
}

/** What is minimised: the negative of a bound, or a cost. */
export function lossOf(evaluation: Evaluation): number {
  return evaluation.kind === 'bound' ? -evaluation.bound.mean : evaluation.cost.mean;
}

/** @throws NonFiniteError, DataError */
export async function runTraining(parts: LoopParts): Promise<TrainedFor> {
  const { model, training, validation, metrics, checkpoints, progress, host, watch } = parts;
  const { steps } = training.settings;
  const rowEvery = Math.ceil(steps / METRICS_ROWS);
  const isMeasured = measureAt(training.settings, watch);
  const best = new BestSoFar(parts.measured);
  const start = host.now();
  let written = start;
  let endedEarly: number | undefined;
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
    // From here on the run can be taken up again, whatever happens to it.
    if (training.settings.startStep === 0) await checkpoints.write(await training.checkpoint());
    for await (const report of training) {
      const { step, epoch, loss } = report;
      stretch.push(report);
      seen += 1;
      smooth += Math.max(SMOOTHING, 1 / seen) * (loss - smooth);
      progress?.update(step, epoch, smooth);
      if (validation !== undefined && isMeasured(step)) {
        const measured = lossOf(await model.evaluate(validation));
        progress?.validated(epoch, measured);
        await endStretch(measured);
        if (best.add(measured)) await checkpoints.writeBest(await training.checkpoint());
      } else if (step % rowEvery === 0) await endStretch();
      const isDue =
        watch.checkpointEvery === undefined
          ? host.now() - written > CHECKPOINT_INTERVAL
          : step % watch.checkpointEvery === 0 && step < steps;
      if (isDue) {
        await checkpoints.write(await training.checkpoint());
        written = host.now();
      }
      if (watch.patience !== undefined && best.waited >= watch.patience && step < steps) {
        endedEarly = step;
        break;
      }
    }
    await endStretch();
  } finally {
    progress?.end();
    metrics.close();
  }
  await checkpoints.write(await training.checkpoint());
  return { seconds: (host.now() - start) / 1000, endedEarly };
}

/** Whether the validation data are measured after a step: a function of the step alone. */
function measureAt(
  { steps, stepsPerEpoch }: Training['settings'],
  { validEvery }: WatchSettings,
): (step: number) => boolean {
  if (validEvery !== undefined) return (step) => step === steps || step % validEvery === 0;
  const every = Math.ceil(steps / VALIDATIONS);
  const stretch = stepsPerEpoch === undefined ? every : stepsPerEpoch * Math.ceil(every / stepsPerEpoch);
  return (step) => step === steps || step % stretch === 0;
}

/** The best measurement, and how many have come since. */
class BestSoFar {
  #best = Infinity;
  waited = 0;

  constructor(measured: readonly number[]) {
    for (const loss of measured) this.add(loss);
  }

  /** Whether it is the best. */
  add(loss: number): boolean {
    const isBest = loss < this.#best;
    this.waited = isBest ? 0 : this.waited + 1;
    if (isBest) this.#best = loss;
    return isBest;
  }
}
