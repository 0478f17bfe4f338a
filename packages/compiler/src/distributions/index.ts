/** Every distribution of the language, by name. Adding one means adding a file and a row here. */
import { bernoulli } from './bernoulli.js';
import { beta } from './beta.js';
import { binomial } from './binomial.js';
import { categorical } from './categorical.js';
import type { Distribution } from './definition.js';
import { exponential } from './exponential.js';
import { gamma } from './gamma.js';
import { geometric } from './geometric.js';
import { laplace } from './laplace.js';
import { lognormal } from './lognormal.js';
import { multinomial } from './multinomial.js';
import { negativeBinomial } from './negative-binomial.js';
import { normal } from './normal.js';
import { poisson } from './poisson.js';

export type { Distribution, NaturalForm, ParameterValues, Parameterization } from './definition.js';

export type DistributionName =
  | 'bernoulli'
  | 'categorical'
  | 'poisson'
  | 'binomial'
  | 'geometric'
  | 'normal'
  | 'laplace'
  | 'lognormal'
  | 'gamma'
  | 'beta'
  | 'exponential'
  | 'multinomial'
  | 'negative_binomial';

export const DISTRIBUTIONS: Readonly<Record<DistributionName, Distribution>> = {
  bernoulli,
  categorical,
  poisson,
  binomial,
  geometric,
  normal,
  laplace,
  lognormal,
  gamma,
  beta,
  exponential,
  multinomial,
  negative_binomial: negativeBinomial,
};

export function isDistributionName(name: string): name is DistributionName {
  return Object.hasOwn(DISTRIBUTIONS, name);
}
