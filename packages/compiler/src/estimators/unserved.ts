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
  const { distribution } = context.site;
  if (served.includes(distribution)) return readOptions(context, spec);
  return refuseSite(context, spec.name, `it is for ${served.join(' and ')} sites, and this one is ${distribution}`);
}

/** The error that an estimator cannot serve the site, with the reason. */
export function refuseSite({ site, request }: PlanContext, estimator: string, reason: string): Outcome<SiteTerm> {
  const span = request?.span ?? site.typed.span;
  const problem = gradientDiagnostics.report('SBN4005', { estimator, site: site.id, reason }, span);
  return { value: undefined, diagnostics: [problem] };
}
