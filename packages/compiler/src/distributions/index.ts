/** Every distribution of the language, by name. Adding one means adding a file and a row here. */
import { bernoulli } from './bernoulli.js';
import { categorical } from './categorical.js';
import type { Distribution } from './definition.js';
import { normal } from './normal.js';

export type { Distribution, ParameterValues, Parameterization } from './definition.js';

export type DistributionName = 'bernoulli' | 'categorical' | 'normal';

export const DISTRIBUTIONS: Readonly<Record<DistributionName, Distribution>> = { bernoulli, categorical, normal };

export function isDistributionName(name: string): name is DistributionName {
  return Object.hasOwn(DISTRIBUTIONS, name);
}
