/** Every estimator that is unbiased, in every form: a new one is a new row. */
export const ESTIMATOR_TABLE: readonly string[] = [
  '',
  'estimator muprop(order = 1)',
  'estimator muprop(expansion = trunk)',
  'estimator muprop(residual = plain)',
  'estimator muprop(expansion = trunk, residual = plain)',
  'estimator muprop(costs = full)',
  'estimator muprop(center = none)',
  'estimator muprop(form = algorithm1)',
  'estimator algorithm1',
  'estimator muprop(order = 2)',
  'estimator muprop(order = 2, expansion = trunk)',
  'estimator muprop(order = 2, residual = plain, center = none)',
  'estimator muprop(scale = learned)',
  'estimator muprop(order = 2, scale = learned)',
  'estimator muprop(baseline = input)',
  'estimator muprop(draws = 2)',
  'estimator muprop(order = 2, draws = 2)',
  'estimator muprop(order = 2, scale = learned, draws = 2, expansion = trunk)',
  'estimator likelihood_ratio',
  'estimator likelihood_ratio(baseline = input)',
  'estimator likelihood_ratio(costs = full, center = none)',
  'estimator rloo',
];

/** Two names each for one form, at the size of the tests' models. */
export const SAME_FORMS: readonly (readonly [string, string])[] = [
  ['', 'estimator muprop(order = 2)'],
  ['', 'estimator second_order'],
  ['estimator algorithm1', 'estimator muprop(form = algorithm1)'],
  ['estimator rloo', 'estimator rloo(2)'],
];

/** Biased by their nature. */
export const BIASED_TABLE: readonly string[] = [
  'estimator straight_through',
  'estimator half',
  'estimator gumbel(0.5)',
];

/** Divided by a running deviation: exact up to the scale of each site. */
export const NORMALIZED_TABLE: readonly string[] = [
  'estimator nvil',
  'estimator muprop(normalize = yes)',
  'estimator muprop(order = 2, normalize = yes)',
  'estimator likelihood_ratio(normalize = yes, center = none)',
];

/** Unbiased, for some distributions only. */
export const SPECIAL_TABLE: readonly { readonly estimator: string; readonly serves: readonly string[] }[] = [
  { estimator: 'estimator disarm', serves: ['bernoulli'] },
];
