/** Compared runs as rows of texts, for a terminal and for a page alike; the first row has the headings. */
import { formatCount, formatDuration, formatNumber, formatShort } from '../numbers.js';
import type { Difference } from './differences.js';
import type { ComparedRun, RunSummary } from './read-run.js';

/** What there is nothing of. */
const NONE = '—';

/** Sites that have a column each; of more there are the least and the largest variance. */
const SITES = 4;

export function resultRows(runs: readonly ComparedRun[]): readonly (readonly string[])[] {
  const summaries = runs.map(({ summary }) => summary);
  const isMeasured = summaries.some(({ validation }) => validation !== null);
  const sites = [...new Set(summaries.flatMap(({ signalVariance }) => Object.keys(signalVariance)))];
  const siteHeadings =
    sites.length <= SITES ? sites.map((site) => `variance ${site}`) : ['least variance', 'largest variance'];
  return [
    [
      'run',
      'model',
      'estimator',
      'steps',
      'time',
      'training',
      ...(isMeasured ? ['validation', 'best', 'at step'] : []),
      ...siteHeadings,
    ],
    ...summaries.map((summary) => [
      summary.run,
      summary.model,
      describeEstimators(summary),
      summary.steps < summary.planned
        ? `${formatCount(summary.steps)} of ${formatCount(summary.planned)}`
        : formatCount(summary.steps),
      formatDuration(summary.seconds),
      summary.training === null ? NONE : formatNumber(summary.training),
      ...(isMeasured ? describeValidation(summary) : []),
      ...describeVariances(summary, sites),
    ]),
  ];
}

function describeEstimators({ estimators, biased }: RunSummary): string {
  const names = estimators.length === 0 ? NONE : estimators.join(', ');
  return biased.length === 0 ? names : `${names} (biased)`;
}

function describeValidation({ validation }: RunSummary): readonly string[] {
  if (validation === null) return [NONE, NONE, NONE];
  return [formatNumber(validation.last), formatNumber(validation.best), formatCount(validation.bestStep)];
}

function describeVariances({ signalVariance }: RunSummary, sites: readonly string[]): readonly string[] {
  if (sites.length <= SITES)
    return sites.map((site) => {
      const variance = signalVariance[site];
      return variance === undefined ? NONE : formatShort(variance);
    });
  const sorted = Object.entries(signalVariance).sort(([, a], [, b]) => a - b);
  return [sorted.at(0), sorted.at(-1)].map((entry) =>
    entry === undefined ? NONE : `${entry[0]} ${formatShort(entry[1])}`,
  );
}

/** A row for each setting, a column for each run. */
export function differenceRows(
  runs: readonly ComparedRun[],
  differences: readonly Difference[],
): readonly (readonly string[])[] {
  return [
    ['', ...runs.map(({ name }) => name)],
    ...differences.map(({ setting, values }) => [setting, ...values.map((value) => value ?? NONE)]),
  ];
}

/** What losses are, where all runs have the same; the caption of the tables. */
export function describeNumbers(runs: readonly ComparedRun[]): string {
  const objectives = new Set(runs.map(({ objective: { name, unit } }) => (unit === '' ? name : `${name} in ${unit}`)));
  const [only] = objectives;
  const losses = objectives.size === 1 && only !== undefined ? only : 'what each model minimises';
  return `training: ${losses}, mean over the last tenth of the steps, as is the variance of the learning signals; validation: one draw per row`;
}
