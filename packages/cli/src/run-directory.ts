/** The folder of a run: `config.json`, `metrics.csv`, `checkpoint.safetensors` and `artifact.json`. */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { CheckpointSeries, listEventFiles } from '@sbn/runtime/node';
import type { Checkpoint } from '@sbn/runtime';
import { join, resolve } from 'node:path';
import { ArtifactError, ProgramError, readArtifact, type Artifact } from '@sbn/program';
import { UserError } from './exit.js';
import { isRecord } from './json-record.js';
import { makeFolder, makeNewFolder, readText, replaceFile } from './files.js';
import type { RunLocks } from './lock/run-lock.js';
import { formatCount } from './numbers.js';
import type { SavedFingerprints } from './run/saved-fingerprints.js';
import { readSavedSettings, type SavedSettings } from './run/saved-settings.js';
import { shellWord } from './shell-word.js';
import { styleFor } from './style.js';
import type { WatchSettings } from './training-loop.js';
import type { Host } from './host.js';

const FILES = {
  config: 'config.json',
  metrics: 'metrics.csv',
  checkpoint: 'checkpoint.safetensors',
  artifact: 'artifact.json',
} as const;

/** In the folder of a search over learning rates, which has a folder for each of its runs. */
export const SEARCH_FILE = 'search.json';

/** What a run was made with, so that it can be understood, evaluated and made again. */
export interface RunConfig {
  readonly format: 'sbn-run';
  readonly version: 1;
  readonly model: string;
  /** Where the command was given: what `model` is relative to. */
  readonly directory: string;
  readonly constants: Readonly<Record<string, number>>;
  /** Those of `--set`. */
  readonly set: Readonly<Record<string, number>>;
  /** The text of `--estimator`, where it was given. */
  readonly estimator?: string;
  /** Sources by data name, as on the command line, with absolute paths. */
  readonly data: Readonly<Record<string, string>>;
  readonly valid: Readonly<Record<string, string>>;
  /** What these data are known by again. */
  readonly fingerprints: SavedFingerprints;
  readonly optimizer: SavedOptimizer;
  readonly batch: number;
  readonly steps: number;
  readonly seed: number;
  readonly engine: string;
  readonly backend: string;
  readonly threads?: number | undefined;
  readonly keep: number;
  /** Draws per row in the evaluation at the end. */
  readonly samples: number;
  readonly watch: WatchSettings;
  readonly tensorboard?: boolean | undefined;
  /** What it was made by. */
  readonly versions: { readonly sbn: string; readonly node: string };
}

export interface SavedOptimizer {
  readonly name: string;
  readonly options: Readonly<Record<string, number>>;
}

export interface RunDirectory {
  /** As the user would write it. */
  readonly path: string;
  readonly absolute: string;
  readonly metrics: string;
  readonly checkpoint: string;
}

function describe(path: string, host: Host): RunDirectory {
  const absolute = resolve(host.directory, path);
  return { path, absolute, metrics: join(absolute, FILES.metrics), checkpoint: join(absolute, FILES.checkpoint) };
}

/** Whether a file of a run is there. */
export function holdsRun(path: string, host: Host): boolean {
  return [...Object.values(FILES), SEARCH_FILE].some((file) => existsSync(resolve(host.directory, path, file)));
}

/** `runs/<model>-<n>` with the first free number, made here, so that of two that begin at once each has its own. @throws UserError */
function makeNextFree(model: string, host: Host): string {
  makeFolder('runs', host);
  for (let number = 1; ; number += 1) {
    const path = join('runs', `${model}-${number}`);
    if (makeNewFolder(path, host)) return path;
  }
}

/**
 * Makes the folder of a new run, and locks it.
 * @throws UserError where one is there already and is not to be replaced, or the folder cannot be made; RunInUseError.
 */
export function createRunDirectory(
  chosen: string | undefined,
  model: string,
  replace: boolean,
  locks: RunLocks,
  host: Host,
): RunDirectory {
  const path = chosen ?? makeNextFree(model, host);
  if (!replace && holdsRun(path, host)) {
    throw new UserError(`${path} already holds a run`, 'name another folder with --out, or write over it with --force');
  }
  makeFolder(path, host);
  const directory = describe(path, host);
  locks.take(directory);
  // Old checkpoints would not fit the new model, and TensorBoard would show old curves beside the new.
  for (const name of [
    ...readdirSync(directory.absolute).filter((name) => /^(checkpoint.*|best)\.safetensors$/.test(name)),
    ...listEventFiles(directory.absolute),
  ]) {
    rmSync(join(directory.absolute, name), { force: true });
  }
  return directory;
}

export function writeRunDescription(directory: RunDirectory, config: RunConfig, artifact: string, host: Host): void {
  replaceFile(join(directory.path, FILES.artifact), artifact, host);
  replaceFile(join(directory.path, FILES.config), `${JSON.stringify(config, undefined, 2)}\n`, host);
}

/** Keeps what a run goes on with otherwise than it was planned, so that it goes on so the next time too. */
export function updateRunConfig({ path }: RunDirectory, change: Partial<RunConfig>, host: Host): void {
  const file = join(path, FILES.config);
  const text = readText(file, 'the configuration of a run', host);
  const next = `${JSON.stringify({ ...(JSON.parse(text) as object), ...change }, undefined, 2)}\n`;
  if (next !== text) replaceFile(file, next, host);
}

