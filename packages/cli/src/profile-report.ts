/** What `sbn profile` shows: for each site a table with a row for each estimator, or JSON. */
import type { Artifact } from '@sbn/program';
import type {
  CentredVariance,
  Centring,
  Estimate,
  GradientProfile,
  ProfileCandidate,
  SiteEstimator,
  SiteProfile,
} from '@sbn/runtime';
import { describeVerdict } from './explanation.js';
import { formatAmount, formatCount } from './numbers.js';
import type { Style } from './style.js';
import { renderTable } from './table.js';

export interface ProfileReport {
  readonly artifact: Artifact;
  readonly candidates: readonly ProfileCandidate[];
  readonly profile: GradientProfile;
  readonly seed: number;
  /** Where the parameters come from; undefined for as they are initialised. */
  readonly checkpoint: { readonly path: string; readonly step: number } | undefined;
  /** In words. */
  readonly engine: string;
}

/** Longer names are numbered in the tables of the sites, so that these fit into 100 columns. */
const LONGEST_NAME = 20;

const LEGEND = `variance: of the gradient of one row with one draw, by the site's own parameters, summed over them
constant, per row: the same with the best constant for all rows, or for each, out of the signal
removed: the share of the likelihood ratio's variance, centred alike, that is gone
SNR: length of a row's expected gradient over the root of the variance; ±: standard error
`;

export function renderProfile(report: ProfileReport, style: Style): string {
  const { profile } = report;
  const isNumbered = profile.estimators.some(({ name }) => name.length > LONGEST_NAME);
  const labels = profile.estimators.map(({ name }, index) => (isNumbered ? `(${index + 1})` : name));
  return [
    describePoint(report, style),
    renderEstimators(report, isNumbered ? labels : undefined, style),
    ...profile.sites.map((site) => renderSite(site, labels, report, style)),
    style.dim(LEGEND),
  ].join('\n');
}

function describePoint({ artifact, profile, seed, checkpoint, engine }: ProfileReport, style: Style): string {
  const origin =
    checkpoint === undefined
      ? `as initialised with seed ${seed}: there is no --checkpoint`
      : `of ${checkpoint.path}, after ${formatAmount(checkpoint.step, 'step')}`;
  const { rows, draws, batch, warmUp } = profile;
  const measured = `${formatAmount(rows, 'row')}, ${formatAmount(draws, 'draw')} of each, seed ${seed}`;
  const steps = `steps of ${formatAmount(batch, 'row')}, warm-up of ${formatAmount(warmUp, 'step')}`;
  return `${style.bold(artifact.name)}: parameters ${origin}\n${measured}\n${steps}; ${engine}\n`;
}

/** Time and verdict of each. */
function renderEstimators(
  { profile, candidates }: ProfileReport,
  labels: readonly string[] | undefined,
  style: Style,
): string {
  const rows = profile.estimators.map(({ name, stepSeconds }, index) => {
    const time = `${(stepSeconds * 1000).toFixed(stepSeconds < 0.01 ? 2 : 1)} ms`;
    return [
      ...(labels === undefined ? [] : [labels[index] ?? '']),
      style.bold(name),
      time,
      describeBias(candidates[index]),
    ];
  });
  const headings = [...(labels === undefined ? [] : ['']), 'estimator', 'step', 'gradient'];
  return renderTable([headings.map((heading) => style.dim(heading)), ...rows]);
}

/** `unbiased`, or which sites are not. */
function describeBias(candidate: ProfileCandidate | undefined): string {
  const biased = (candidate?.artifact.sites ?? []).filter(({ verdict }) => verdict?.kind === 'biased');
  return biased.length === 0 ? 'unbiased' : `biased at ${biased.map(({ id }) => id).join(', ')}`;
}

function renderSite(site: SiteProfile, labels: readonly string[], report: ProfileReport, style: Style): string {
  const { artifact, candidates } = report;
  const { sites } = artifact;
  const info = sites.find(({ id }) => id === site.site);
  const parents =
    info === undefined || info.parents.length === 0 ? 'without parents' : `given ${info.parents.join(', ')}`;
  const title = `${style.bold(site.site)}: ${info?.distribution ?? ''} [${info?.shape.join(', ') ?? ''}], ${parents}`;
  const headings = ['', 'variance', 'removed', 'SNR', 'constant', 'removed', 'per row', 'removed'];
  const { likelihoodRatio: reference } = site;
  const first = ['likelihood ratio', formatVariance(reference.none), '', '', formatVariance(reference.constant), ''];
  const rows = candidates.map(({ name }, index) => {
    const estimator = site.estimators.find((each) => each.name === name);
    const label = labels[index] ?? '';
    return estimator === undefined ? [label, 'summed out'] : describeEstimator(label, estimator);
  });
  const table = [headings.map((heading) => style.dim(heading)), [...first, formatVariance(reference.perRow)], ...rows];
  return `${title}\n${renderTable(table.map(([label = '', ...cells]) => [`  ${label}`, ...cells]))}`;
}

