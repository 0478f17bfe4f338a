/** The worked example of docs/extending.md. */
import { NO_EXPANSION, sumOfCosts, weightScore, type Estimator } from '@sbn/compiler';

/** The likelihood ratio with a baseline that the model file gives: `via constant_baseline(value = 3)`. */
export const constantBaseline: Estimator = {
  name: 'constant_baseline',
  relaxes: false,
  assumesIndependence: false,
  plan: ({ site, request, localCosts, downstream }) => {
    const value = String(request?.options.get('value')?.value ?? 0);
    const term = { site: site.id, estimator: 'constant_baseline', form: { value }, costs: localCosts, downstream };
    return { value: term, diagnostics: [] };
  },
  describe: ({ form }) => `baseline ${form['value'] ?? ''}`,
  expand: (context) => {
    const { builder, site, base, term } = context;
    const signal = sumOfCosts(context, base);
    const baseline = builder.constant(Number(term.form['value']));
    const { held, weighted } = weightScore(context, signal, { baseline, scale: undefined });
    return {
      ...NO_EXPANSION,
      site: site.id,
      scores: [{ branch: undefined, signal, baseline, curvature: undefined, held }],
      statistic: held,
      surrogate: weighted,
    };
  },
};
