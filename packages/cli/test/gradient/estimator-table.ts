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

/** What the others are variants of. */
export const MAIN_FORMS: readonly string[] = [
  '',
  'estimator muprop(order = 1)',
  'estimator muprop(expansion = trunk)',
  'estimator algorithm1',
  'estimator muprop(draws = 2)',
  'estimator likelihood_ratio',
  'estimator rloo',
];

/** Two names each for one form, at the size of the tests' models. */
export const SAME_FORMS: readonly (readonly [string, string])[] = [
  ['', 'estimator muprop(order = 2)'],
  ['', 'estimator second_order'],
  ['estimator algorithm1', 'estimator muprop(form = algorithm1)'],
  ['estimator rloo', 'estimator rloo(2)'],
];

/** Divided by a running deviation: exact up to the scale of each site. */
export const NORMALIZED_TABLE: readonly string[] = ['estimator nvil', 'estimator muprop(normalize = yes)'];

/** One name for each of the other forms. */
export const VARIANTS: readonly string[] = ESTIMATOR_TABLE.filter(
  (estimator) => !MAIN_FORMS.includes(estimator) && SAME_FORMS.every(([, other]) => other !== estimator),
);

/** An estimator, with the distributions that it serves and what is said of a site that it does not. */
export interface SpecialRow {
  readonly estimator: string;
  readonly serves: readonly string[];
  readonly refusal: string;
}

/** Biased by their nature. */
export const BIASED_TABLE: readonly SpecialRow[] = [
  { estimator: 'estimator straight_through', serves: ['bernoulli', 'categorical', 'poisson'], refusal: '' },
  { estimator: 'estimator half', serves: ['bernoulli', 'categorical'], refusal: 'SBN4005' },
  { estimator: 'estimator gumbel(0.5)', serves: ['bernoulli', 'categorical'], refusal: 'SBN4005' },
];

/** Unbiased, for some distributions only. */
export const SPECIAL_TABLE: readonly SpecialRow[] = [
  { estimator: 'estimator disarm', serves: ['bernoulli'], refusal: 'SBN4005' },
];

/** No estimate: the exact sum. */
export const EXACT_TABLE: readonly SpecialRow[] = [
  { estimator: 'estimator enumerate', serves: ['bernoulli', 'categorical'], refusal: 'SBN4008' },
];
