/** How a run was made: the command that makes it again, and by what. */
import { formatCount } from '../numbers.js';
import { readVersion } from '../program.js';
import type { SavedRun } from '../run-directory.js';

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
  return [
    ['command', writeCommand(saved, settings)],
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
function writeCommand(
  { artifact, data, valid, estimator, steps, watch, keep }: SavedRun,
  settings: ReadonlyMap<string, unknown>,
): string {
  const each = (option: string, values: Readonly<Record<string, unknown>>): readonly string[] =>
    Object.entries(values).flatMap(([name, value]) => [option, quote(`${name}=${String(value)}`)]);
  const one = (option: string, value: unknown): readonly string[] =>
    typeof value === 'string' || typeof value === 'number' ? [option, quote(String(value))] : [];
  const engine = settings.get('engine');
  return [
    'sbn run',
    quote(artifact.source.file),
    ...each('--set', artifact.constants),
    ...each('--data', data),
    ...each('--valid', valid),
    ...one('--estimator', estimator),
    ...one('--optimizer', writeOptimizer(settings.get('optimizer'))),
    ...one('--batch', settings.get('batch')),
    ...one('--steps', steps),
    ...one('--seed', settings.get('seed')),
    ...one('--valid-every', watch.validEvery),
    ...one('--patience', watch.patience),
    ...one('--checkpoint-every', watch.checkpointEvery),
    ...one('--keep', keep),
    ...one('--engine', engine),
  ].join(' ');
}

/** `adam(lr = 0.001, beta1 = 0.9)` */
function writeOptimizer(optimizer: unknown): string | undefined {
  if (typeof optimizer !== 'object' || optimizer === null || !('name' in optimizer) || !('options' in optimizer))
    return undefined;
  const { name, options } = optimizer;
  const entries = typeof options === 'object' && options !== null ? Object.entries(options) : [];
  return `${String(name)}(${entries.map(([key, value]) => `${key} = ${String(value)}`).join(', ')})`;
}

/** As a shell reads it. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
