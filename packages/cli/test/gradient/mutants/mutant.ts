import type { Estimator, ExpansionContext, SiteExpansion } from '@sbn/compiler';

/** An estimator for every site that takes all local costs, by the name of what is wrong with it. */
export function mutant(name: string, expand: (context: ExpansionContext) => SiteExpansion): Estimator {
  return {
    name,
    relaxes: true,
    assumesIndependence: false,
    plan: ({ site, localCosts, downstream }) => ({
      value: { site: site.id, estimator: name, form: {}, costs: localCosts, downstream },
      diagnostics: [],
    }),
    describe: () => name,
    expand,
  };
}
