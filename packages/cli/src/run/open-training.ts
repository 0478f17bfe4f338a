/** From what is to be trained, and how, to a training on an engine: the one way of a new run, and of one that goes on, into `train`. */
import type { Artifact } from '@sbn/program';
import { loadModel, type Dataset, type Model, type Training, type TrainOptions } from '@sbn/runtime';
import { CheckpointSeries } from '@sbn/runtime/node';
import { openEngine, type EngineFlags } from '../engine.js';
import type { Host } from '../host.js';
import type { RunDirectory } from '../run-directory.js';
import type { SavedFingerprints } from './saved-fingerprints.js';
import type { RunWatcher } from '../run-events.js';
import { openPorts, type Sources } from '../sources.js';
import { train, type TrainResult } from '../train.js';
import type { WatchSettings } from '../training-loop.js';

export interface TrainingPlan {
  readonly artifact: Artifact;
  readonly data: Sources;
  /** Undefined where nothing is measured on the way. */
  readonly valid: Sources | undefined;
  readonly engine: EngineFlags;
  /** Draws the initial parameters; left out for the model's own. */
  readonly seed: number | undefined;
  readonly options: Omit<TrainOptions, 'data' | 'signal'>;
  readonly watch: WatchSettings;
  /** How many checkpoints are kept. */
  readonly keep: number;
  /** Draws per row in the evaluation at the end. */
  readonly samples: number;
  readonly isQuiet: boolean;
  readonly isJson: boolean;
  /** Event files for TensorBoard; undefined for what the run has done before. */
  readonly tensorboard: boolean | undefined;
  /** What follows the run instead of the display and of `--json`. */
  readonly watcher?: RunWatcher | undefined;
}

export interface OpenTraining {
  readonly model: Model;
  readonly training: Training;
  /** Its signal is the training's. */
  readonly interrupt: AbortController;
  readonly rows: Dataset | undefined;
  readonly validation: Dataset | undefined;
  /** What the data are known by again. */
  readonly fingerprints: SavedFingerprints;
}

/** Where a training is kept. */
export interface RunFolder {
  readonly directory: RunDirectory;
  /** What was measured there before, on the validation data. */
  readonly measured: readonly number[];
  /** Whether there is a checkpoint of where it begins. */
  readonly isKept: boolean;
}

/** @throws UserError, UsageError, DataError, SettingsError, CheckpointError, EngineError */
export async function openTraining({
  artifact,
  data,
  valid,
  engine,
  seed,
  options,
}: TrainingPlan): Promise<OpenTraining> {
  const rows = await openPorts('--data', data, artifact.data);
  const validation = valid === undefined ? undefined : await openPorts('--valid', valid, artifact.data);
  const model = await loadModel(artifact, { engine: await openEngine(engine), seed });
  const interrupt = new AbortController();
  try {
    const fingerprints = { data: await fingerprintsOf(rows), valid: await fingerprintsOf(validation) };
    const training = model.train({ ...options, data: rows, signal: interrupt.signal });
    return { model, training, interrupt, rows, validation, fingerprints };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

async function fingerprintsOf(rows: Dataset | undefined): Promise<SavedFingerprints['data']> {
  return (await rows?.fingerprints?.()) ?? {};
}

/** Trains to the end. `openFolder` is called once all that was asked for is known to be possible. @throws Exit after Ctrl-C */
export async function trainAsPlanned(
  plan: TrainingPlan,
  openFolder: (open: OpenTraining) => RunFolder | Promise<RunFolder>,
  host: Host,
): Promise<TrainResult> {
  const open = await openTraining(plan);
  let folder: RunFolder;
  try {
    folder = await openFolder(open);
  } catch (error) {
    open.model.dispose();
    throw error;
  }
  const { samples, isQuiet, isJson, tensorboard, watcher, watch, keep } = plan;
  const checkpoints = new CheckpointSeries(folder.directory.absolute, keep);
  return train({ ...open, ...folder, samples, isQuiet, isJson, tensorboard, watcher, watch, checkpoints }, host);
}
