/** A run as it is compared: what it was made with, what was measured, and both in short. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Artifact } from '@sbn/program';
import { readJson, tryReadText } from '../files.js';
import type { Host } from '../host.js';
import { nameObjective, type ObjectiveName } from '../objective-name.js';
import { curveOf, readMetrics, tailMean, type Metrics } from '../report/read-metrics.js';
import { openRunDirectory } from '../run-directory.js';

export interface ComparedRun {
  /** As it is called in tables and legends. */
  readonly name: string;
  readonly path: string;
  readonly artifact: Artifact;
  readonly objective: ObjectiveName;
  readonly metrics: Metrics;
  /** Steps against the seconds that it was trained for up to there, those of all its parts added up. */
  readonly seconds: readonly (readonly [step: number, seconds: number])[];
  readonly summary: RunSummary;
  /** What it was made with, one value for each setting: `optimizer.options.lr`, `data.x`, `estimator of h`, … */
  readonly settings: ReadonlyMap<string, string>;
}

/** `null` stands for what was not measured. */
export interface RunSummary {
  readonly run: string;
  readonly model: string;
  /** The estimators of its latent sites, each once, without their forms. */
  readonly estimators: readonly string[];
  /** The latent sites whose gradient is biased. */
  readonly biased: readonly string[];
  /** Steps made, and planned. */
  readonly steps: number;
  readonly planned: number;
  readonly seconds: number;
  /** Mean training loss over the last tenth of its steps. */
  readonly training: number | null;
  readonly validation: { readonly last: number; readonly best: number; readonly bestStep: number } | null;
  /** By site: mean variance of the learning signal over the last tenth of its steps. */
  readonly signalVariance: Readonly<Record<string, number>>;
}

/** @throws UserError where the folder holds no run, or a damaged one. */
export function readRun(path: string, name: string, host: Host): ComparedRun {
  const saved = openRunDirectory(path, host);
  const { artifact } = saved;
  // A run that has just begun has no measurements yet.
  const read = tryReadText(join(path, 'metrics.csv'), 'the metrics of a run', host);
  const metrics = readMetrics('text' in read ? read.text : '');
  const seconds = addUpSeconds(curveOf(metrics, 'seconds'));
  return {
    name,
    path,
    artifact,
    objective: nameObjective(artifact.objective),
    metrics,
    seconds,
    summary: summarize(name, artifact, saved.steps, metrics, seconds),
    settings: settingsOf(readJson(join(path, 'config.json'), host), artifact),
  };
}

/** Where a run goes on its seconds begin anew. */
function addUpSeconds(curve: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  let before = 0;
  let last = 0;
  return curve.map(([step, seconds]) => {
    if (seconds < last) before += last;
    last = seconds;
    return [step, before + seconds];
  });
}

function summarize(
  run: string,
  { name, sites }: Artifact,
  planned: number,
  metrics: Metrics,
  seconds: ComparedRun['seconds'],
): RunSummary {
  const latents = sites.filter(({ role }) => role === 'latent');
  const validation = curveOf(metrics, 'validation');
  const best = validation.reduce<readonly [number, number] | undefined>(
    (least, point) => (least === undefined || point[1] < least[1] ? point : least),
    undefined,
  );
  const variances = metrics.columns.flatMap((column): readonly (readonly [string, number])[] => {
    const variance = column.startsWith('signal variance ') ? tailMean(metrics, column) : undefined;
    return variance === undefined ? [] : [[column.slice('signal variance '.length), variance]];
  });
  return {
    run,
    model: name,
    estimators: [...new Set(latents.map(({ estimator = '' }) => estimator.replace(/ \(.*$/, '')))],
    biased: latents.flatMap(({ id, verdict }) => (verdict?.kind === 'biased' ? [id] : [])),
    steps: metrics.rows.at(-1)?.[0] ?? 0,
    planned,
    seconds: seconds.at(-1)?.[1] ?? 0,
    training: tailMean(metrics, 'loss') ?? null,
    validation: best === undefined ? null : { last: validation.at(-1)?.[1] ?? NaN, best: best[1], bestStep: best[0] },
    signalVariance: Object.fromEntries(variances),
  };
}

function settingsOf(config: unknown, { source, sites }: Artifact): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  const add = (name: string, value: unknown): void => {
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) add(name === '' ? key : `${name}.${key}`, inner);
    else settings.set(name, String(value));
  };
  add('', config);
  // Of a whole text it can only be said whether it is the same.
  const imported = source.imports.filter(({ file }) => file !== '--estimator');
  const texts = [source.text, ...imported.map(({ text }) => text)].join('\u0000');
  settings.set('checksum of the model text', createHash('sha256').update(texts).digest('hex').slice(0, 8));
  for (const { id, role, estimator } of sites)
    if (role === 'latent' && estimator !== undefined) settings.set(`estimator of ${id}`, estimator);
  return settings;
}
