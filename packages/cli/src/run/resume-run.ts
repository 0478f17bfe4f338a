/** A run that goes on from its checkpoint: `sbn resume DIR` and `sbn run --resume DIR`. */
import type { Checkpoint } from '@sbn/runtime';
import type { EngineFlags } from '../engine.js';
import { UsageError } from '../exit.js';
import type { Host } from '../host.js';
import { cutMetrics } from '../metrics.js';
import { formatAmount } from '../numbers.js';
import {
  hasCheckpoint,
  openPlannedRun,
  readRunCheckpoint,
  updateRunConfig,
  type RunConfig,
  type SavedRun,
} from '../run-directory.js';
import { parseSources } from '../sources.js';
import { styleFor } from '../style.js';
import type { TrainResult } from '../train.js';
import { trainAsPlanned, type OpenTraining, type TrainingPlan } from './open-training.js';
import type { ResumeFlags } from './run-flags.js';

export async function resumeRun(path: string, flags: ResumeFlags, host: Host): Promise<TrainResult> {
  const saved = openPlannedRun(path, host);
  const checkpoint = hasCheckpoint(saved.directory) ? await readRunCheckpoint(saved, false, host) : undefined;
  const made = checkpoint?.step ?? 0;
  const plan = planResume(saved, checkpoint, flags);
  return trainAsPlanned(
    plan,
    (open) => {
      checkSteps(open.training.settings.steps, made, flags, host);
      noteEngine(saved, open, flags, host);
      updateRunConfig(saved.directory, changedSettings(plan, open, flags), host);
      return { directory: saved.directory, measured: cutMetrics(saved.directory.metrics, made) };
    },
    host,
  );
}

/** @throws UsageError */
function planResume(
  { artifact, data, valid, steps, keep, watch, made }: SavedRun,
  resume: Checkpoint | undefined,
  flags: ResumeFlags,
): TrainingPlan {
  const isLonger = flags.steps !== undefined || flags.epochs !== undefined;
  const patience = flags.patience ?? watch.patience;
  const isValidated = Object.keys(valid).length > 0;
  if (flags.patience !== undefined && !isValidated)
    throw new UsageError('--patience: the run has no data to measure on', 'leave it out');
  return {
    artifact,
    data: parseSources(data),
    valid: isValidated ? parseSources(valid) : undefined,
    engine: chooseEngine(flags, made.engine),
    seed: made.seed,
    options: {
      ...(resume === undefined ? { optimizer: made.optimizer, batch: made.batch, seed: made.seed } : { resume }),
      ...(isLonger ? { steps: flags.steps, epochs: flags.epochs } : { steps }),
      lr: flags.lr,
    },
    watch: { ...watch, patience },
    keep,
    samples: flags.samples ?? made.samples ?? 1,
    isQuiet: flags.quiet === true,
    isJson: flags.json === true,
    tensorboard: made.tensorboard,
  };
}

/** The run's own, for the same numbers to the last bit, unless another is asked for. */
function chooseEngine(flags: ResumeFlags, own: EngineFlags): EngineFlags {
  const isOther = flags.engine !== undefined || flags.backend !== undefined;
  return isOther ? flags : { ...own, ...(flags.threads === undefined ? {} : { threads: flags.threads }) };
}

function changedSettings(
  { watch, samples }: TrainingPlan,
  { training: { settings } }: OpenTraining,
  flags: ResumeFlags,
): Partial<RunConfig> {
  const { name, options } = settings.optimizer;
  return {
    steps: settings.steps,
    ...(flags.lr === undefined ? {} : { optimizer: { name, options } }),
    ...(flags.patience === undefined ? {} : { watch }),
    ...(flags.samples === undefined ? {} : { samples }),
  };
}

/** Says so where there is nothing to train. @throws UsageError for fewer steps than were made */
function checkSteps(steps: number, made: number, flags: ResumeFlags, host: Host): void {
  if (steps < made && (flags.steps !== undefined || flags.epochs !== undefined)) {
    const asked = flags.steps === undefined ? `--epochs ${String(flags.epochs)}` : `--steps ${flags.steps}`;
    const are = flags.steps === undefined ? ` (these are ${formatAmount(steps, 'step')})` : '';
    throw new UsageError(
      `${asked}: the run has made ${formatAmount(made, 'step')} already${are}`,
      'give all of them, those already done included',
    );
  }
  if (steps <= made && flags.quiet !== true && flags.json !== true)
    host.stderr.write(`all ${formatAmount(made, 'step')} are made; with more --steps it is trained further\n`);
}

/** Where the engine of the run cannot be had any more. */
function noteEngine({ made }: SavedRun, { model: { engine } }: OpenTraining, flags: ResumeFlags, host: Host): void {
  const isAsked = flags.engine !== undefined || flags.backend !== undefined;
  if (isAsked || made.engineName === undefined || made.engineName === engine.name) return;
  host.stderr.write(
    `${styleFor(host.stderr).bold('note')}: the run was made by the ${made.engineName} engine, and goes on with ${engine.name}: other rounding, other draws\n`,
  );
}
