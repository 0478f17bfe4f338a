/** How a run was made: the command that makes it again, and by what. */
import { formatCount } from '../numbers.js';
import { readVersion } from '../program.js';
import type { SavedOptimizer, SavedRun } from '../run-directory.js';
import { shellWord } from '../shell-word.js';

/** `config` is that of the run; `step` is how many steps were made. */
export function describeMaking(
  saved: SavedRun,
  config: unknown,
  step: number,
): readonly (readonly [name: string, value: string])[] {
  const entries: readonly (readonly [string, unknown])[] =
    typeof config === 'object' && config !== null ? Object.entries(config) : [];
  const settings = new Map(entries);
  const versions = settings.get('versions');
  const { directory } = saved.made;
  return [
    ['command', writeCommand(saved)],
    ...(directory === undefined ? [] : [['in folder', directory] as const]),
    ['steps', `${formatCount(step)} made, ${formatCount(saved.steps)} planned`],
    ['engine', [settings.get('engine'), settings.get('backend')].filter((part) => typeof part === 'string').join(', ')],
    ['versions', isVersions(versions) ? `sbn ${versions.sbn}, Node ${versions.node}` : 'not known'],
    ['this page', `by sbn ${readVersion()}, Node ${process.version}`],
  ];
}

function isVersions(value: unknown): value is { readonly sbn: string; readonly node: string } {
  return typeof value === 'object' && value !== null && 'sbn' in value && 'node' in value;
}

/** With every setting that changes the result, so that defaults may change. */
function writeCommand({ artifact, data, valid, estimator, steps, watch, keep, made }: SavedRun): string {
  const each = (option: string, values: Readonly<Record<string, unknown>>): readonly string[] =>
    Object.entries(values).flatMap(([name, value]) => [option, shellWord(`${name}=${String(value)}`)]);
  const one = (option: string, value: string | number | undefined): readonly string[] =>
    value === undefined ? [] : [option, shellWord(String(value))];
  return [
    'sbn run',
    shellWord(made.model ?? artifact.source.file),
    ...each('--set', made.set ?? artifact.constants),
    ...each('--data', data),
    ...each('--valid', valid),
    ...one('--estimator', estimator),
    ...one('--optimizer', made.optimizer && writeOptimizer(made.optimizer)),
    ...one('--batch', made.batch),
    ...one('--steps', steps),
    ...one('--seed', made.seed),
    ...one('--samples', made.samples),
    ...one('--valid-every', watch.validEvery),
    ...one('--patience', watch.patience),
    ...one('--checkpoint-every', watch.checkpointEvery),
    ...one('--keep', keep),
    ...one('--engine', made.engineName),
    ...one('--backend', made.engine.backend),
    ...one('--threads', made.engine.threads),
  ].join(' ');
}

/** `adam(lr = 0.001, beta1 = 0.9)` */
function writeOptimizer({ name, options }: SavedOptimizer): string {
  const entries = Object.entries(options).map(([key, value]) => `${key} = ${value}`);
  return `${name}(${entries.join(', ')})`;
}
