/** What `sbnc explain` shows: a table, blocks where the table is too wide, or JSON. */
import {
  assertNever,
  countByPass,
  countOperations,
  peakElements,
  type Artifact,
  type PassCount,
  type SiteInfo,
  type Verdict,
} from '@sbn/program';
import { formatAmount, formatCount } from './numbers.js';
import type { Style } from './style.js';
import { renderTable, widestLine } from './table.js';

const HEADINGS = [
  'site',
  'role',
  'distribution',
  'shape',
  'parents',
  'costs',
  'estimator',
  'passes',
  'verdict',
] as const;

/** `exact`, `unbiased`, or `biased: why`. */
export function describeVerdict(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'exact':
    case 'unbiased':
      return verdict.kind;
    case 'biased':
      return `biased: ${verdict.reasons.join('; ')}`;
    default:
      return assertNever(verdict);
  }
}

function colorVerdict(verdict: Verdict | undefined, style: Style): string {
  if (verdict === undefined) return '';
  const text = describeVerdict(verdict);
  return verdict.kind === 'biased' ? style.red(text) : style.green(text);
}

/** `latent (guide) in plate i, 5 draws` */
function describeRole({ role, block, plates, draws }: SiteInfo): string {
  const words = [role === 'observed' ? 'observed' : `latent (${block})`];
  if (plates.length > 0) words.push(`in plate ${plates.map(({ variable }) => variable).join(', ')}`);
  return `${words.join(' ')}${draws === undefined ? '' : `, ${String(draws)} draws`}`;
}

/** Cells in the order of the headings; empty where there is nothing to say. */
function describeSite(site: SiteInfo, passes: readonly PassCount[], style: Style): string[] {
  return [
    style.bold(site.id),
    describeRole(site),
    site.distribution,
    `[${site.shape.join(', ')}]`,
    site.parents.join(', '),
    site.costs.join(' + ').replaceAll('+ -', '- '),
    site.estimator ?? '',
    describePasses(passesOf(site, passes)),
    colorVerdict(site.verdict, style),
  ];
}

/** The passes that are made for a site alone; those of a sum are in what it is a part of. */
function passesOf({ id, verdict }: SiteInfo, passes: readonly PassCount[]): readonly PassCount[] {
  return verdict?.kind === 'exact' ? [] : passes.filter(({ pass }) => pass.endsWith(`(${id})`));
}

/** `2 more, 1.20 MFLOP`; nothing for a site that needs no pass but those of all. */
function describePasses(passes: readonly PassCount[]): string {
  if (passes.length === 0) return '';
  const perRow = passes.reduce((sum, pass) => sum + pass.perRow, 0);
  return `${String(passes.length)} more, ${formatOperations(perRow)}`;
}

/** What is minimised or maximised, in a line of its own. */
function describeObjective({ objective }: Artifact): string {
  switch (objective.kind) {
    case 'bound':
      return `maximize ${objective.name}`;
    case 'cost':
      return `${objective.sign === 1 ? 'minimize' : 'maximize'} an expression`;
    default:
      return assertNever(objective);
  }
}

function describeModel(artifact: Artifact, style: Style): string {
  const own = artifact.parameters.filter(({ role }) => role === 'model');
  const numbers = own.reduce((sum, { shape }) => sum + shape.reduce((size, dim) => size * dim, 1), 0);
  const added = artifact.parameters.length - own.length;
  const facts = [
    `${formatAmount(own.length, 'parameter')} of ${formatAmount(numbers, 'number')}`,
    ...(added === 0 ? [] : [`${formatAmount(added, 'parameter')} of estimators`]),
    describeObjective(artifact),
    ...Object.entries(artifact.constants).map(([name, value]) => `${name} = ${value}`),
  ];
  const doc = artifact.doc === undefined ? '' : `${artifact.doc}\n`;
  return `${style.bold(artifact.name)}: ${facts.join(', ')}\n${doc}${describeCost(artifact)}\n\n`;
}

/** More passes than these are counted, not named. */
const MOST_NAMED_PASSES = 8;

/** Rows of a step where the file does not say. */
const USUAL_BATCH = 100;

/** What a step holds at its fullest moment, parameters and data included, in float32, each value freed after its last use. */
function peakMemory({ programs, train }: Artifact): { readonly rows: number; readonly bytes: number } {
  const rows = train.batch ?? USUAL_BATCH;
  return { rows, bytes: 4 * peakElements(programs.gradient, rows) };
}

/** What a training step takes, without the optimiser. */
function describeCost(artifact: Artifact): string {
  const { gradient } = artifact.programs;
  const { perRow } = countOperations(gradient);
  const instructions = formatAmount(gradient.instructions.length, 'instruction');
  const passes = countByPass(gradient).map((pass) => `${pass.pass} ${formatOperations(pass.perRow)}`);
  const detail = passes.length <= MOST_NAMED_PASSES ? passes.join(', ') : `${String(passes.length)} passes`;
  const { rows, bytes } = peakMemory(artifact);
  const memory = `memory: ${formatBytes(bytes)} for ${formatCount(rows)} rows at a time, in float32`;
  return `one step: ${instructions}, ${formatOperations(perRow)} per row (${detail})\n${memory}`;
}

/** `2.94 MFLOP`: floating-point operations with three digits. */
function formatOperations(count: number): string {
  const units = ['FLOP', 'kFLOP', 'MFLOP', 'GFLOP', 'TFLOP'];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)));
  return `${(count / 1000 ** step).toPrecision(3)} ${units[step] ?? ''}`;
}

/** `13.4 MB` */
function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** A table, or where it is wider than `columns` a block for each site. */
export function renderExplanation(
  artifact: Artifact,
  sites: readonly SiteInfo[],
  columns: number | undefined,
  style: Style,
): string {
  const passes = countByPass(artifact.programs.gradient);
  const rows = sites.map((site) => describeSite(site, passes, style));
  const table = renderTable([HEADINGS.map((heading) => style.dim(heading)), ...rows]);
  if (columns === undefined || widestLine(table) <= columns) return describeModel(artifact, style) + table;
  const blocks = rows.map(([id = '', ...cells]) => {
    const lines = cells.flatMap((cell, index) =>
      cell === '' ? [] : [[`  ${style.dim(HEADINGS[index + 1] ?? '')}`, cell]],
    );
    return `${id}\n${renderTable(lines)}`;
  });
  return describeModel(artifact, style) + blocks.join('\n');
}

/** `operations` are those of one step, `memory` is its peak in float32, and `passes` of a site those made for it alone, with their operations per row. */
export function explainAsJson(artifact: Artifact, sites: readonly SiteInfo[]): string {
  const { name, doc, constants, objective, programs } = artifact;
  const passes = countByPass(programs.gradient);
  const explained = sites.map((site) => ({ ...site, passes: passesOf(site, passes) }));
  const operations = { ...countOperations(programs.gradient), passes };
  const memory = peakMemory(artifact);
  return `${JSON.stringify({ name, doc, constants, objective, operations, memory, sites: explained }, undefined, 2)}\n`;
}
