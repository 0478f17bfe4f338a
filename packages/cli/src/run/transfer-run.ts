/** A run that goes on with another model or other settings: in a folder of its own, from what of the old one fits. */
import { writeArtifact } from '@sbn/program';
import { transferCheckpoint, type Checkpoint, type OptimizerChoice, type Transfer } from '@sbn/runtime';
import { CheckpointSeries } from '@sbn/runtime/node';
import { UserError } from '../exit.js';
import type { Host } from '../host.js';
import { withRunLocks } from '../lock/run-lock.js';
import { formatAmount } from '../numbers.js';
import {
  createRunDirectory,
  holdsRun,
  writeRunDescription,
  type RunDirectory,
  type SavedRun,
} from '../run-directory.js';
import { renderTable } from '../table.js';
import type { TrainResult } from '../train.js';
import { chooseEngine } from './choose-engine.js';
import { checkSteps } from './check-steps.js';
import type { NextSettings } from './next-settings.js';
import { trainAsPlanned, type TrainingPlan } from './open-training.js';
import { describeRun, type PlannedModel } from './plan-run.js';
import type { RunFlags } from './run-flags.js';

export interface TransferredRun {
  readonly saved: SavedRun;
  readonly checkpoint: Checkpoint | undefined;
  readonly next: PlannedModel;
  readonly settings: NextSettings;
}

/** The steps go on being counted, so that schedules and the optimiser's state mean the same. The old folder is left as it is. @throws UserError */
export async function transferRun(
  { saved, checkpoint, next, settings }: TransferredRun,
  flags: RunFlags,
  host: Host,
): Promise<TrainResult> {
  const { path } = saved.directory;
  if (checkpoint === undefined) throw new UserError(`${path} has not begun: there is nothing to go on from`);
  if (flags.out !== undefined && holdsRun(flags.out, host))
    throw new UserError(`${flags.out} already holds a run`, 'name another folder with --out, or leave it out');
  const transfer = transferCheckpoint(checkpoint, next.artifact, {
    optimizer: withRate(settings.optimizer ?? checkpoint.optimizer, flags.lr),
    batch: settings.batch ?? checkpoint.batch,
    seed: settings.seed ?? checkpoint.seed,
  });
  const plan = planTransfer(saved, transfer, next, settings, flags);
  return withRunLocks((locks) =>
    trainAsPlanned(
      plan,
      async (open) => {
        checkSteps(open.training.settings.steps, checkpoint.step, flags, host);
        const directory = createRunDirectory(flags.out, next.artifact.name, false, locks, host);
        writeRunDescription(directory, describeRun(next, plan, open), writeArtifact(next.artifact), host);
        await new CheckpointSeries(directory.absolute, plan.keep).write(transfer.checkpoint);
        host.stderr.write(renderTransfer(transfer, saved.directory, directory));
        return { directory, measured: [], isKept: true };
      },
      host,
    ),
  );
}

function withRate({ name, options }: OptimizerChoice, lr: number | undefined): OptimizerChoice {
  return lr === undefined ? { name, options } : { name, options: { ...options, lr } };
}

function planTransfer(
  { watch, keep, made }: SavedRun,
  { checkpoint }: Transfer,
  { artifact }: PlannedModel,
  { data, valid, validEvery, steps, epochs }: NextSettings,
  flags: RunFlags,
): TrainingPlan {
  const { patience = watch.patience, checkpointEvery = watch.checkpointEvery } = flags;
  return {
    ...{ artifact, data, valid, seed: checkpoint.seed },
    engine: chooseEngine(flags, made.engine),
    options: { resume: checkpoint, steps, epochs },
    watch: { validEvery, checkpointEvery, patience },
    keep: flags.keep ?? keep,
    samples: flags.samples ?? made.samples ?? 1,
    isQuiet: flags.quiet === true,
    isJson: flags.json === true,
    tensorboard: made.tensorboard,
  };
}

function renderTransfer(
  { checkpoint, transferred, withState, fresh, dropped }: Transfer,
  from: RunDirectory,
  to: RunDirectory,
): string {
  const bare = transferred.filter((name) => !withState.includes(name));
  const shape = (lengths: readonly number[]): string => `[${lengths.join(', ')}]`;
  const rows = [
    ...withState.map((name) => ['taken over', name, `with the state of ${checkpoint.optimizer.name}`]),
    ...bare.map((name) => ['taken over', name, '']),
    ...fresh.map(({ name, shape: own, before }) => [
      'begins anew',
      name,
      before === undefined ? shape(own) : `${shape(own)}, was ${shape(before)}`,
    ]),
    ...dropped.map((name) => ['dropped', name, '']),
  ];
  const first = `goes on in ${to.path}, after ${formatAmount(checkpoint.step, 'step')} of ${from.path}, which stays as it is\n`;
  return `${first}${renderTable(rows.map((row) => ['', ...row]))}`;
}
