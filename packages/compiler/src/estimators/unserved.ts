/** Sites that an estimator cannot serve: an error with the reason. */
import type { Outcome } from '@sbn/dsl';
import type { DistributionName } from '../distributions/index.js';
import { gradientDiagnostics } from '../gradient-catalogue.js';
import type { PlanContext, SiteTerm } from './estimator.js';
import { readOptions, type OptionSpec } from './options.js';

/** Reads the options for a site of one of `served`; of another, it is an error. */
export function planFor(
  context: PlanContext,
  spec: OptionSpec,
  served: readonly DistributionName[],
): Outcome<SiteTerm> {
  const { site, request } = context;
  if (served.includes(site.distribution)) return readOptions(context, spec);
  const reason = `it is for ${served.join(' and ')} sites, and this one is ${site.distribution}`;
  const span = request?.span ?? site.typed.span;
  const problem = gradientDiagnostics.report('SBN4005', { estimator: spec.name, site: site.id, reason }, span);
  return { value: undefined, diagnostics: [problem] };
}
