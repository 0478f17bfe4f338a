/** An evaluation as text. */
import type { Artifact } from '@sbn/program';
import type { Evaluation } from '@sbn/runtime';
import { formatAmount, formatEstimate } from './numbers.js';
import { renderTable } from './table.js';
import type { Style } from './style.js';

/** Two lines for a bound, one for a cost, and what they were measured on. */
export function renderEvaluation(
  evaluation: Evaluation,
  what: string,
  { sites }: Pick<Artifact, 'sites'>,
  style: Style,
): string {
  const { rows, samples } = evaluation;
  // k of `iwae(k)`.
  const draws = Math.max(1, ...sites.map((site) => site.draws ?? 1));
  const each = `${formatAmount(samples, 'sample')}${draws > 1 ? ` of ${formatAmount(draws, 'draw')}` : ''} each`;
  const remark = style.dim(`(${what === '' ? '' : `${what}, `}${formatAmount(rows, 'row')}, ${each})`);
  switch (evaluation.kind) {
    case 'bound': {
      const bound = [style.bold('negative bound'), `${formatEstimate(evaluation.bound, -1)} nats`, remark];
      const likelihood = [
        'negative log likelihood',
        `${formatEstimate(evaluation.logLikelihood, -1)} nats`,
        style.dim('(importance-sampled)'),
      ];
      // They are the same number for one sample, and where nothing is drawn of a likelihood; not where a bound has a sum over sites.
      const isSame = evaluation.bound.mean === evaluation.logLikelihood.mean;
      return renderTable(isSame ? [bound] : [bound, likelihood]);
    }
    case 'cost':
      return renderTable([[style.bold('cost'), formatEstimate(evaluation.cost, 1), remark]]);
  }
}