function describeEstimator(label: string, estimator: SiteEstimator): readonly string[] {
  const { none, constant, perRow } = estimator;
  const pair = ({ variance, shareRemoved }: CentredVariance): readonly string[] => [
    formatVariance(variance),
    formatShare(shareRemoved.mean),
  ];
  return [label, ...pair(none), formatSignalToNoise(estimator), ...pair(constant), ...pair(perRow)];
}

/** `1,612 ±3%`, `5.33 ±12%`: three digits, or whole numbers, and the standard error. */
function formatVariance({ mean, standardError }: Estimate): string {
  const size = Math.abs(mean);
  const value = size >= 1e3 && size < 1e7 ? formatCount(mean) : formatDigits(mean);
  const relative = (100 * standardError) / size;
  if (!Number.isFinite(relative)) return value;
  return `${value} ±${relative.toFixed(relative < 0.95 ? 1 : 0)}%`;
}

/** Three digits: `612`, `5.33`, `0.0120`, `1.20e-7`. */
function formatDigits(value: number): string {
  const isPlain = value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e3);
  return isPlain ? value.toPrecision(3) : value.toExponential(2);
}

/** Of what stands; an upper bound, two standard errors above, where the draws are too few to tell the signal from zero. */
function formatSignalToNoise({ signal, none }: SiteEstimator): string {
  if (!(signal.mean < 2 * signal.standardError)) return formatDigits(none.signalToNoise);
  const bound = Math.max(0, signal.mean) + 2 * signal.standardError;
  return `<${formatDigits(Math.sqrt(bound / none.variance.mean))}`;
}

/** `97.1%`, with more places where little is left; below zero where the estimator adds variance. */
function formatShare(share: number): string {
  if (!Number.isFinite(share)) return '';
  const text = (100 * share).toFixed(share > 0.999 ? 3 : share > 0.99 ? 2 : 1);
  return `${text === '-0.0' ? '0.0' : text}%`;
}

export function profileAsJson({ artifact, candidates, profile, seed, checkpoint, engine }: ProfileReport): string {
  const { rows, draws, batch, warmUp, timedSteps } = profile;
  const result = {
    model: artifact.name,
    constants: artifact.constants,
    checkpoint: checkpoint ?? null,
    ...{ rows, draws, batch, warm_up: warmUp, timed_steps: timedSteps, seed, engine },
    estimators: profile.estimators.map(({ name, stepSeconds }) => ({ name, step_ms: stepSeconds * 1000 })),
    sites: profile.sites.map(({ site, elements, likelihoodRatio, estimators }) => ({
      site,
      elements,
      likelihood_ratio: byCentring(likelihoodRatio, varianceAsJson),
      estimators: estimators.map((estimator) => {
        const candidate = candidates.find(({ name }) => name === estimator.name);
        const info = candidate?.artifact.sites.find(({ id }) => id === site);
        const verdict = info?.verdict === undefined ? null : describeVerdict(info.verdict);
        const { name, signal } = estimator;
        const said = { name, form: info?.estimator ?? null, verdict, signal: estimateAsJson(signal) };
        return { ...said, ...byCentring(estimator, centredAsJson) };
      }),
    })),
  };
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

function byCentring<T>(values: Readonly<Record<Centring, T>>, show: (value: T) => object): object {
  return { as_it_stands: show(values.none), constant: show(values.constant), per_row: show(values.perRow) };
}

function varianceAsJson({ mean, standardError }: Estimate): object {
  return { variance: mean, standard_error: standardError };
}

function estimateAsJson({ mean, standardError }: Estimate): object {
  return { mean, standard_error: standardError };
}

function centredAsJson({ variance, shareRemoved, signalToNoise }: CentredVariance): object {
  return {
    ...varianceAsJson(variance),
    share_removed: shareRemoved.mean,
    share_standard_error: shareRemoved.standardError,
    signal_to_noise: signalToNoise,
  };
}
