/** What `sbn verify` shows: tables for people, or JSON. */
import type { Artifact } from '@sbn/program';
import {
  sitesGivenTo,
  toNestedArray,
  type Cuts,
  type GradientVariance,
  type GradientVerification,
  type Truncation,
} from '@sbn/runtime';
import { describeVerdict } from './explanation.js';
import { formatAmount, formatNumber } from './numbers.js';
import type { Style } from './style.js';
import { renderTable } from './table.js';

export interface VerificationReport {
  readonly artifact: Artifact;
  readonly verification: GradientVerification;
  /** Undefined where there are too many configurations to measure it. */
  readonly variance: GradientVariance | undefined;
  /** The largest relative error that rounding explains. */
  readonly tolerance: number;
  /** The engine, in words. */
  readonly engine: string;
  /** Where the gradient was verified, in words: sizes, data rows and where the numbers come from. */
  readonly where: readonly string[];
}

export function isBiased({ verification, tolerance }: VerificationReport): boolean {
  return !(verification.maxRelativeError <= tolerance);
}

export function renderVerification(report: VerificationReport, style: Style): string {
  const { artifact, verification, variance, where } = report;
  const objective = `objective ${formatNumber(verification.objective)}, the exact expected cost per row`;
  const heads = [
    `${style.bold(artifact.name)}: ${formatAmount(verification.configurations, 'configuration')}`,
    ...renderTruncation(verification.truncation),
    ...where,
  ];
  const missing =
    variance === undefined
      ? 'no variances: there are too many configurations to run each by itself; smaller constants would do\n'
      : '';
  return [
    `${heads.join('\n')}\n${objective}\n`,
    renderVerdicts(artifact, style),
    renderParameters(report, style) + missing,
    renderConclusion(report, style),
  ].join('\n');
}

/** Where counts that do not end were cut: nothing to say where there are none. */
function renderTruncation({ cuts, missing }: Truncation): string[] {
  return cuts.size === 0
    ? []
    : [`counts cut at ${formatCuts(cuts)}: what is left out has probability ${formatProbability(missing)}`];
}

/** `a ≤ 12, b ≤ 9` */
export function formatCuts(cuts: Cuts): string {
  return [...cuts].map(([id, cut]) => `${id} ≤ ${cut}`).join(', ');
}

/** A difference from 1 is known to about 1e-15. */
export function formatProbability(missing: number): string {
  return missing < 1e-15 ? 'below 1e-15' : missing.toExponential(1);
}

function renderVerdicts({ sites }: Artifact, style: Style): string {
  const rows = sites.flatMap(({ id, role, estimator = '', verdict }) => {
    if (role !== 'latent') return [];
    const text = verdict === undefined ? 'no cost depends on it' : describeVerdict(verdict);
    return [[style.bold(id), estimator, verdict?.kind === 'biased' ? style.red(text) : style.green(text)]];
  });
  return rows.length === 0 ? 'no latent sites\n' : renderTable([dim(['site', 'estimator', 'verdict'], style), ...rows]);
}

function renderParameters(report: VerificationReport, style: Style): string {
  const { verification, variance, tolerance } = report;
  const showError = (error: number): string => {
    const text = error === 0 ? '0' : error.toExponential(1);
    return error <= tolerance ? text : style.red(text);
  };
  const rows = verification.parameters.map(({ name, shape, exact, relativeError }) => {
    const own = variance?.variance.get(name)?.reduce((sum, value) => sum + value, 0);
    const length = Math.sqrt(exact.reduce((sum, value) => sum + value * value, 0));
    return [
      name,
      `[${shape.join(', ')}]`,
      formatNumber(length),
      showError(relativeError),
      own === undefined ? '' : formatNumber(own),
    ];
  });
  const total = variance === undefined ? '' : formatNumber(variance.total);
  const last = ['all', '', '', showError(verification.maxRelativeError), total].map((cell) => style.bold(cell));
  const headings = ['parameter', 'shape', 'length of gradient', 'relative error', 'variance'];
  return renderTable([dim(headings, style), ...rows, last]);
}

function renderConclusion(report: VerificationReport, style: Style): string {
  const { artifact, verification, tolerance, engine } = report;
  const error = verification.maxRelativeError.toExponential(1);
  const claims = artifact.sites.every(({ verdict }) => verdict?.kind !== 'biased');
  const bound = `tolerance ${String(tolerance)}, ${engine}`;
  if (isBiased(report)) {
    const fault = claims
      ? '  = note: the compiler calls every site unbiased: one of the two is wrong, please report it with the model\n'
      : '';
    return `${style.bold(style.red('biased'))}: the expectation of the estimator is off by ${error} of the exact gradient (${bound})\n${fault}`;
  }
  const doubt = claims
    ? ''
    : '  = note: no bias shows at this point, though the compiler does not call every site unbiased\n';
  return `${style.bold(style.green('unbiased'))}: the expectation of the estimator is the exact gradient, to ${error} (${bound})\n${doubt}${noteSummed(artifact)}`;
}

/** Where sites are summed out inside of the objective, the exact objective is that sum: what it was made of is not run apart. */
function noteSummed({ sites, programs }: Artifact): string {
  const given = sitesGivenTo(programs.enumeration, sites);
  const summed = sites.filter((site) => site.verdict?.kind === 'exact' && !given.includes(site)).map(({ id }) => id);
  if (summed.length === 0) return '';
  return `  = note: ${summed.join(', ')} summed out in both, inside of the logarithm of the objective\n`;
}

function dim(cells: readonly string[], style: Style): string[] {
  return cells.map((cell) => style.dim(cell));
}

/**
 * In the parameters' shapes; `variance` and `total_variance` are null where they are not measured. `cuts` and
 * `missing_probability` are there where counts do not end.
 */
export function verificationAsJson({ verification, variance }: VerificationReport): string {
  const { objective, parameters, maxRelativeError, truncation } = verification;
  const byName = (valuesOf: (parameter: (typeof parameters)[number]) => ArrayLike<number>): object =>
    Object.fromEntries(parameters.map((each) => [each.name, toNestedArray(valuesOf(each), each.shape)]));
  const result = {
    objective,
    gradient: byName(({ exact }) => exact),
    estimator: {
      mean: byName(({ estimated }) => estimated),
      variance: variance === undefined ? null : byName(({ name }) => variance.variance.get(name) ?? []),
      total_variance: variance?.total ?? null,
    },
    max_relative_error: maxRelativeError,
    ...(truncation.cuts.size === 0
      ? {}
      : { cuts: Object.fromEntries(truncation.cuts), missing_probability: truncation.missing }),
  };
  return `${JSON.stringify(result, undefined, 2)}\n`;
}
