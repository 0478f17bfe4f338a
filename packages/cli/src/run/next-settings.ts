/**
 * What a run is to go on with: an option's value, else what the `train` block of the file says now where it has been changed since, else
 * what the run was made with.
 */
import type { Artifact } from '@sbn/program';
import { createOptimizer, type OptimizerChoice } from '@sbn/runtime';
import type { Host } from '../host.js';
import { formatSources, fileSources, givenSources, parseSources, type Sources } from '../sources.js';
import type { SavedRun } from '../run-directory.js';
import { compareTexts, type ChangeSection } from './changes.js';
import type { RunFlags } from './run-flags.js';
import { chooseOptimizer, chooseSources, type PlannedModel } from './plan-run.js';

export interface NextSettings {
  readonly data: Sources;
  readonly valid: Sources | undefined;
  readonly optimizer: OptimizerChoice | undefined;
  readonly batch: number | undefined;
  readonly seed: number | undefined;
  readonly validEvery: number | undefined;
  /** In all; undefined for what the file says. */
  readonly steps: number | undefined;
  readonly epochs: number | undefined;
}

/** @throws UsageError */
export function chooseSettings(
  saved: SavedRun,
  { artifact, file, directory }: PlannedModel,
  flags: RunFlags,
  host: Host,
): NextSettings {
  const { made, artifact: before } = saved;
  const now = artifact.train;
  const isChanged = (key: keyof Artifact['train']): boolean =>
    JSON.stringify(before.train[key]) !== JSON.stringify(now[key]);
  const base = isChanged('optimizer') ? now.optimizer : made.optimizer;
  const inFile = fileSources(artifact, file, { directory });
  const kept = flags.validShare === undefined ? parseSources(saved.data) : wholeSources(parseSources(saved.data));
  const given: Sources = {
    ...inFile,
    ...onlyPorts(kept, artifact, (name) => !isSourceChanged(before, artifact, name)),
    ...givenSources('--data', flags.data, artifact.data, host),
  };
  const isSplit = flags.valid !== undefined || flags.validShare !== undefined;
  const { data, valid } = isSplit
    ? chooseSources(given, flags, artifact, host)
    : { data: given, valid: onlyPorts(parseSources(saved.valid), artifact) };
  const isPlanned = flags.steps !== undefined || flags.epochs !== undefined;
  const isLonger = !isPlanned && (isChanged('steps') || isChanged('epochs'));
  return {
    data,
    valid: valid !== undefined && Object.keys(valid).length === 0 ? undefined : valid,
    optimizer: chooseOptimizer(flags, base) ?? base,
    batch: flags.batch ?? (isChanged('batch') ? now.batch : made.batch),
    seed: flags.seed ?? (isChanged('seed') ? now.seed : made.seed),
    validEvery: flags.validEvery ?? saved.watch.validEvery,
    steps: isPlanned ? flags.steps : isLonger ? now.steps : saved.steps,
    epochs: isPlanned ? flags.epochs : isLonger ? now.epochs : undefined,
  };
}

/** What of them makes a run another one. Steps do not: they only make it longer. */
export function compareSettings(saved: SavedRun, next: NextSettings): readonly ChangeSection[] {
  const { made, watch, data, valid } = saved;
  const before = { optimizer: made.optimizer, batch: made.batch, seed: made.seed, validEvery: watch.validEvery };
  return [
    compareTexts('sources', data, formatSources(next.data)),
    compareTexts('validation sources', valid, formatSources(next.valid ?? {})),
    compareTexts('settings', describeSettings(before), describeSettings(next)),
  ];
}

function describeSettings({
  optimizer,
  batch,
  seed,
  validEvery,
}: Pick<NextSettings, 'optimizer' | 'batch' | 'seed' | 'validEvery'>): Record<string, string> {
  return {
    ...(optimizer === undefined ? {} : { optimizer: describeOptimizer(optimizer) }),
    ...(batch === undefined ? {} : { batch: String(batch) }),
    ...(seed === undefined ? {} : { seed: String(seed) }),
    ...(validEvery === undefined ? {} : { 'valid-every': String(validEvery) }),
  };
}

function describeOptimizer(choice: OptimizerChoice): string {
  const { name, options } = createOptimizer(choice);
  return `${name}(${Object.entries(options)
    .map(([key, value]) => `${key} = ${String(value)}`)
    .join(', ')})`;
}

function isSourceChanged(before: Artifact, after: Artifact, name: string): boolean {
  return JSON.stringify(before.train.data[name]) !== JSON.stringify(after.train.data[name]);
}

/** Before `--valid-share` took a part of them. */
function wholeSources(sources: Sources): Sources {
  const isOther = ([key]: readonly [string, string]): boolean => key !== 'part' && key !== 'split';
  return Object.fromEntries(
    Object.entries(sources).map(([name, { name: path, options }]) => [
      name,
      { name: path, options: Object.fromEntries(Object.entries(options).filter(isOther)) },
    ]),
  );
}

function onlyPorts(sources: Sources, { data }: Artifact, isTaken: (name: string) => boolean = () => true): Sources {
  const names = data.map(({ name }) => name);
  return Object.fromEntries(Object.entries(sources).filter(([name]) => names.includes(name) && isTaken(name)));
}
