/** Whether the sites that read their own value can be drawn unit by unit. */
import type { Diagnostic } from '@sbn/dsl';
import { gradientDiagnostics } from '../gradient-catalogue.js';
import type { StochasticGraph } from '../stochastic-graph.js';

export function checkOrder({ sites }: StochasticGraph): readonly Diagnostic[] {
  return sites.flatMap(({ id: site, order, typed: { distributionSpan } }) => {
    switch (order?.kind) {
      case undefined:
      case 'ordered':
        return [];
      case 'circular': {
        const { unit, on } = order;
        return [gradientDiagnostics.report('SBN4013', { site, unit, on }, distributionSpan)];
      }
      case 'shapeless':
        return [gradientDiagnostics.report('SBN4014', { site }, distributionSpan)];
    }
  });
}
