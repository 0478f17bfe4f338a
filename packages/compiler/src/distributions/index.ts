/** Every distribution of the language, by name. Adding one means adding a file and a row here. */
import { bernoulli } from './bernoulli.js';
import { binomial } from './binomial.js';
import { categorical } from './categorical.js';
import type { Distribution } from './definition.js';
import { geometric } from './geometric.js';
import { normal } from './normal.js';
import { poisson } from './poisson.js';

export type { Distribution, NaturalForm, ParameterValues, Parameterization } from './definition.js';

export type DistributionName = 'bernoulli' | 'categorical' | 'poisson' | 'binomial' | 'geometric' | 'normal';

export const DISTRIBUTIONS: Readonly<Record<DistributionName, Distribution>> = {
  bernoulli,
  categorical,
  poisson,
  binomial,
  geometric,
  normal,
};

export function isDistributionName(name: string): name is DistributionName {
  return Object.hasOwn(DISTRIBUTIONS, name);
}
