/** Every estimator that is unbiased, in every form: a new one is a new row. */
export const ESTIMATOR_TABLE: readonly string[] = [
  '',
  'estimator muprop(expansion = trunk)',
  'estimator muprop(residual = plain)',
  'estimator muprop(expansion = trunk, residual = plain)',
  'estimator muprop(costs = full)',
  'estimator muprop(center = none)',
  'estimator muprop(form = algorithm1)',
  'estimator muprop(order = 2)',
  'estimator muprop(order = 2, expansion = trunk)',
  'estimator muprop(order = 2, residual = plain, center = none)',
  'estimator muprop(scale = learned)',
  'estimator muprop(order = 2, scale = learned)',
  'estimator muprop(baseline = input)',
  'estimator likelihood_ratio',
  'estimator likelihood_ratio(baseline = input)',
  'estimator likelihood_ratio(costs = full, center = none)',
];
