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

/** What is planned, or called otherwise elsewhere, and what to write here instead. */
export const ABSENT_FUNCTIONS: Readonly<Record<string, string>> = {
  prod: '`exp(sum(log(x)))` for positive values',
  clip: '`min(max(x, low), high)`',
  clamp: '`min(max(x, low), high)`',
  where: '`if condition then a else b`',
  stack: '`concat(reshape(a, 1, n), reshape(b, 1, n), axis = 0)`',
  cumsum: '`x @ triangle`, with a matrix of zeros and ones',
  one_hot: 'declare the data as `onehot[K]`, or write the array out: `[0, 1, 0]`',
  embedding: '`table[k]`, with `param table: real[K, n]` and a one-hot `k`',
  layer_norm: '`(x - mean(x)) / sqrt(mean((x - mean(x))^2) + 1e-5)`',
  conv2d: '`dense(flatten(x), n)`',
  masked_dense: '`x @ (W * mask) + b`, with `param W` and a mask of zeros and ones',
  linear: '`dense(x, out)`',
  fc: '`dense(x, out)`',
  ln: '`log(x)`',
  pow: '`x ^ y`',
  matmul: '`a @ b`',
  dot: '`a @ b`',
  maximum: '`max(a, b)`',
  minimum: '`min(a, b)`',
  logistic: '`sigmoid(x)`',
  cat: '`concat(a, b)`',
  stop_gradient: '`detach(x)`',
  std: '`sqrt(mean((x - mean(x))^2))`',
  var: '`mean((x - mean(x))^2)`',
};

/** Distributions that are planned, or called otherwise elsewhere, and what to write here instead. */
export const ABSENT_DISTRIBUTIONS: Readonly<Record<string, string | undefined>> = {
  binomial: '`bernoulli` with an axis for the trials',
  poisson: undefined,
  geometric: undefined,
  multinomial: '`categorical` with an axis for the trials',
  negative_binomial: undefined,
  laplace: '`normal`',
  lognormal: '`normal`, of the logarithm of the data',
  gamma: undefined,
  beta: undefined,
  exponential: undefined,
  gaussian: '`normal(loc, scale)`',
  coin: '`bernoulli(logits = …)`',
  onehot: '`categorical(logits = …)`',
};