/** A run that was made before, as `eval` and `sample` take it up. */
export interface SavedRun {
  readonly directory: RunDirectory;
  readonly artifact: Artifact;
  /** Sources by data name, as they were trained on, and as they were validated on. */
  readonly data: Readonly<Record<string, string>>;
  readonly valid: Readonly<Record<string, string>>;
  /** Steps that were planned. */
  readonly steps: number;
  /** The text of `--estimator`, where it was given. */
  readonly estimator: string | undefined;
  /** How many checkpoints are kept. */
  readonly keep: number;
  readonly watch: WatchSettings;
  readonly made: SavedSettings;
}

/** What runs of earlier versions do. */
const KEEP = 3;

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  return isRecord(value) && Object.values(value).every((each) => typeof each === 'string');
}

function readConfig(path: string, host: Host): Omit<SavedRun, 'directory' | 'artifact'> {
  const text = readText(path, 'the configuration of a run', host);
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    throw new UserError(`${path} is damaged: it is not JSON`);
  }
  if (!isRecord(config) || config['format'] !== 'sbn-run')
    throw new UserError(`${path} is not the configuration of a run`);
  if (config['version'] !== 1) {
    throw new UserError(
      `${path} was written by another version of sbn: its version is ${JSON.stringify(config['version'])}, not 1`,
    );
  }
  const { data, valid, steps, estimator } = config;
  if (!isTextRecord(data) || !isTextRecord(valid))
    throw new UserError(`${path} is damaged: \`data\` and \`valid\` must hold texts`);
  if (typeof steps !== 'number') throw new UserError(`${path} is damaged: \`steps\` must be a number`);
  if (estimator !== undefined && typeof estimator !== 'string')
    throw new UserError(`${path} is damaged: \`estimator\` must be a text`);
  const { keep = KEEP, watch = {} } = config;
  if (typeof keep !== 'number' || !isRecord(watch)) throw new UserError(`${path} is damaged: \`keep\` or \`watch\``);
  return {
    ...{ data, valid, steps, estimator, keep },
    watch: readWatch(watch, path),
    made: readSavedSettings(config, path),
  };
}

function readWatch(watch: Readonly<Record<string, unknown>>, path: string): WatchSettings {
  const read = (key: keyof WatchSettings): number | undefined => {
    const value = watch[key];
    if (value === undefined || typeof value === 'number') return value;
    throw new UserError(`${path} is damaged: \`${key}\` must be a number`);
  };
  return { validEvery: read('validEvery'), checkpointEvery: read('checkpointEvery'), patience: read('patience') };
}

/** Whether there is anything to read with `readRunCheckpoint`: not so where a run was cut off before its first step. */
export function hasCheckpoint({ absolute }: RunDirectory): boolean {
  return readdirSync(absolute).some((name) => /^checkpoint.*\.safetensors$/.test(name));
}

/** The newest checkpoint of a run that is not damaged, with a warning for each that is; or the best. @throws CheckpointError */
export async function readRunCheckpoint(
  { directory, keep }: Pick<SavedRun, 'directory' | 'keep'>,
  best: boolean,
  host: Host,
): Promise<Checkpoint> {
  const series = new CheckpointSeries(directory.absolute, keep);
  if (best) return series.readBest();
  const { checkpoint, passedOver } = await series.readNewest();
  const style = styleFor(host.stderr);
  for (const { problem } of passedOver) host.stderr.write(`${style.bold(style.yellow('warning'))}: ${problem}\n`);
  if (passedOver.length > 0) {
    host.stderr.write(`  = the checkpoint after step ${formatCount(checkpoint.step)} is taken instead\n`);
  }
  return checkpoint;
}

/** The checkpoint of a run's folder, or the path itself where it is a file. */
export function checkpointPath(path: string, host: Host): string {
  const absolute = resolve(host.directory, path);
  const isFolder = statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? join(absolute, FILES.checkpoint) : absolute;
}

/** @throws UserError when the folder holds no run that has begun, or a file of it is damaged. */
export function openRunDirectory(path: string, host: Host): SavedRun {
  const saved = openPlannedRun(path, host);
  if (hasCheckpoint(saved.directory)) return saved;
  const way = `\`sbn resume ${shellWord(path)}\` begins it`;
  throw new UserError(`${path} holds a run that has not begun: it has no ${FILES.checkpoint}`, way);
}

/** The same for a run that may have been cut off before it had a checkpoint. @throws UserError */
export function openPlannedRun(path: string, host: Host): SavedRun {
  const absolute = resolve(host.directory, path);
  if (!existsSync(absolute)) throw new UserError(`there is no folder ${path}`, 'give the folder that `sbn run` wrote');
  for (const file of [FILES.config, FILES.artifact]) {
    if (existsSync(join(absolute, file))) continue;
    throw new UserError(`${path} holds no run: it has no ${file}`, 'give the folder that `sbn run` wrote');
  }
  const sources = readConfig(join(path, FILES.config), host);
  return { directory: describe(path, host), artifact: openArtifact(join(path, FILES.artifact), host), ...sources };
}

function openArtifact(path: string, host: Host): Artifact {
  const text = readText(path, 'an artifact', host);
  try {
    return readArtifact(text);
  } catch (error) {
    if (error instanceof ArtifactError || error instanceof ProgramError) {
      throw new UserError(
        `${path} is damaged, or of another version of sbn: ${error.message}`,
        'train the model again with `sbn run`',
      );
    }
    throw error;
  }
}
