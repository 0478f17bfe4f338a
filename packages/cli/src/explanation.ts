/** What `sbnc explain` shows: a table, blocks where the table is too wide, or JSON. */
import { assertNever, countOperations, type Artifact, type SiteInfo, type Verdict } from '@sbn/program';
import { formatAmount } from './numbers.js';
import type { Style } from './style.js';
import { renderTable, widestLine } from './table.js';

const HEADINGS = ['site', 'role', 'distribution', 'shape', 'parents', 'costs', 'estimator', 'verdict'] as const;

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

function describeRole({ role, block }: SiteInfo): string {
  return role === 'observed' ? 'observed' : `latent (${block})`;
}

/** Cells in the order of the headings; empty where there is nothing to say. */
function describeSite(site: SiteInfo, style: Style): string[] {
  return [
    style.bold(site.id),
    describeRole(site),
    site.distribution,
    `[${site.shape.join(', ')}]`,
    site.parents.join(', '),
    site.costs.join(' + ').replaceAll('+ -', '- '),
    site.estimator ?? '',
    colorVerdict(site.verdict, style),
  ];
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

/** What a training step takes, without the optimiser. */
function describeCost({ programs }: Artifact): string {
  const { gradient } = programs;
  const { perRow } = countOperations(gradient);
  const instructions = formatAmount(gradient.instructions.length, 'instruction');
  return `one step: ${instructions}, ${formatOperations(perRow)} per row`;
}

/** `2.94 MFLOP`: floating-point operations with three digits. */
function formatOperations(count: number): string {
  const units = ['FLOP', 'kFLOP', 'MFLOP', 'GFLOP', 'TFLOP'];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)));
  return `${(count / 1000 ** step).toPrecision(3)} ${units[step] ?? ''}`;
}

/** A table, or where it is wider than `columns` a block for each site. */
export function renderExplanation(
  artifact: Artifact,
  sites: readonly SiteInfo[],
  columns: number | undefined,
  style: Style,
): string {
  const rows = sites.map((site) => describeSite(site, style));
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

export function explainAsJson(artifact: Artifact, sites: readonly SiteInfo[]): string {
  const { name, doc, constants, objective } = artifact;
  return `${JSON.stringify({ name, doc, constants, objective, operations: countOperations(artifact.programs.gradient), sites }, undefined, 2)}\n`;
}
