/** A run that goes on from its checkpoint: `sbn resume DIR` and `sbn run --resume DIR`. */
import { resolve } from 'node:path';
import type { Checkpoint } from '@sbn/runtime';
import { UsageError } from '../exit.js';
import type { Host } from '../host.js';
import { withRunLocks } from '../lock/run-lock.js';
import { cutMetrics } from '../metrics.js';
import {
  hasCheckpoint,
  openPlannedRun,
  readRunCheckpoint,
  updateRunConfig,
  type RunConfig,
  type SavedRun,
} from '../run-directory.js';
import type { RunWatcher } from '../run-events.js';
import { styleFor } from '../style.js';
import type { TrainResult } from '../train.js';
import { artifactOf, readCurrentModel } from './current-model.js';
import { checkData, DataChangedError } from './check-data.js';
import { checkSteps } from './check-steps.js';
import { chooseEngine } from './choose-engine.js';
import { findChanges, nextModel, refuseChanges } from './find-changes.js';
import { chooseSettings, type NextSettings } from './next-settings.js';
import { trainAsPlanned, type OpenTraining, type TrainingPlan } from './open-training.js';
import type { PlannedModel } from './plan-run.js';
import type { RunFlags } from './run-flags.js';
import { transferRun } from './transfer-run.js';

/**
 * Goes on in the run's folder, exactly as if it had never stopped; with `--force` in a new one, where the model in `file`, or in the file that
 * the run was made from, is another one now. `watcher` follows it instead of the display. @throws UserError with what has changed, where it
 * is not to be forced; RunInUseError where another process trains in the folder
 */
export async function resumeRun(
  path: string,
  file: string | undefined,
  flags: RunFlags,
  host: Host,
  watcher?: RunWatcher,
): Promise<TrainResult> {
  const { saved, next, settings, isChanged } = examineRun(path, file, flags, host);
  if (isChanged) return transferRun({ saved, checkpoint: await readNewest(saved, host), next, settings }, flags, host);
  try {
    return await withRunLocks(async (locks) => {
      locks.take(saved.directory);
      // What another process has written until then is whole.
      return goOn(saved, await readNewest(saved, host), settings, flags, host, watcher);
    });
  } catch (error) {
    if (!(error instanceof DataChangedError) || flags.force !== true) throw error;
  }
  return transferRun({ saved, checkpoint: await readNewest(saved, host), next, settings }, flags, host);
}

/** Undefined where the run was cut off before its first. */
async function readNewest(saved: SavedRun, host: Host): Promise<Checkpoint | undefined> {
  return hasCheckpoint(saved.directory) ? readRunCheckpoint(saved, false, host) : undefined;
}

/** A run, and what it is to go on with. */
export interface ExaminedRun {
  readonly saved: SavedRun;
  readonly next: PlannedModel;
  readonly settings: NextSettings;
  readonly isChanged: boolean;
}

/** @throws UserError with what has changed, where it is not to be forced */
export function examineRun(path: string, file: string | undefined, flags: RunFlags, host: Host): ExaminedRun {
  if (file !== undefined && flags.keepModel === true)
    throw new UsageError(
      `--keep-model goes on with the model of ${path}, and ${file} is another`,
      'leave one of them out',
    );
  const saved = openPlannedRun(path, host);
  const current = flags.keepModel === true ? undefined : readCurrentModel(saved, file, flags, host);
  const next = nextModel(saved, current, host);
  const settings = chooseSettings(saved, next, flags, host);
  const changes = findChanges(saved, current, settings);
  if (changes !== undefined && flags.force !== true) throw refuseChanges(saved, changes, host);
  if (changes !== undefined && current !== undefined) artifactOf(current, host);
  return { saved, next, settings, isChanged: changes !== undefined };
}

async function goOn(
  saved: SavedRun,
  checkpoint: Checkpoint | undefined,
  settings: NextSettings,
  flags: RunFlags,
  host: Host,
  watcher: RunWatcher | undefined,
): Promise<TrainResult> {
  const { directory } = saved;
  const made = checkpoint?.step ?? 0;
  const plan = planResume(saved, checkpoint, settings, flags);
  return trainAsPlanned(
    { ...plan, watcher },
    (open) => {
      checkData(saved, open.fingerprints, host);
      if (flags.out !== undefined && resolve(host.directory, flags.out) !== directory.absolute)
        throw new UsageError(
          `--out ${flags.out}: the run goes on in its own folder, ${directory.path}`,
          'leave it out',
        );
      checkSteps(open.training.settings.steps, made, flags, host);
      noteEngine(saved, open, flags, host);
      updateRunConfig(directory, changedSettings(plan, open), host);
      const measured = cutMetrics(directory.metrics, made);
      return { directory, measured, isKept: checkpoint !== undefined };
    },
    host,
  );
}

/** @throws UsageError */
function planResume(
  { artifact, keep, watch, made }: SavedRun,
  resume: Checkpoint | undefined,
  { data, valid, steps, epochs }: NextSettings,
  flags: RunFlags,
): TrainingPlan {
  if (flags.patience !== undefined && valid === undefined)
    throw new UsageError('--patience: the run has no data to measure on', 'leave it out');
  const { patience = watch.patience, checkpointEvery = watch.checkpointEvery } = flags;
  return {
    ...{ artifact, data, valid, seed: made.seed },
    engine: chooseEngine(flags, made.engine),
    options: {
      ...(resume === undefined ? { optimizer: made.optimizer, batch: made.batch, seed: made.seed } : { resume }),
      ...{ steps, epochs, lr: flags.lr },
    },
    watch: { ...watch, patience, checkpointEvery },
    keep: flags.keep ?? keep,
    samples: flags.samples ?? made.samples ?? 1,
    isQuiet: flags.quiet === true,
    isJson: flags.json === true,
    tensorboard: made.tensorboard,
  };
}

function changedSettings(
  { watch, samples, keep }: TrainingPlan,
  { training: { settings }, fingerprints }: OpenTraining,
): Partial<RunConfig> {
  const { name, options } = settings.optimizer;
  return { steps: settings.steps, optimizer: { name, options }, watch, samples, keep, fingerprints };
}

/** Where the engine of the run cannot be had any more. */
function noteEngine({ made }: SavedRun, { model: { engine } }: OpenTraining, flags: RunFlags, host: Host): void {
  const isAsked = flags.engine !== undefined || flags.backend !== undefined;
  if (isAsked || made.engineName === undefined || made.engineName === engine.name) return;
  host.stderr.write(
    `${styleFor(host.stderr).bold('note')}: the run was made by the ${made.engineName} engine, and goes on with ${engine.name}: other rounding, other draws\n`,
  );
}
