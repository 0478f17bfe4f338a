/** What `sbnc explain` shows: a table, blocks where the table is too wide, or JSON. */
import { assertNever, type Artifact, type SiteInfo, type Verdict } from '@sbn/program';
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
  const numbers = artifact.parameters.reduce((sum, { shape }) => sum + shape.reduce((size, dim) => size * dim, 1), 0);
  const facts = [
    `${formatAmount(artifact.parameters.length, 'parameter')} of ${formatAmount(numbers, 'number')}`,
    describeObjective(artifact),
    ...Object.entries(artifact.constants).map(([name, value]) => `${name} = ${value}`),
  ];
  const doc = artifact.doc === undefined ? '' : `${artifact.doc}\n`;
  return `${style.bold(artifact.name)}: ${facts.join(', ')}\n${doc}\n`;
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
  return `${JSON.stringify({ name, doc, constants, objective, sites }, undefined, 2)}\n`;
}
