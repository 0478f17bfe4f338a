/** Names that the language itself gives: they are called, and cannot be values. */
import { DISTRIBUTIONS } from '../distributions/index.js';
import { FUNCTIONS, isFunctionName } from './functions/index.js';
import { isLayerName, LAYERS } from './layers.js';

export const FUNCTION_NAMES: readonly string[] = Object.keys(FUNCTIONS);
export const LAYER_NAMES: readonly string[] = Object.keys(LAYERS);
export const DISTRIBUTION_NAMES: readonly string[] = Object.keys(DISTRIBUTIONS);

export function isLibraryName(name: string): boolean {
  return isFunctionName(name) || isLayerName(name) || DISTRIBUTION_NAMES.includes(name);
}

/** Something that the language does not have under this name. */
export interface AbsentName {
  /** What to write instead. */
  readonly instead: string;
  /** Why the language does not have it. */
  readonly why?: string;
}

const elsewhere = (instead: string): AbsentName => ({ instead });
const flat = (instead: string): AbsentName => ({
  instead,
  why: 'it is flat between its jumps: no gradient passes through it, and a site above it cannot be relaxed to its mean',
});

export const ABSENT_FUNCTIONS: Readonly<Record<string, AbsentName>> = {
  clamp: elsewhere('`clip(x, low, high)`'),
  linear: elsewhere('`dense(x, out)`'),
  conv: elsewhere('`conv2d(x, filters, kernel)`'),
  max_pool: elsewhere('`max_pool2d(x, size)`'),
  avg_pool2d: elsewhere('`mean_pool2d(x, size)`'),
  embed: elsewhere('`embedding(k, size)`'),
  layernorm: elsewhere('`layer_norm(x)`'),
  fc: elsewhere('`dense(x, out)`'),
  ln: elsewhere('`log(x)`'),
  pow: elsewhere('`x ^ y`'),
  matmul: elsewhere('`a @ b`'),
  dot: elsewhere('`a @ b`'),
  maximum: elsewhere('`max(a, b)`'),
  minimum: elsewhere('`min(a, b)`'),
  logistic: elsewhere('`sigmoid(x)`'),
  cat: elsewhere('`concat(a, b)`'),
  stop_gradient: elsewhere('`detach(x)`'),
  select: elsewhere('`where(condition, a, b)`'),
  variance: elsewhere('`var(x)`'),
  stdev: elsewhere('`std(x)`'),
  norm: elsewhere('`sqrt(sum(x^2))`'),
  permute: elsewhere('`transpose(x, axis, …)`'),
  squeeze: elsewhere('`reshape(x, size, …)`'),
  unsqueeze: elsewhere('`reshape(x, size, …)`'),
  expand_dims: elsewhere('`reshape(x, size, …)`'),
  outer: elsewhere('`reshape(a, n, 1) * b`'),
  expit: elsewhere('`sigmoid(x)`'),
  logit: elsewhere('`log(p) - log1p(-p)`'),
  log2: elsewhere('`log(x) / log(2)`'),
  log10: elsewhere('`log(x) / log(10)`'),
  gammaln: elsewhere('`lgamma(x)`'),
  log_gamma: elsewhere('`lgamma(x)`'),
  silu: elsewhere('`x * sigmoid(x)`'),
  swish: elsewhere('`x * sigmoid(x)`'),
  gelu: elsewhere('`x * sigmoid(1.702 * x)`, which is near to it'),
  elu: elsewhere('`max(x, 0) + expm1(min(x, 0))`'),
  leaky_relu: elsewhere('`max(x, 0.01 * x)`'),
  triu: elsewhere('`x - tril(x) + x * eye(n)`'),
  identity: elsewhere('`eye(n)`'),
  argmax: flat('`max(x)` for the largest element, or `softmax(x)` for a choice with a slope'),
  argmin: flat('`min(x)` for the least element, or `softmax(-x)` for a choice with a slope'),
  sort: flat('`max(x)`, `min(x)` or `logsumexp(x)` for what is needed of the order'),
  sign: flat('`tanh(x)` for a sign with a slope, or `if x > 0 then 1 else -1` of data'),
  step: flat('`sigmoid(x)` for a step with a slope, or `x > 0` of data'),
  heaviside: flat('`sigmoid(x)` for a step with a slope, or `x > 0` of data'),
  floor: flat('the value itself, or `count` data, which are whole numbers'),
  ceil: flat('the value itself, or `count` data, which are whole numbers'),
  round: flat('the value itself, or `count` data, which are whole numbers'),
};

export const ABSENT_DISTRIBUTIONS: Readonly<Record<string, AbsentName>> = {
  gaussian: elsewhere('`normal(loc, scale)`'),
  onehot: elsewhere('`categorical(logits = …)`'),
  log_normal: elsewhere('`lognormal(loc, scale)`'),
  neg_binomial: elsewhere('`negative_binomial(mean, concentration)`'),
  gamma_poisson: elsewhere('`negative_binomial(mean, concentration)`'),
  double_exponential: elsewhere('`laplace(loc, scale)`'),
};

export function findAbsent(table: Readonly<Record<string, AbsentName>>, name: string): AbsentName | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
