/** Runs a training to its end: what is said and written of it, measurements, checkpoints on the way, and what to do on Ctrl-C. */
import type { Dataset, Evaluation, Model, StepReport, Training } from '@sbn/runtime';
import type { CheckpointSeries } from '@sbn/runtime/node';
import type { Host } from './host.js';
import type { MeasurementLog } from './metrics.js';
import type { ProgressEvent, RunWatcher } from './run-events.js';

/** Measurements that are written, and measurements on the validation data, in a whole run at most. */
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
  /** Where measurements are written; closed at the end. */
  readonly logs: readonly MeasurementLog[];
  readonly checkpoints: CheckpointSeries;
  readonly watch: WatchSettings;
  /** What was measured on the validation data before this training went on. */
  readonly measured: readonly number[];
  /** Whether there is a checkpoint of where it begins. */
  readonly isKept?: boolean | undefined;
  readonly watcher: RunWatcher;
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
  /** The least loss on the validation data. */
  readonly best: number | undefined;
}

/** What is minimised: the negative of a bound, or a cost. */
export function lossOf(evaluation: Evaluation): number {
  return evaluation.kind === 'bound' ? -evaluation.bound.mean : evaluation.cost.mean;
}

/** @throws NonFiniteError, DataError */
export async function runTraining(parts: LoopParts): Promise<TrainedFor> {
  const { model, training, validation, logs, checkpoints, watcher, host, watch } = parts;
  const { steps, startStep, batch, optimizer } = training.settings;
  const rowEvery = Math.ceil(steps / METRICS_ROWS);
  const isMeasured = measureAt(training.settings, watch);
  const best = new BestSoFar(parts.measured);
  // Asked before the first step too: a run that has ended so stays so when it is taken up again.
  const hasWaited = (step: number): boolean =>
    watch.patience !== undefined && best.waited >= watch.patience && step < steps;
  const start = host.now();
  const secondsSince = (moment: number): number => (host.now() - moment) / 1000;
  let written = start;
  let endedEarly: number | undefined;
  let isOpen = true;
  let seen = 0;
  let smooth = 0;
  /** The steps since the last row of metrics, and when they began. */
  let stretch: StepReport[] = [];
  let stretchStart = start;
  const endStretch = async (trained: number, validation?: number): Promise<void> => {
    const last = stretch.at(-1);
    if (last === undefined) return;
    const loss = stretch.reduce((sum, report) => sum + report.loss, 0) / stretch.length;
    const { step, epoch } = last;
    const measurement = {
      step,
      epoch,
      loss,
      validation,
      seconds: secondsSince(start),
      learningRate: optimizer.rate(step),
      rowsPerSecond: trained > stretchStart ? (1000 * stretch.length * batch) / (trained - stretchStart) : undefined,
      details: await last.details(),
    };
    for (const log of logs) log.write(measurement);
    stretch = [];
    stretchStart = host.now();
  };
  const writeCheckpoint = async (what: 'newest' | 'best'): Promise<void> => {
    const checkpoint = await training.checkpoint();
    // So that no checkpoint is of a later step than the measurements, which a run that goes on asks for the best so far.
    if (isOpen) for (const log of logs) log.sync();
    await (what === 'best' ? checkpoints.writeBest(checkpoint) : checkpoints.write(checkpoint));
    watcher.see({ kind: 'checkpoint', step: checkpoint.step, what, seconds: secondsSince(start) });
  };
  const describe = async (report: StepReport): Promise<ProgressEvent> => {
    const { step, epoch } = report;
    const seconds = secondsSince(start);
    const perSecond = seconds > 0 ? (step - startStep) / seconds : 0;
    return {
      kind: 'progress',
      step,
      epoch,
      loss: smooth,
      learningRate: optimizer.rate(step),
      ...(await report.details()),
      seconds,
      rowsPerSecond: perSecond * batch,
      secondsLeft: perSecond > 0 ? (steps - step) / perSecond : undefined,
    };
  };
  try {
    // From here on the run can be taken up again, whatever happens to it.
    if (startStep === 0 && parts.isKept !== true) await writeCheckpoint('newest');
    if (hasWaited(training.step)) endedEarly = training.step;
    for await (const report of endedEarly === undefined ? training : []) {
      const { step, epoch, loss } = report;
      const now = host.now();
      stretch.push(report);
      seen += 1;
      smooth += Math.max(SMOOTHING, 1 / seen) * (loss - smooth);
      if (validation !== undefined && isMeasured(step)) {
        const measured = lossOf(await model.evaluate(validation));
        const isBest = best.add(measured);
        watcher.see({
          kind: 'validation',
          step,
          epoch,
          loss: measured,
          best: best.loss,
          seconds: secondsSince(start),
        });
        await endStretch(now, measured);
        if (isBest) await writeCheckpoint('best');
      } else if (step % rowEvery === 0) await endStretch(now);
      // After the measurement, so that the last that is shown has it.
      if (watcher.wants(step, host.now())) watcher.see(await describe(report));
      const isDue =
        watch.checkpointEvery === undefined
          ? now - written > CHECKPOINT_INTERVAL
          : step % watch.checkpointEvery === 0 && step < steps;
      if (isDue) {
        await writeCheckpoint('newest');
        written = host.now();
      }
      if (hasWaited(step)) {
        endedEarly = step;
        break;
      }
    }
    await endStretch(host.now());
  } finally {
    isOpen = false;
    for (const log of logs) log.close();
  }
  if (seen > 0) await writeCheckpoint('newest');
  return { seconds: secondsSince(start), endedEarly, best: best.loss === Infinity ? undefined : best.loss };
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
  loss = Infinity;
  waited = 0;

  constructor(measured: readonly number[]) {
    for (const loss of measured) this.add(loss);
  }

  /** Whether it is the best. */
  add(loss: number): boolean {
    const isBest = loss < this.loss;
    this.waited = isBest ? 0 : this.waited + 1;
    if (isBest) this.loss = loss;
    return isBest;
  }
}
