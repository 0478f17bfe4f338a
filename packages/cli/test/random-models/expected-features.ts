/** What random models must have in them, so that none of it goes missing unseen; as `featuresOf` calls it. */

const kinds = (kind: string, names: string): readonly string[] => names.split(' ').map((name) => `${kind} ${name}`);

/** In some of thirty models. */
export const OFTEN: readonly string[] = [
  ...'const data param fn for plate let comprehension array index range whole if guide estimator'.split(' '),
  ...[
    'plate in a plate',
    'call in a function',
    'param of a function',
    'slice with a step',
    'default',
    'leading axes',
    'summed out',
    'further draws',
    'reads itself',
    'type of a site',
    'latent in a plate',
    'observed in a plate',
  ],
  ...kinds('objective', 'elbo likelihood iwae cost'),
  ...kinds('latent', 'bernoulli categorical binomial poisson geometric'),
  ...kinds('observed', 'bernoulli poisson normal negative_binomial'),
  ...kinds(
    'operation',
    'element contract matmul concat slice reshape transpose reduce normalize cumsum select mix special',
  ),
  ...kinds('operator', '+ - * / ^ @ < == >'),
  ...kinds(
    'call',
    'dense bias mlp layer_norm masked_dense f1 where max sum logsumexp prod var std tril one_hot softmax detach lgamma logaddexp',
  ),
  ...kinds('estimator', 'muprop likelihood_ratio second_order'),
];

/** In some of a hundred. */
export const SELDOM: readonly string[] = [
  ...['loop in a plate', 'plate in a loop'],
  ...kinds('observed', 'categorical binomial geometric laplace lognormal gamma beta exponential multinomial'),
  ...kinds('operation', 'patches'),
  ...kinds('operator', '<= >= !='),
  ...kinds(
    'call',
    'embedding conv2d mean_pool2d max_pool2d f2 f3 min mean flatten stack eye zeros ones log_softmax digamma clip expm1 log1p sqrt square abs relu sin cos',
  ),
  ...kinds('estimator', 'rloo algorithm1 disarm straight_through nvil half gumbel'),
];

/** Those that fewer than `least` models have. */
export function missingFeatures(
  counts: ReadonlyMap<string, number>,
  wanted: readonly string[],
  least: number,
): readonly string[] {
  return wanted.filter((feature) => (counts.get(feature) ?? 0) < least);
}
